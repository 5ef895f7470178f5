// What stands on a calendar's tape: an operation and its operand, a number. Private to the recorder
// and the player.
#pragma once

#include <cstdint>

namespace rehearse::bench {

enum class CalendarOp : std::uint8_t {
  schedule,  ///< date in nanoseconds; events are numbered from 1 in this order
  cancel,    ///< number of the event
  execute,   ///< the next operations up to the next execute are what an event does
};

}  // namespace rehearse::bench

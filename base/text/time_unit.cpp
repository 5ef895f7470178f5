#include "base/text/time_unit.hpp"

#include <array>

namespace rehearse {

TimeUnit readable_unit(double seconds) {
  constexpr std::array<TimeUnit, 7> kUnits{{{"days", 86400},
                                            {"hours", 3600},
                                            {"minutes", 60},
                                            {"seconds", 1},
                                            {"milliseconds", 1e-3},
                                            {"microseconds", 1e-6},
                                            {"nanoseconds", 1e-9}}};
  for (const TimeUnit& unit : kUnits) {
    if (seconds >= 2 * unit.seconds) return unit;
  }
  return seconds > 0 ? kUnits.back() : TimeUnit{"seconds", 1};
}

}  // namespace rehearse

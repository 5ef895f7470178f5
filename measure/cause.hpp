// Why a copy differs from the truth: a sentence from what became of the newest event, of the calls
// made for the document, of what was written to the copy, and of the service as a whole.
//
// Looked at in the order in which an update travels: the event (never published, lost, expired,
// held back), the service (paused, down), the call (given up, refused with a dead letter, made
// needless by a cache or a payload, waiting, in flight, failing), its answer (overtaken by an older
// one, or an older state from a lagging replica), and the facts made of it. A copy that
// reconciliation removed though its source has it is told before all of these.
#pragma once

#include <cstdint>
#include <string>

#include "measure/recorder.hpp"

namespace rehearse::measure {

struct Cause {
  std::string kind;    ///< of the table in docs/outputs.md: "lost event"
  std::string reason;  ///< "event 88121 for version 7 was dropped"
  std::string line() const { return kind + ": " + reason; }
};

/// `moment` names the time as of which the recorder knows everything. REQUIRES: the document's copy
/// is not fresh.
Cause find_cause(const Recorder& recorder, std::uint32_t document,
                 const std::string& moment = "the end");

/// Times in causes, to the millisecond: more digits tell a reader nothing.
std::string cause_clock(Time time);

}  // namespace rehearse::measure

// Why a copy differs from the truth: a sentence from what became of the newest event, of the calls
// made for the document, and of the copy itself.
//
// Looked at in the order in which an update travels: the event (never published, lost, expired,
// held back), the call (given up, refused with a dead letter, made needless by a cache, waiting, in
// flight), its answer (overtaken by an older one, or an older state from a lagging replica), and
// the facts made of it.
#pragma once

#include <cstdint>
#include <string>

#include "reports/recorder.hpp"

namespace rehearse::reports {

struct Cause {
  std::string kind;    ///< of the table in docs/outputs.md: "lost event"
  std::string reason;  ///< "event 88121 for version 7 was dropped"
  std::string line() const { return kind + ": " + reason; }
};

/// `moment` names the time as of which the recorder knows everything. REQUIRES: the document's copy
/// is not fresh.
Cause find_cause(const Recorder& recorder, std::uint32_t document,
                 const std::string& moment = "the end");

/// The cause at the end of a run, as `divergences` of summary.json show it.
std::string cause_of(const Recorder& recorder, std::uint32_t document);

}  // namespace rehearse::reports

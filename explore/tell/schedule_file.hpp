// A schedule in a file, to be run again step by step.
//
//   { "format": "rehearse-schedule", "version": 1,
//     "scenario": "NAME",
//     "world": "0123...",            fingerprint of what the scenario makes true, change by change
//     "changes": [1, 3],             of the script that happen, by place; events are numbered along
//     "violates": "P1", "what": "...",
//     "critical": 4,                 or null where that is not known
//     "end": "0123...",              fingerprint of the state after the last step
//     "steps": [ {"do": "change", "event": 1}, {"do": "answer", "source": "model-registry",
//                "path": "/api/v1/models/m"}, ... ] }
//
// Running it is exact: every step must be possible where it stands, and with the same settings the
// end is the same state. A scenario of another name or another world is refused; other settings of
// the service are not, so that a counterexample can be tried against a changed service.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "explore/tell/shrink.hpp"

namespace rehearse::explore {

/// Of the truth at every change: two scenarios with the same one differ in settings alone.
Fingerprint world_print(const Setup& setup);

std::string schedule_text(const Shrunk& example);

struct Replay {
  std::unique_ptr<const Excerpt> excerpt;
  std::vector<Choice> steps;  ///< as in the file
  Trial trial;
  Violation shown;  ///< of those at the last step: the recorded property's, or else the first
  std::optional<std::size_t> critical;  ///< worked out with these settings, not read
  std::string recorded;                 ///< "P1: events are quiet and ...", of the file
  /// The same violation at the same step, in the same state, decided by the same step.
  bool exact = false;

  /// What is told of it: the steps that were run. REQUIRES: they violate something.
  Shrunk shrunk() &&;
};

/// Runs a file's schedule. Throws InputError at the place in the file: for another scenario, and
/// for a step that is not possible, among them one behind a violation. REQUIRES: `setup` outlives
/// the result.
Replay replay(const Setup& setup, const config::Node& file);

}  // namespace rehearse::explore

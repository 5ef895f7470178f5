// A condition of a policy: a measure and what is too much of it, or a detector that says so itself.
//
//   { "measure": "psi", "above": 0.2 }            violated above the threshold, or "below" it
//   { "measure": "page-hinkley", "parameters": { "threshold": 5 } }      violated when it signals
//
// Detectors are those of detectors.hpp that take a share. ddm and eddm do not: they count the
// errors of single requests.
#pragma once

#include <memory>
#include <string>

#include "base/config.hpp"
#include "drift/detectors.hpp"
#include "drift/measure.hpp"

namespace rehearse::drift {

struct Condition {
  Measure measure = Measure::psi;
  double threshold = 0;
  bool above = true;  ///< violated above the threshold, else below it
  std::string detector;
  DetectorParameters parameters;
};

/// Throws InputError.
Condition read_condition(const config::Node& node);

bool violates(const Condition& condition, double measured);

/// Nothing for a condition that is no detector's.
std::unique_ptr<Detector> make_detector(const Condition& condition);

}  // namespace rehearse::drift

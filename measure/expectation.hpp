// A scenario's `expect`: bounds on metrics that decide whether a run passes.
//
//   { "metric": "entity.age.p99", "at_most": "5m" }
//   { "metric": "entity.freshness.mean", "at_least": 0.79, "at_most": 0.81 }
//   { "metric": "converged", "equals": 1 }
//   { "metric": "hydration.wait.mean", "equals": 0.25, "tolerance": 0.01 }
//
// Bounds are inclusive. A bound on a metric in seconds may be a duration, one on a rate a rate.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/text/json_writer.hpp"
#include "measure/metrics.hpp"

namespace rehearse::measure {

struct Expectation {
  std::string metric;
  std::optional<double> at_least;
  std::optional<double> at_most;
  std::optional<double> equals;
  double tolerance = 0;  ///< greatest difference to `equals`
};

struct ExpectationResult {
  Expectation expectation;
  double value = 0;
  bool passed = false;
};

/// Parses the array `expect`. `subjects` are the scenario's. Throws InputError for an unknown
/// metric (with the nearest known one), for no bound at all, and for bounds that nothing can meet,
/// alone or together.
std::vector<Expectation> parse_expectations(const config::Node& node, const Subjects& subjects);

/// Holds the metrics against the expectations. REQUIRES: `metrics` has each metric named.
std::vector<ExpectationResult> evaluate(const std::vector<Expectation>& expectations,
                                        const Metrics& metrics);

bool all_passed(const std::vector<ExpectationResult>& results);

/// "at least 0.79 and at most 0.81", for people.
std::string bound_text(const Expectation& expectation);
/// {"metric":...,"bound":...,"value":...,"passed":...}, the bound as in the scenario but with bare
/// numbers: {"at_least":0.79,"at_most":0.81}
void write(JsonWriter& json, const ExpectationResult& result);

}  // namespace rehearse::measure

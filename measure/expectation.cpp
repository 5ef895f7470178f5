#include "measure/expectation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "base/text/number_text.hpp"

namespace rehearse::measure {
namespace {

// A bound: a number, or text in the metric's unit.
double to_bound(const config::Node& node, Unit unit) {
  if (node.kind == config::Kind::string) {
    if (unit == Unit::seconds) return config::to_duration(node).to_seconds();
    if (unit == Unit::per_second) return config::to_rate(node).per_second();
  }
  return config::to_number(node);
}

std::optional<double> optional_bound(config::Object& object, const char* key, Unit unit) {
  const config::Node* node = object.find(key);
  if (node == nullptr) return std::nullopt;
  return to_bound(*node, unit);
}

/// The values that meet an expectation.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

Range allowed(const Expectation& e) {
  if (e.equals) return {*e.equals - e.tolerance, *e.equals + e.tolerance};
  Range interval;
  if (e.at_least) interval.low = *e.at_least;
  if (e.at_most) interval.high = *e.at_most;
  return interval;
}

// No metric is negative, and a share or a flag is at most 1.
void check_possible(const Expectation& expectation, Unit unit, const config::Node& node) {
  const Range interval = allowed(expectation);
  const bool bounded = unit == Unit::share || unit == Unit::flag;
  if (interval.high >= 0 && (!bounded || interval.low <= 1)) return;
  config::fail(node, expectation.metric + " is never " + bound_text(expectation) +
                         (bounded ? "; it is from 0 to 1" : "; it is never negative"));
}

void check_agreement(const std::vector<Expectation>& expectations, const config::Node& node) {
  for (std::size_t i = 0; i < expectations.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (expectations[i].metric != expectations[k].metric) continue;
      const Range a = allowed(expectations[k]);
      const Range b = allowed(expectations[i]);
      if (std::max(a.low, b.low) <= std::min(a.high, b.high)) continue;
      config::fail(node.items[i],
                   fmt::format("{} {} contradicts {}, {}", expectations[i].metric,
                               bound_text(expectations[i]), node.items[k].where.pointer,
                               bound_text(expectations[k])));
    }
  }
}

Expectation parse_expectation(const config::Node& node, const Subjects& subjects) {
  config::Object object(node);
  Expectation expectation;
  const config::Node& metric = object.require("metric");
  expectation.metric = config::to_string(metric);
  const MetricInfo& info = known_metric(expectation.metric, subjects, metric.where);
  expectation.at_least = optional_bound(object, "at_least", info.unit);
  expectation.at_most = optional_bound(object, "at_most", info.unit);
  expectation.equals = optional_bound(object, "equals", info.unit);
  const config::Node* tolerance = object.find("tolerance");
  if (tolerance != nullptr) {
    expectation.tolerance = to_bound(*tolerance, info.unit);
    if (expectation.tolerance < 0) config::fail(*tolerance, "a tolerance is not negative");
    if (!expectation.equals) config::fail(*tolerance, "a tolerance goes with \"equals\"");
  }
  object.done();
  if (!expectation.at_least && !expectation.at_most && !expectation.equals) {
    config::fail(node, "an expectation needs \"at_least\", \"at_most\" or \"equals\"");
  }
  if (expectation.equals && (expectation.at_least || expectation.at_most)) {
    config::fail(node, "\"equals\" stands alone, without \"at_least\" and \"at_most\"");
  }
  if (expectation.at_least && expectation.at_most && *expectation.at_least > *expectation.at_most) {
    config::fail(node, "nothing is at least " + number_text(*expectation.at_least) +
                           " and at most " + number_text(*expectation.at_most));
  }
  check_possible(expectation, info.unit, node);
  return expectation;
}

bool holds(const Expectation& e, double value) {
  if (e.equals) return std::abs(value - *e.equals) <= e.tolerance;
  return (!e.at_least || value >= *e.at_least) && (!e.at_most || value <= *e.at_most);
}

}  // namespace

std::vector<Expectation> parse_expectations(const config::Node& node, const Subjects& subjects) {
  if (node.kind != config::Kind::array) {
    config::fail(node, config::shown(node) + "; an array of expectations is allowed");
  }
  std::vector<Expectation> expectations;
  for (const config::Node& item : node.items) {
    expectations.push_back(parse_expectation(item, subjects));
  }
  check_agreement(expectations, node);
  return expectations;
}

std::vector<ExpectationResult> evaluate(const std::vector<Expectation>& expectations,
                                        const Metrics& metrics) {
  std::vector<ExpectationResult> results;
  for (const Expectation& expectation : expectations) {
    const auto metric = metrics.find(expectation.metric);
    if (metric == metrics.end()) {
      throw std::logic_error("the run has no metric " + expectation.metric);
    }
    results.push_back({expectation, metric->second, holds(expectation, metric->second)});
  }
  return results;
}

bool all_passed(const std::vector<ExpectationResult>& results) {
  return std::all_of(results.begin(), results.end(),
                     [](const ExpectationResult& result) { return result.passed; });
}

std::string bound_text(const Expectation& e) {
  if (e.equals) {
    const std::string text = "equals " + number_text(*e.equals);
    return e.tolerance == 0 ? text : text + " within " + number_text(e.tolerance);
  }
  std::string text = e.at_least ? "at least " + number_text(*e.at_least) : "";
  if (e.at_most) text += (text.empty() ? "at most " : " and at most ") + number_text(*e.at_most);
  return text;
}

void write(JsonWriter& json, const ExpectationResult& result) {
  const Expectation& expectation = result.expectation;
  json.object().member("metric", expectation.metric).key("bound").object();
  if (expectation.at_least) json.member("at_least", *expectation.at_least);
  if (expectation.at_most) json.member("at_most", *expectation.at_most);
  if (expectation.equals) json.member("equals", *expectation.equals);
  if (expectation.tolerance != 0) json.member("tolerance", expectation.tolerance);
  json.end().member("value", result.value).member("passed", result.passed).end();
}

}  // namespace rehearse::measure

#include "reports/replicated.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "reports/number_text.hpp"
#include "stats/moments.hpp"

namespace rehearse::reports {
namespace {

constexpr double kConfidence = 0.95;

std::string spread_json(const MetricSpread& spread) {
  const std::string interval = spread.interval95
                                   ? fmt::format("[{},{}]", number_text(spread.interval95->low),
                                                 number_text(spread.interval95->high))
                                   : "null";
  return fmt::format(R"({{"mean":{},"deviation":{},"interval95":{}}})", number_text(spread.mean),
                     number_text(spread.deviation), interval);
}

std::string run_json(const Metrics& metrics) {
  std::vector<std::string> members;
  for (const auto& [name, value] : metrics) {
    members.push_back(json_string(name) + ":" + number_text(value));
  }
  return fmt::format("{{{}}}", fmt::join(members, ","));
}

std::string lines(const std::vector<std::string>& items, char open, char close) {
  if (items.empty()) return std::string{open, close};
  return fmt::format("{}\n    {}\n  {}", open, fmt::join(items, ",\n    "), close);
}

std::string expectation_line(const ExpectationResult& e, bool colour) {
  const char* mark = e.passed ? "pass" : "FAIL";
  const char* paint = !colour ? "" : e.passed ? "\x1b[32m" : "\x1b[1;31m";
  return fmt::format("  {}{}{}  {} {}: mean {:.6g}\n", paint, mark, colour ? "\x1b[0m" : "",
                     e.expectation.metric, bound_text(e.expectation), e.value);
}

}  // namespace

std::map<std::string, MetricSpread> spread_of(const std::vector<Metrics>& runs) {
  assert(!runs.empty());
  std::map<std::string, MetricSpread> spread;
  std::vector<double> values;
  for (const auto& [name, first] : runs.front()) {
    values.clear();
    for (const Metrics& run : runs) values.push_back(run.at(name));
    const stats::Moments moments = stats::moments(values);
    MetricSpread& metric = spread[name];
    // Runs that agree have no spread; the running mean must not put a rounding error there.
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    metric.mean = *low == *high ? *low : moments.mean();
    metric.deviation = *low == *high ? 0 : moments.sample_deviation();
    if (values.size() >= 2) {
      metric.interval95 =
          *low == *high ? stats::Interval{*low, *low} : *stats::t_interval(values, kConfidence);
    }
  }
  return spread;
}

Metrics means_of(const std::map<std::string, MetricSpread>& spread) {
  Metrics means;
  for (const auto& [name, metric] : spread) means[name] = metric.mean;
  return means;
}

std::string replicated_summary_json(const ReplicatedResult& result) {
  std::vector<std::string> metrics;
  for (const auto& [name, spread] : result.metrics) {
    metrics.push_back(json_string(name) + ": " + spread_json(spread));
  }
  std::vector<std::string> expectations;
  for (const ExpectationResult& e : result.expectations) {
    expectations.push_back(fmt::format(R"({{"metric":{},"bound":{},"value":{},"passed":{}}})",
                                       json_string(e.expectation.metric), bound_json(e.expectation),
                                       number_text(e.value), e.passed ? "true" : "false"));
  }
  std::vector<std::string> runs;
  for (const Metrics& run : result.runs) runs.push_back(run_json(run));
  return fmt::format(
      "{{\n  \"scenario\": {},\n  \"seed\": {},\n  \"version\": {},\n  \"replications\": {},\n"
      "  \"metrics\": {},\n  \"expectations\": {},\n  \"divergences\": {},\n"
      "  \"digest\": \"{:016x}\",\n  \"runs\": {}\n}}\n",
      json_string(result.scenario), result.seed, json_string(result.version), result.runs.size(),
      lines(metrics, '{', '}'), lines(expectations, '[', ']'), result.divergences, result.digest,
      lines(runs, '[', ']'));
}

std::string replicated_text(const ReplicatedResult& result, bool colour) {
  std::string text = fmt::format("{}: {} replications, seed {}\n", result.scenario,
                                 result.runs.size(), result.seed);
  if (!result.expectations.empty()) text += "\nExpectations (for the means)\n";
  for (const ExpectationResult& e : result.expectations) text += expectation_line(e, colour);
  text += fmt::format("\n{:<40} {:>12} {:>12} {:>12}\n", "metric", "mean", "+- (95%)", "deviation");
  for (const auto& [name, spread] : result.metrics) {
    if (spread.mean == 0 && spread.deviation == 0) continue;
    const double half =
        spread.interval95 ? (spread.interval95->high - spread.interval95->low) / 2 : 0;
    text += fmt::format("{:<40} {:>12.6g} {:>12} {:>12.4g}\n", name, spread.mean,
                        spread.interval95 ? fmt::format("{:.4g}", half) : "", spread.deviation);
  }
  return text;
}

}  // namespace rehearse::reports

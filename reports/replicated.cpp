#include "reports/replicated.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <ostream>

#include "base/text/json_writer.hpp"
#include "reports/interval_json.hpp"
#include "stats/moments.hpp"
#include "stats/quantile_intervals.hpp"
#include "stats/quantiles.hpp"

namespace rehearse::reports {
namespace {

constexpr double kConfidence = 0.95;

constexpr std::array<int, 3> kPercents{50, 90, 95};

using Layout = JsonWriter::Layout;

void write(JsonWriter& json, const MetricSpread& spread) {
  json.object().member("mean", spread.mean).member("deviation", spread.deviation);
  write_interval95(json, spread.interval95);
  for (const QuantileSpread& quantile : spread.quantiles) {
    json.key("p" + std::to_string(quantile.percent)).object().member("value", quantile.value);
    write_interval95(json, quantile.interval95);
    json.end();
  }
  json.end();
}

std::string expectation_line(const measure::ExpectationResult& e, bool colour) {
  const char* mark = e.passed ? "pass" : "FAIL";
  const char* paint = !colour ? "" : e.passed ? "\x1b[32m" : "\x1b[1;31m";
  return fmt::format("  {}{}{}  {} {}: mean {:.6g}\n", paint, mark, colour ? "\x1b[0m" : "",
                     e.expectation.metric, bound_text(e.expectation), e.value);
}

// Where half and nine tenths of the runs lie; nothing where all agree.
std::string quantile_line(const MetricSpread& spread) {
  if (spread.deviation == 0) return {};
  std::string line = "       ";
  for (const QuantileSpread& q : spread.quantiles) {
    if (!q.interval95 || q.percent == kPercents.back()) continue;
    line += fmt::format(" p{} {:.5g} [{:.5g}, {:.5g}]", q.percent, q.value, q.interval95->low,
                        q.interval95->high);
  }
  return line.find('p') == std::string::npos ? "" : line + "\n";
}

}  // namespace

MetricSpread spread_of(std::vector<double> values) {
  assert(!values.empty());
  MetricSpread metric;
  const stats::Moments moments = stats::moments(values);
  const std::optional<stats::Interval> interval = stats::t_interval(values, kConfidence);
  std::sort(values.begin(), values.end());
  const double low = values.front(), high = values.back();
  // Runs that agree have no spread; the running mean must not put a rounding error there.
  metric.mean = low == high ? low : moments.mean();
  metric.deviation = low == high ? 0 : moments.sample_deviation();
  if (interval) metric.interval95 = low == high ? stats::Interval{low, low} : *interval;
  for (const int percent : kPercents) {
    metric.quantiles.push_back(
        {percent, stats::quantile_sorted(values, static_cast<std::size_t>(percent), 100),
         stats::quantile_interval_sorted(values, percent / 100.0, kConfidence)});
  }
  return metric;
}

std::map<std::string, MetricSpread> spread_of(const measure::MetricTable& runs) {
  assert(!runs.empty());
  std::map<std::string, MetricSpread> spread;
  for (std::size_t i = 0; i < runs.names().size(); ++i) {
    spread[runs.names()[i]] = spread_of(runs.column(i));
  }
  return spread;
}

measure::Metrics means_of(const std::map<std::string, MetricSpread>& spread) {
  measure::Metrics means;
  for (const auto& [name, metric] : spread) means[name] = metric.mean;
  return means;
}

void write_replicated_summary(const ReplicatedResult& result, std::ostream& out) {
  JsonWriter json;
  json.object(Layout::lines).member("scenario", result.scenario).member("seed", result.seed);
  json.member("version", result.version).member("replications", result.runs.size());
  json.key("metrics").object(Layout::lines);
  for (const auto& [name, spread] : result.metrics) write(json.key(name), spread);
  json.end().key("expectations").array(Layout::lines);
  for (const measure::ExpectationResult& e : result.expectations) write(json, e);
  json.end().key("divergences").json(result.divergences);
  json.member("digest", fmt::format("{:016x}", result.digest));
  json.key("runs").array(Layout::lines);
  for (std::size_t run = 0; run < result.runs.size(); ++run) {
    json.object();
    for (std::size_t i = 0; i < result.runs.names().size(); ++i) {
      json.member(result.runs.names()[i], result.runs.run(run)[i]);
    }
    json.end().write_to(out);  // thousands of runs are longer than all the rest
  }
  out << json.end().end().take();
}

std::string replicated_text(const ReplicatedResult& result, bool colour) {
  std::string text = fmt::format("{}: {} replications, seed {}\n", result.scenario,
                                 result.runs.size(), result.seed);
  if (!result.expectations.empty()) text += "\nExpectations (for the means)\n";
  for (const measure::ExpectationResult& e : result.expectations) {
    text += expectation_line(e, colour);
    text += quantile_line(result.metrics.at(e.expectation.metric));
  }
  if (result.precise) text += "\n" + precise_text(*result.precise);
  text += fmt::format("\n{:<40} {:>12} {:>12} {:>12}\n", "metric", "mean", "+- (95%)", "deviation");
  bool of_models = false;
  for (const auto& [name, spread] : result.metrics) {
    if (spread.mean == 0 && spread.deviation == 0) continue;
    if (name.starts_with("model.")) {  // there may be hundreds of them
      of_models = true;
      continue;
    }
    const double half =
        spread.interval95 ? (spread.interval95->high - spread.interval95->low) / 2 : 0;
    text += fmt::format("{:<40} {:>12.6g} {:>12} {:>12.4g}\n", name, spread.mean,
                        spread.interval95 ? fmt::format("{:.4g}", half) : "", spread.deviation);
  }
  if (of_models) text += "summary.json has those of each model.\n";
  if (result.steady_state && result.steady_state->warmup > Duration{}) {
    text += steady_text(*result.steady_state);
  }
  return text;
}

}  // namespace rehearse::reports

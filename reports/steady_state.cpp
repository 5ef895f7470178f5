#include "reports/steady_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "base/text/clock_text.hpp"
#include "base/text/json_writer.hpp"
#include "reports/interval_json.hpp"

namespace rehearse::reports {
namespace {

constexpr double kConfidence = 0.95;

// What follows the warm-up.
stats::Sample measured(const Curves& curves, const std::vector<double>& values, Time warmup) {
  const auto first = std::lower_bound(curves.begins.begin(), curves.begins.end(), warmup);
  return stats::Sample(values).subspan(static_cast<std::size_t>(first - curves.begins.begin()));
}

using Layout = JsonWriter::Layout;

void write(JsonWriter& json, const stats::BatchMeans& b) {
  json.object().member("batches", b.batches).member("mean", b.mean);
  write_interval95(json, b.interval);
  json.member("lag1", b.lag1).member("independent", b.independent).end();
}

std::optional<double> seconds(const std::optional<Duration>& duration) {
  return duration ? std::optional(duration->to_seconds()) : std::nullopt;
}

void write(JsonWriter& json, const SteadyState& state) {
  json.object(Layout::lines).member("warmup", state.warmup.to_seconds());
  json.member("start_up", seconds(state.start_up())).member("runs", state.runs);
  json.key("curves").object(Layout::lines);
  for (const auto& [name, curve] : state.curves) {
    json.key(name).object().member("start_up", seconds(curve.start_up));
    if (curve.batches) write(json.key("batch_means"), *curve.batches);
    json.end();
  }
  json.end().end();
}

void write(JsonWriter& json, const Precise& p) {
  json.object().member("metric", p.metric).member("wanted", p.wanted).member("mean", p.mean);
  json.member("half_width", p.half_width).member("reached", p.reached).member("runs", p.runs);
  json.end();
}

std::string verdict(const SteadyState& state) {
  const std::optional<Duration> start_up = state.start_up();
  const std::string warmup = duration_text(state.warmup.to_seconds());
  if (!start_up) return "A curve does not settle in the first half of the run.\n";
  const std::string needed = duration_text(start_up->to_seconds());
  if (*start_up <= state.warmup) {
    return fmt::format("The warm-up of {} is long enough ({} needed).\n", warmup, needed);
  }
  return fmt::format("The warm-up of {} is too short: {} needed (--warmup auto).\n", warmup,
                     needed);
}

}  // namespace

Curves curves_of(const std::vector<measure::Bucket>& series, const measure::Window& window) {
  Curves curves;
  for (const measure::Bucket& bucket : series) {
    if (bucket.end > window.until) break;
    curves.begins.push_back(bucket.begin);
    curves.values["age_mean_s"].push_back(bucket.age_mean);
    curves.values["freshness"].push_back(bucket.freshness);
    curves.values["queue_length"].push_back(bucket.queue_length);
  }
  return curves;
}

void average_in(Curves& mean, const Curves& next, int n) {
  assert(n >= 1);
  if (n <= 1) {
    mean = next;
    return;
  }
  for (auto& [name, values] : mean.values) {
    const std::vector<double>& other = next.values.at(name);
    assert(other.size() == values.size());
    for (std::size_t i = 0; i < values.size(); ++i) values[i] += (other[i] - values[i]) / n;
  }
}

std::optional<Duration> SteadyState::start_up() const {
  Duration longest;
  for (const auto& [name, curve] : curves) {
    if (!curve.start_up) return std::nullopt;
    longest = std::max(longest, *curve.start_up);
  }
  return longest;
}

std::optional<SteadyState> steady_state(const Curves& curves, Duration warmup, int runs) {
  SteadyState state{warmup, runs, {}};
  for (const auto& [name, values] : curves.values) {
    const std::optional<stats::Truncation> truncation = stats::mser5(values);
    if (!truncation) return std::nullopt;
    CurveState& curve = state.curves[name];
    if (truncation->settled) curve.start_up = curves.begins[truncation->observations] - Time{};
    if (runs == 1) {
      curve.batches = stats::batch_means(measured(curves, values, Time{} + warmup), kConfidence);
    }
  }
  if (state.curves.empty()) return std::nullopt;
  return state;
}

std::string statistics_json(const std::optional<SteadyState>& state,
                            const std::optional<Precise>& precise) {
  JsonWriter json;
  const auto write_member = [&json](const char* name, const auto& given) {
    json.key(name);
    given ? write(json, *given) : static_cast<void>(json.null());
  };
  json.object(Layout::lines);
  write_member("steady_state", state);
  write_member("until", precise);
  return json.end().take();
}

std::string steady_text(const SteadyState& state) {
  std::string text = fmt::format("\n{:<16} {:>10} {:>12} {:>12} {:>8} {:>8}\n", "curve", "start-up",
                                 state.runs == 1 ? "mean" : "", state.runs == 1 ? "+- (95%)" : "",
                                 state.runs == 1 ? "batches" : "", state.runs == 1 ? "lag-1" : "");
  for (const auto& [name, curve] : state.curves) {
    std::string line =
        fmt::format("{:<16} {:>10}", name,
                    curve.start_up ? duration_text(curve.start_up->to_seconds()) : "unsettled");
    if (curve.batches) {
      const stats::BatchMeans& b = *curve.batches;
      line += fmt::format(" {:>12.6g} {:>12.4g} {:>8} {:>8.2f}{}", b.mean,
                          (b.interval.high - b.interval.low) / 2, b.batches, b.lag1,
                          b.independent ? "" : " !");
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  const bool doubted = std::any_of(state.curves.begin(), state.curves.end(), [](const auto& curve) {
    return curve.second.batches && !curve.second.batches->independent;
  });
  if (doubted) text += "! the batches are still correlated: run longer, or use --replications\n";
  return text + verdict(state);
}

std::string precise_text(const Precise& p) {
  const std::string figure =
      fmt::format("{} is {:.6g} +- {:.3g} (95%)", p.metric, p.mean, p.half_width);
  if (p.reached)
    return fmt::format("Stopped after {} runs: {},\n{} was asked.\n", p.runs, figure, p.wanted);
  return fmt::format("Not narrow enough after {} runs: {},\n{} was asked.\n", p.runs, figure,
                     p.wanted);
}

}  // namespace rehearse::reports

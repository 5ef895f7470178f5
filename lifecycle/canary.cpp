#include "lifecycle/canary.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace rehearse::lifecycle {
namespace {

using rollout::CanaryConfig;
using rollout::CanaryVerdict;
using rollout::MetricConfig;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

MetricConfig metric(const char* name, rollout::Direction direction) {
  MetricConfig metric;
  metric.name = name;
  metric.groups = {name};
  metric.direction = direction;
  return metric;
}

bool all_missing(const std::vector<double>& points) {
  return std::all_of(points.begin(), points.end(), [](double point) { return std::isnan(point); });
}

/// The metrics that did not pass, with their reasons.
std::string reasons_of(const rollout::Judgement& judgement) {
  std::string reasons;
  for (const rollout::MetricResult& one : judgement.metrics) {
    if (one.label == rollout::Label::pass) continue;
    if (!reasons.empty()) reasons += "; ";
    reasons += one.name + " " + to_string(one.label);
    if (!one.reason.empty()) reasons += ": " + one.reason;
  }
  return reasons;
}

}  // namespace

CanaryConfig shipped_canary_config() {
  CanaryConfig config;
  config.name = "default";
  MetricConfig errors = metric("errors", rollout::Direction::increase);
  errors.critical = true;
  errors.sparse = true;
  MetricConfig latency = metric("latency_p99", rollout::Direction::increase);
  latency.critical = true;
  latency.effect.critical_increase = 1.25;
  config.metrics = {errors, latency, metric("engagement", rollout::Direction::decrease)};
  config.group_weights = {{"errors", 40}, {"latency_p99", 20}, {"engagement", 40}};
  config.judge.as_kayenta = false;
  config.judge.opinions.sparse_significance = 0.005;
  return config;
}

Canary::Canary(CanarySettings settings, Time routed)
    : settings_(std::move(settings)),
      routed_(routed),
      end_(routed + settings_.lasts),
      next_look_(routed + settings_.look) {
  assert(settings_.look > Duration{} && next_look_ <= end_);
}

void Canary::minute(const std::optional<ArmMinute>& baseline,
                    const std::optional<ArmMinute>& canary) {
  const auto point = [&](const char* name, auto&& value) {
    const auto of = [&](const std::optional<ArmMinute>& side) {
      return side && side->counts.requests > 0 ? value(*side) : kMissing;
    };
    rollout::Series& series = series_[name];
    series.baseline.push_back(of(baseline));
    series.canary.push_back(of(canary));
  };
  const auto share = [](std::uint64_t count, const ArmMinute& of) {
    return static_cast<double>(count) / static_cast<double>(of.counts.requests);
  };
  point("errors", [](const ArmMinute& one) { return double(one.counts.errors); });
  point("error_rate", [&](const ArmMinute& one) { return share(one.counts.errors, one); });
  point("latency_p99", [](const ArmMinute& one) { return one.latency_p99; });
  point("engagement", [&](const ArmMinute& one) { return share(one.counts.clicks, one); });
}

bool Canary::without_data() const {
  if (series_.empty()) return true;
  // Every metric of a side is missing in the same minutes.
  const rollout::Series& errors = series_.at("errors");
  return all_missing(errors.baseline) || all_missing(errors.canary);
}

Look Canary::go_on(Look look) {
  look.outcome = Look::Outcome::goes_on;
  next_look_ = next_look_ + settings_.look;
  return look;
}

Look Canary::no_data(Time now, std::string why) {
  Look look;
  look.no_data = true;
  look.why = std::move(why);
  if (settings_.no_data == NoData::extend && more_ < kMostMore) {
    ++more_;
    end_ = end_ + settings_.look;
    return go_on(look);
  }
  if (settings_.no_data == NoData::pass) {
    if (!last(now)) return go_on(look);
    look.outcome = Look::Outcome::passed;
  } else {
    look.outcome = Look::Outcome::failed;
  }
  over_ = true;
  return look;
}

Look Canary::look(Time now) {
  assert(!over_ && now == next_look_);
  if (without_data()) return no_data(now, "a side has no data");
  const rollout::Judgement judgement = rollout::judge(settings_.config, series_);
  Look look;
  look.score = judgement.scores.score;
  look.why = reasons_of(judgement);
  const CanaryVerdict verdict = judgement.scores.verdict;
  if (verdict == CanaryVerdict::inconclusive) return no_data(now, look.why);
  const bool failed = verdict == CanaryVerdict::fail;
  if (!failed && !last(now)) return go_on(look);
  over_ = true;
  look.outcome = failed                               ? Look::Outcome::failed
                 : verdict == CanaryVerdict::marginal ? Look::Outcome::marginal
                                                      : Look::Outcome::passed;
  return look;
}

}  // namespace rehearse::lifecycle

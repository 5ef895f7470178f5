#include "rollout/experiment.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>

namespace rehearse::rollout {
namespace {

void check(const std::vector<ExperimentMetric>& metrics, const ExperimentSettings& settings) {
  const bool primary = std::any_of(
      metrics.begin(), metrics.end(),
      [](const ExperimentMetric& metric) { return metric.role == MetricRole::primary; });
  if (!primary) throw std::invalid_argument("an experiment needs a primary metric");
  if (!(settings.alpha > 0 && settings.alpha < 1)) {
    throw std::invalid_argument("alpha lies between 0 and 1");
  }
  if (settings.most && *settings.most < settings.least) {
    throw std::invalid_argument("an experiment runs at most as long as it has to at least");
  }
}

stats::Start start_of(MetricKind kind) {
  return kind == MetricKind::mean ? stats::Start::for_means() : stats::Start::for_proportions();
}

}  // namespace

std::string to_string(Decision decision) {
  switch (decision) {
    case Decision::running:
      return "running";
    case Decision::winner:
      return "winner";
    case Decision::loser:
      return "loser";
    case Decision::guardrail_violated:
      return "guardrail-violated";
    case Decision::no_winner:
      return "no-winner";
  }
  return "";
}

Experiment::Experiment(std::vector<ExperimentMetric> metrics, ExperimentSettings settings,
                       Time start)
    : settings_(settings), start_(start) {
  check(metrics, settings);
  const auto primaries = std::count_if(
      metrics.begin(), metrics.end(),
      [](const ExperimentMetric& metric) { return metric.role == MetricRole::primary; });
  for (const ExperimentMetric& metric : metrics) {
    const double alpha = metric.role == MetricRole::primary
                             ? settings.alpha / static_cast<double>(primaries)
                             : settings.alpha;
    if (!index_.emplace(metric.name, tracked_.size()).second) {
      throw std::invalid_argument("two metrics named " + metric.name);
    }
    if (metric.kind == MetricKind::bounded) {
      tracked_.push_back({metric, alpha, stats::BoundedDifference(alpha), {}});
    } else {
      tracked_.push_back(
          {metric,
           alpha,
           stats::AsymptoticDifference(metric.narrowest_at, alpha, start_of(metric.kind)),
           {}});
    }
  }
}

void Experiment::observe(const std::string& metric, Arm arm, double value) {
  Tracked& tracked = tracked_[index_.at(metric)];
  assert(tracked.metric.kind != MetricKind::proportion || value == 0 || value == 1);
  std::visit(
      [&](auto& one) {
        if (arm == Arm::control) {
          one.add_control(value);
        } else {
          one.add_treatment(value);
        }
      },
      tracked.sequence);
}

void Experiment::observe_counts(const std::string& metric, Arm arm, std::uint64_t successes,
                                std::uint64_t total) {
  assert(successes <= total);
  Tracked& tracked = tracked_[index_.at(metric)];
  if (tracked.metric.kind != MetricKind::proportion) {
    throw std::invalid_argument("metric " + metric + " is no proportion: it cannot be counted");
  }
  auto& sequence = std::get<stats::AsymptoticDifference>(tracked.sequence);
  if (arm == Arm::control) {
    sequence.add_control(successes, total - successes);
  } else {
    sequence.add_treatment(successes, total - successes);
  }
}

Reading Experiment::read(const Tracked& tracked) const {
  Reading reading;
  reading.metric = tracked.metric.name;
  reading.p_value = tracked.p_value;
  std::visit(
      [&](const auto& one) {
        reading.difference = one.difference();
        reading.interval = one.interval();
      },
      tracked.sequence);
  if (!reading.interval) return reading;
  const bool higher = tracked.metric.higher_is_better;
  const double best = higher ? reading.interval->high : -reading.interval->low;
  const double worst = higher ? reading.interval->low : -reading.interval->high;
  const double gain = higher ? reading.difference : -reading.difference;
  reading.better = tracked.metric.kind == MetricKind::bounded
                       ? worst > 0
                       : tracked.p_value && *tracked.p_value <= tracked.alpha && gain > 0;
  reading.worse = best < 0;
  reading.broken = tracked.metric.role == MetricRole::guardrail && best < -tracked.metric.margin;
  return reading;
}

std::vector<Reading> Experiment::readings() const {
  std::vector<Reading> readings;
  for (const Tracked& tracked : tracked_) readings.push_back(read(tracked));
  return readings;
}

Decision Experiment::decide(Time now) {
  assert(now >= start_);
  if (decision_ != Decision::running) return decision_;
  bool better = false, worse = false, broken = false;
  for (Tracked& tracked : tracked_) {
    if (const auto* sequence = std::get_if<stats::AsymptoticDifference>(&tracked.sequence)) {
      if (const auto p = sequence->p_value()) {
        tracked.p_value = std::min(*p, tracked.p_value.value_or(1));
      }
    }
    const Reading reading = read(tracked);
    broken = broken || reading.broken;
    if (tracked.metric.role != MetricRole::primary) continue;
    better = better || reading.better;
    worse = worse || reading.worse;
  }
  const Duration lasted = now - start_;
  if (broken) return decision_ = Decision::guardrail_violated;
  if (worse) return decision_ = Decision::loser;
  if (better && lasted >= settings_.least) return decision_ = Decision::winner;
  if (settings_.most && lasted >= *settings_.most) decision_ = Decision::no_winner;
  return decision_;
}

}  // namespace rehearse::rollout

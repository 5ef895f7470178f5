#include "rollout/experiment.hpp"

#include <algorithm>
#include <stdexcept>

namespace rehearse::rollout {

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
  }
  return "";
}

Experiment::Experiment(std::vector<ExperimentMetric> metrics, double alpha) {
  const auto primaries = std::count_if(
      metrics.begin(), metrics.end(),
      [](const ExperimentMetric& metric) { return metric.role == MetricRole::primary; });
  if (primaries == 0) throw std::invalid_argument("an experiment needs a primary metric");
  if (!(alpha > 0 && alpha < 1)) throw std::invalid_argument("alpha lies between 0 and 1");
  for (const ExperimentMetric& metric : metrics) {
    const double share =
        metric.role == MetricRole::primary ? alpha / static_cast<double>(primaries) : alpha;
    if (!index_.emplace(metric.name, tracked_.size()).second) {
      throw std::invalid_argument("two metrics named " + metric.name);
    }
    if (metric.kind == MetricKind::bounded) {
      tracked_.push_back({metric, stats::BoundedDifference(share)});
    } else {
      const stats::Start start = metric.kind == MetricKind::mean ? stats::Start::for_means()
                                                                 : stats::Start::for_proportions();
      tracked_.push_back({metric, stats::AsymptoticDifference(metric.narrowest_at, share, start)});
    }
  }
}

void Experiment::observe(const std::string& metric, Arm arm, double value) {
  Sequence& sequence = tracked_[index_.at(metric)].sequence;
  std::visit(
      [&](auto& one) {
        if (arm == Arm::control) {
          one.add_control(value);
        } else {
          one.add_treatment(value);
        }
      },
      sequence);
}

std::vector<Reading> Experiment::readings() const {
  std::vector<Reading> readings;
  for (const Tracked& tracked : tracked_) {
    Reading reading;
    reading.metric = tracked.metric.name;
    std::visit(
        [&](const auto& one) {
          reading.difference = one.difference();
          reading.interval = one.interval();
        },
        tracked.sequence);
    if (reading.interval) {
      const bool higher = tracked.metric.higher_is_better;
      const double best = higher ? reading.interval->high : -reading.interval->low;
      const double worst = higher ? reading.interval->low : -reading.interval->high;
      reading.better = worst > 0;
      reading.worse = best < 0;
      reading.broken =
          tracked.metric.role == MetricRole::guardrail && best < -tracked.metric.margin;
    }
    readings.push_back(reading);
  }
  return readings;
}

Decision Experiment::decide() {
  if (decision_ != Decision::running) return decision_;
  bool better = false, worse = false;
  const std::vector<Reading> now = readings();
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (now[i].broken) return decision_ = Decision::guardrail_violated;
    if (tracked_[i].metric.role != MetricRole::primary) continue;
    better = better || now[i].better;
    worse = worse || now[i].worse;
  }
  if (worse) return decision_ = Decision::loser;
  if (better) decision_ = Decision::winner;
  return decision_;
}

}  // namespace rehearse::rollout

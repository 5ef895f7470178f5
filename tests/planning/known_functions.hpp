// Worlds whose best plan is known: metrics that are functions of the settings plus noise that is
// the same at every point of a replication, as that of a simulation is.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "planning/plan/find_plan.hpp"
#include "planning/plan/trials.hpp"
#include "stats/random.hpp"

namespace rehearse::test {

/// The constrained metrics at some amounts of the settings, in one replication.
using World = std::function<std::vector<double>(const std::vector<double>& amounts,
                                                std::uint64_t replication)>;

class KnownTrials final : public planning::Trials {
 public:
  KnownTrials(const planning::Space& space, World world)
      : space_(space), world_(std::move(world)) {}

  std::vector<planning::Observed> run(const std::vector<planning::Request>& requests) override {
    std::vector<planning::Observed> answers;
    for (const planning::Request& request : requests) {
      planning::Observed observed;
      for (std::uint64_t i = 0; i < request.count; ++i) {
        const std::vector<double>& metrics = one(request.point, request.first + i);
        observed.resize(metrics.size());
        for (std::size_t c = 0; c < metrics.size(); ++c) observed[c].push_back(metrics[c]);
      }
      answers.push_back(std::move(observed));
    }
    return answers;
  }

  std::uint64_t runs() const override { return known_.size(); }

 private:
  const std::vector<double>& one(const planning::Point& point, std::uint64_t replication) {
    const auto [entry, fresh] = known_.try_emplace({point, replication});
    if (fresh) {
      std::vector<double> amounts;
      for (std::size_t i = 0; i < point.size(); ++i) {
        amounts.push_back(space_.axes[i].amount(point[i]));
      }
      entry->second = world_(amounts, replication);
    }
    return entry->second;
  }

  const planning::Space& space_;
  World world_;
  std::map<std::pair<planning::Point, std::uint64_t>, std::vector<double>> known_;
};

/// A plain number searched from `low` to `high`.
inline planning::Range number_range(const std::string& pointer, double low, double high) {
  using planning::Unit;
  const planning::Parameter parameter{pointer, Unit::number, {}};
  return {parameter, planning::make_value(parameter, low), planning::make_value(parameter, high)};
}

/// "The mean of the metric is at most `limit`", or so in a share of the runs.
inline planning::Constraint at_most(double limit, std::optional<double> share = std::nullopt) {
  planning::Constraint constraint;
  constraint.text = "metric <= limit";
  constraint.metric = "metric";
  constraint.unit = measure::Unit::seconds;
  constraint.limit = limit;
  constraint.share = share;
  return constraint;
}

/// Mean wait of the first `customers` of an M/D/1 queue with arrival rate `load` and the service
/// time 1 / budget, by Lindley's recursion. Arrivals are those of (seed, replication).
inline double lindley_wait(double budget, double load, int customers, std::uint64_t seed,
                           std::uint64_t replication) {
  stats::Stream arrivals(seed, replication, "arrivals");
  double wait = 0;
  double sum = 0;
  for (int i = 0; i < customers; ++i) {
    sum += wait;
    wait = std::max(0.0, wait + 1 / budget - arrivals.exponential(1 / load));
  }
  return sum / customers;
}

/// The budget at which an M/D/1 queue waits `wait` on average: load/(2 b (b - load)) = wait.
inline double md1_budget(double load, double wait) {
  return (load + std::sqrt(load * load + 2 * load / wait)) / 2;
}

}  // namespace rehearse::test

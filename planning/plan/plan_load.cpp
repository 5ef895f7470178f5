#include "planning/plan/plan_load.hpp"

#include <algorithm>
#include <cassert>
#include <string_view>

namespace rehearse::planning {
namespace {

const std::string kBudgets = "/mds/hydration/budgets/";

// Means of metrics over some runs of one assignment.
class Means {
 public:
  Means(const Evaluator& evaluator, Assignment assignment, std::uint64_t first, std::uint64_t count)
      : evaluator_(evaluator), assignment_(std::move(assignment)), first_(first), count_(count) {}

  double operator()(const std::string& metric) const {
    const std::optional<std::size_t> column = evaluator_.column(metric);
    assert(column);
    double sum = 0;
    for (std::uint64_t i = 0; i < count_; ++i) {
      sum += evaluator_.find({assignment_, first_ + i})->metrics[*column];
    }
    return sum / static_cast<double>(count_);
  }

 private:
  const Evaluator& evaluator_;
  Assignment assignment_;
  std::uint64_t first_;
  std::uint64_t count_;
};

std::optional<double> rate_of(const mds::HydrationConfig& hydration, const std::string& source) {
  const mds::Budget budget = hydration.budget_of(source);
  if (!budget.rate) return std::nullopt;
  return budget.rate->per_second();
}

// The sources whose calls the budget at a pointer pays for; empty when it is no budget.
std::vector<std::string> paid_by(std::string_view pointer, const Evaluator& evaluator) {
  const std::vector<std::string> all = evaluator.scenario().source_names();
  if (pointer == "/mds/hydration/total/rate" || pointer == "/mds/hydration/total") return all;
  if (!pointer.starts_with(kBudgets) || !pointer.ends_with("/rate")) return {};
  pointer.remove_prefix(kBudgets.size());
  pointer.remove_suffix(std::string_view("/rate").size());
  std::vector<std::string> named;
  for (const std::string& source : all) {
    const auto& budgets = evaluator.scenario().simulation.service.hydration.budgets;
    if (pointer == source || (pointer == "*" && !budgets.contains(source))) {
      named.push_back(source);
    }
  }
  return named;
}

void add_sources(Plan& plan, const Evaluator& evaluator) {
  const Candidate& shown = plan.finding.shown();
  const Means mean(evaluator, plan.settings, shown.first, shown.runs());
  const experiments::Scenario scenario = evaluator.scenario(plan.settings);
  for (const std::string& name : scenario.source_names()) {
    SourceUse use;
    use.name = name;
    use.calls_per_second = mean("source." + name + ".rate.mean");
    use.busiest_minute = mean("source." + name + ".rate.peak_1m");
    use.budget = rate_of(scenario.simulation.service.hydration, name);
    use.servers_busy = mean("source." + name + ".utilization");
    plan.sources.push_back(std::move(use));
  }
  const auto strain = [](const SourceUse& use) { return std::max(use.used(), use.servers_busy); };
  const auto most = std::max_element(
      plan.sources.begin(), plan.sources.end(),
      [&](const SourceUse& a, const SourceUse& b) { return strain(a) < strain(b); });
  if (most != plan.sources.end() && strain(*most) > 0) {
    plan.bottleneck = static_cast<std::size_t>(most - plan.sources.begin());
  }
}

// Calls in flight at the busiest source: waiting at its servers or served by them.
double calls_in_flight(const Means& mean, const experiments::Scenario& scenario) {
  double most = 0;
  for (const models::SourceConfig& source : scenario.simulation.sources) {
    const std::string prefix = "source." + source.name + ".";
    most = std::max(most, mean(prefix + "rate.mean") * mean(prefix + "api.wait.mean") +
                              mean(prefix + "utilization") * source.api.servers);
  }
  return most;
}

void add_lower_bounds(Plan& plan, const Evaluator& evaluator) {
  const Point dearest = plan.problem.space.dearest();
  const auto look = plan.finding.looks.find(dearest);
  assert(look != plan.finding.looks.end());
  const Assignment settings = [&] {
    Assignment at;
    for (const Axis& axis : plan.problem.space.axes) {
      at[axis.parameter.pointer] = axis.values.back().text;
    }
    return at;
  }();
  const Means mean(evaluator, settings, 0, look->second.runs());
  for (const Axis& axis : plan.problem.space.axes) {
    const std::string& pointer = axis.parameter.pointer;
    if (pointer == "/mds/hydration/concurrency") {
      plan.lower_bounds.push_back(
          {pointer, calls_in_flight(mean, evaluator.scenario(settings)), "Little's law"});
      continue;
    }
    const std::vector<std::string> sources = paid_by(pointer, evaluator);
    if (sources.empty()) continue;
    double sum = 0;
    double most = 0;
    for (const std::string& source : sources) {
      const double rate = mean("source." + source + ".rate.mean");
      sum += rate;
      most = std::max(most, rate);
    }
    // A bucket each under "*", one for all under "total".
    const bool shared = pointer.starts_with("/mds/hydration/total");
    plan.lower_bounds.push_back({pointer, shared ? sum : most, "utilisation law"});
  }
}

}  // namespace

void add_load(Plan& plan, const Evaluator& evaluator) {
  add_sources(plan, evaluator);
  add_lower_bounds(plan, evaluator);
}

}  // namespace rehearse::planning

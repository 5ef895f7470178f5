#include "planning/plan/what_if.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/config.hpp"
#include "base/text/number_text.hpp"
#include "planning/plan/trials.hpp"
#include "stats/multiple_testing.hpp"

namespace rehearse::planning {
namespace {

// What is compared when nothing is named: how stale, how wrong, at what cost.
const std::vector<std::string> kUsual{
    "entity.freshness.mean", "entity.age.mean",      "entity.age.p99",       "edge.precision.mean",
    "edge.recall.mean",      "edge.lag.p99",         "hydration.wait.mean",  "hydration.wait.p99",
    "hydration.requests",    "hydration.coalesced",  "hydration.cache_hits", "hydration.queue.max",
    "hydration.gave_up",     "events.dead_lettered", "answers.wrong",        "divergent.entities",
    "divergent.edges"};

std::string budget_text(const mds::Budget& budget) {
  if (!budget.rate) return "none";
  return number_text(budget.rate->per_second()) + "/s with burst " + number_text(budget.burst);
}

[[noreturn]] void refuse(const std::string& pointer, const std::string& a, const std::string& b) {
  throw InputError({"--compare", pointer, 0, 0},
                   "is " + a + " in the first and " + b +
                       " in the second scenario; only the same in both can be compared (--set " +
                       pointer + "=VALUE sets it in both)");
}

std::map<std::string, mds::Budget> budgets_of(const experiments::Scenario& scenario) {
  std::map<std::string, mds::Budget> budgets;
  for (const std::string& source : scenario.source_names()) {
    budgets[source] = scenario.simulation.service.hydration.budget_of(source);
  }
  return budgets;
}

void check_equal(const experiments::Scenario& a, const experiments::Scenario& b) {
  const auto seconds = [](Duration d) { return number_text(d.to_seconds()) + " s"; };
  const auto check = [](const std::string& pointer, const std::string& x, const std::string& y) {
    if (x != y) refuse(pointer, x, y);
  };
  check("/duration", seconds(a.simulation.duration), seconds(b.simulation.duration));
  check("/warmup", seconds(a.warmup), seconds(b.warmup));
  check("/mds/hydration/total", budget_text(a.simulation.service.hydration.total),
        budget_text(b.simulation.service.hydration.total));
  const std::map<std::string, mds::Budget> of_a = budgets_of(a);
  const std::map<std::string, mds::Budget> of_b = budgets_of(b);
  for (const auto& [source, budget] : of_a) {
    const auto other = of_b.find(source);
    if (other == of_b.end()) continue;
    check("/mds/hydration/budgets/" + source, budget_text(budget), budget_text(other->second));
  }
}

std::vector<std::string> metrics_of(const WhatIfOptions& options, const Evaluator& a,
                                    const Evaluator& b) {
  std::vector<std::string> wanted = options.metrics.empty() ? kUsual : options.metrics;
  for (const std::string& metric : wanted) {
    for (const Evaluator* evaluator : {&a, &b}) {
      if (evaluator->column(metric)) continue;
      std::string message =
          "there is no metric \"" + metric + "\" in " + evaluator->scenario().name;
      if (const auto near = config::nearest(metric, evaluator->metric_names())) {
        message += "; did you mean \"" + *near + "\"?";
      }
      throw InputError({"--metric", {}, 0, 0}, message);
    }
  }
  return wanted;
}

void run(Evaluator& evaluator, std::size_t replications) {
  if (!evaluator.evaluate(Assignment{}, 0, replications)) throw Stopped();
  for (std::uint64_t i = 0; i < replications; ++i) {
    const Evaluation* evaluation = evaluator.find({{}, i});
    if (evaluation->metrics.empty()) {
      throw std::runtime_error(evaluator.scenario().name + ", replication " + std::to_string(i) +
                               ": " + evaluation->failure);
    }
  }
}

}  // namespace

WhatIf compare_policies(const std::filesystem::path& a, const std::filesystem::path& b,
                        const std::vector<experiments::Override>& overrides,
                        const WhatIfOptions& options, const EvaluatorOptions& evaluator) {
  Evaluator first(a, overrides, evaluator);
  // The same seed, or the two would meet different worlds.
  std::vector<experiments::Override> same_seed = overrides;
  same_seed.push_back({"/seed", std::to_string(first.scenario().simulation.seed)});
  Evaluator second(b, same_seed, evaluator);
  check_equal(first.scenario(), second.scenario());
  const std::vector<std::string> metrics = metrics_of(options, first, second);
  run(first, options.replications);
  run(second, options.replications);

  WhatIf result;
  result.a = first.scenario().name;
  result.b = second.scenario().name;
  result.seed = first.scenario().simulation.seed;
  result.replications = options.replications;
  result.confidence = options.confidence;
  for (const Evaluator* of : {&first, &second}) {
    result.retries.insert(result.retries.end(), of->retries().begin(), of->retries().end());
  }
  std::vector<double> p_values;
  for (const std::string& metric : metrics) {
    const std::vector<double> of_a = first.values({}, metric, options.replications);
    const std::vector<double> of_b = second.values({}, metric, options.replications);
    const auto is_zero = [](double value) { return value == 0; };
    if (std::all_of(of_a.begin(), of_a.end(), is_zero) &&
        std::all_of(of_b.begin(), of_b.end(), is_zero)) {
      continue;
    }
    result.differences.push_back({metric,
                                  measure::find_metric(metric, first.scenario().subjects())->unit,
                                  stats::paired_difference(of_a, of_b, options.confidence)});
    p_values.push_back(result.differences.back().of.p_value);
  }
  const stats::Discoveries found = stats::holm(p_values, 1 - options.confidence);
  for (std::size_t i = 0; i < p_values.size(); ++i) {
    result.differences[i].differs = found.rejected[i];
  }
  return result;
}

}  // namespace rehearse::planning

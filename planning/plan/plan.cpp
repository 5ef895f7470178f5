#include "planning/plan/plan.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "planning/plan/plan_load.hpp"
#include "planning/plan/scenario_trials.hpp"
#include "stats/moments.hpp"

namespace rehearse::planning {
namespace {

constexpr double kAround = 0.2;
constexpr double kBeyond = 2;
constexpr std::uint64_t kAroundRuns = 10;
constexpr int kDigits = 4;
constexpr double kGridRuns = 10;

class Surroundings {
 public:
  Surroundings(Plan& plan, Evaluator& evaluator)
      : plan_(plan),
        evaluator_(evaluator),
        trials_(plan.problem.space, plan.problem.constraints, evaluator) {}

  void look() {
    const std::vector<double> factors =
        plan_.finding.feasible ? std::vector{1 - kAround, 1 + kAround} : std::vector{kBeyond};
    const std::uint64_t before = evaluator_.runs();
    for (std::size_t axis = 0; axis < axes().size(); ++axis) {
      for (const double factor : factors) look_at(axis, 1, factor);
    }
    if (axes().size() > 1) {
      for (const double factor : factors) look_at(0, axes().size(), factor);
    }
    if (plan_.finding.feasible) hold_against_the_dear_end();
    plan_.around_runs = evaluator_.runs() - before;
  }

 private:
  const std::vector<Axis>& axes() const { return plan_.problem.space.axes; }

  std::uint64_t runs() const {
    return std::min<std::uint64_t>(plan_.finding.shown().runs(), kAroundRuns);
  }

  // The widest comparison there is, on more runs than the search makes at a point.
  void hold_against_the_dear_end() {
    const Candidate& shown = plan_.finding.shown();
    const Point dearest = plan_.problem.space.dearest();
    if (shown.point == dearest) return;
    const Observed there =
        trials_.run(assignment_at(plan_.problem.space, dearest), shown.first, runs());
    const double level = kMonotoneLevel / static_cast<double>(plan_.problem.constraints.size());
    MonotoneCheck check;
    compare_points(plan_.problem.constraints, {shown.point, shown.values}, {dearest, there}, level,
                   check);
    MonotoneCheck& all = plan_.finding.monotone;
    all.compared += check.compared;
    all.breaches.insert(all.breaches.begin(), check.breaches.begin(), check.breaches.end());
  }

  // Changes `count` settings from `first` on. A factor above 1 is more of what costs.
  void look_at(std::size_t first, std::size_t count, double factor) {
    Neighbour neighbour;
    neighbour.pointer = count == 1 ? axes()[first].parameter.pointer : "";
    neighbour.factor = factor;
    neighbour.assignment = plan_.settings;
    for (std::size_t i = 0; i < axes().size(); ++i) {
      const Axis& axis = axes()[i];
      const double here = axis.amount(plan_.finding.point[i]);
      const bool changed = first <= i && i < first + count;
      // One setting alone is changed as its value goes, all together as their cost goes.
      const bool by_value = count == 1 && plan_.finding.feasible;
      const double scale = axis.term.rises() || by_value ? factor : 1 / factor;
      const Value value = changed ? make_value(axis.parameter, here * scale, kDigits)
                                  : axis.values[static_cast<std::size_t>(plan_.finding.point[i])];
      neighbour.assignment[axis.parameter.pointer] = value.text;
      neighbour.cost += axis.term.of(*value.amount);
    }
    if (neighbour.assignment == plan_.settings || !is_scenario(neighbour.assignment)) return;
    judge(neighbour);
    plan_.neighbours.push_back(std::move(neighbour));
  }

  // Outside of the ranges a value may be one that the scenario does not allow.
  bool is_scenario(const Assignment& assignment) const {
    try {
      evaluator_.scenario(assignment);
      return true;
    } catch (const InputError&) {
      return false;
    }
  }

  void judge(Neighbour& neighbour) {
    const Observed values = trials_.run(neighbour.assignment, plan_.finding.shown().first, runs());
    neighbour.holds = true;
    for (std::size_t c = 0; c < values.size(); ++c) {
      const Constraint& constraint = plan_.problem.constraints[c];
      neighbour.means.push_back(stats::mean(values[c]));
      const bool holds =
          constraint.share ? kept_share(constraint, values[c]) >= *constraint.share
                           : constraint.turned(neighbour.means.back()) <= constraint.turned_limit();
      neighbour.holds &= holds;
    }
  }

  Plan& plan_;
  Evaluator& evaluator_;
  ScenarioTrials trials_;
};

std::vector<Standing> standings_of(const Problem& problem, const Candidate& shown) {
  std::vector<Standing> standings;
  for (std::size_t c = 0; c < problem.constraints.size(); ++c) {
    const Constraint& constraint = problem.constraints[c];
    Standing standing;
    standing.mean = stats::mean(shown.values[c]);
    standing.bound = confidence_bound(constraint, shown.values[c], problem.confidence);
    standing.kept = kept_share(constraint, shown.values[c]);
    const double limit = constraint.turned_limit();
    // Of a share of runs, the run at that quantile stands for all.
    double reached = constraint.turned(standing.mean);
    if (constraint.share) {
      std::vector<double> turned;
      for (const double v : shown.values[c]) turned.push_back(constraint.turned(v));
      std::sort(turned.begin(), turned.end());
      const double at = std::ceil(*constraint.share * static_cast<double>(turned.size())) - 1;
      reached = turned[static_cast<std::size_t>(std::max(0.0, at))];
    }
    standing.head_room = (limit - reached) / (limit == 0 ? 1 : std::abs(limit));
    standings.push_back(standing);
  }
  const auto least = std::min_element(
      standings.begin(), standings.end(),
      [](const Standing& a, const Standing& b) { return a.head_room < b.head_room; });
  least->binds = true;
  return standings;
}

}  // namespace

double Plan::grid_runs() const { return problem.space.size() * kGridRuns; }

std::optional<double> Plan::least_cost() const {
  double sum = 0;
  for (const Axis& axis : problem.space.axes) {
    const auto bound =
        std::find_if(lower_bounds.begin(), lower_bounds.end(),
                     [&](const LowerBound& b) { return b.pointer == axis.parameter.pointer; });
    if (bound == lower_bounds.end() || !axis.term.rises()) return std::nullopt;
    sum += axis.term.of(bound->amount);
  }
  return sum;
}

Plan make_plan(const Problem& problem, const Cost& cost, Evaluator& evaluator, bool around) {
  Plan plan;
  plan.scenario = evaluator.scenario().name;
  plan.seed = evaluator.scenario().simulation.seed;
  plan.problem = problem;
  plan.cost = cost.text;
  ScenarioTrials trials(plan.problem.space, plan.problem.constraints, evaluator);
  plan.finding = find_plan(plan.problem, trials);
  plan.settings = assignment_at(problem.space, plan.finding.point);
  plan.standings = standings_of(problem, plan.finding.shown());
  add_load(plan, evaluator);
  if (around) Surroundings(plan, evaluator).look();
  return plan;
}

}  // namespace rehearse::planning

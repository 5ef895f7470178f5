// A plan at the terminal.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text/wrap.hpp"
#include "planning/plan/plan.hpp"
#include "planning/plan/plan_words.hpp"

namespace rehearse::planning {
namespace {

const Axis& axis_of(const Plan& plan, std::size_t i) { return plan.problem.space.axes[i]; }

const std::string& value_at(const Axis& axis, int step) {
  return axis.values[static_cast<std::size_t>(step)].text;
}

std::string settings_block(const Plan& plan) {
  std::string text;
  std::size_t longest = 0;
  for (const Axis& axis : plan.problem.space.axes) {
    longest = std::max(longest, axis.parameter.pointer.size());
  }
  for (std::size_t i = 0; i < plan.finding.point.size(); ++i) {
    const Axis& axis = axis_of(plan, i);
    const bool rises = axis.term.rises();
    text += fmt::format("  {:<{}}  {:>9}  of {} to {}\n", axis.parameter.pointer,
                        std::min<std::size_t>(longest, 50), value_at(axis, plan.finding.point[i]),
                        value_at(axis, rises ? 0 : axis.last()),
                        value_at(axis, rises ? axis.last() : 0));
  }
  return text;
}

std::string head_room_text(const Constraint& constraint, const Standing& standing) {
  const bool keeps = standing.head_room >= 0;
  if (constraint.turned_limit() == 0) {  // no share of it can be told
    return keeps ? "\n    keeps the limit" : "\n    misses the limit";
  }
  return keeps ? fmt::format("\n    head-room {} of the limit", percent(standing.head_room))
               : fmt::format("\n    misses the limit by {} of it", percent(-standing.head_room));
}

std::string promise_lines(const Plan& plan) {
  const std::size_t runs = plan.finding.shown().runs();
  std::string text = fmt::format("\nPromises, on {} runs\n", runs);
  // At the cheap end it is the ranges that keep the settings from being cheaper.
  const bool free = plan.finding.shown().point != plan.problem.space.cheapest();
  for (std::size_t c = 0; c < plan.standings.size(); ++c) {
    const Constraint& constraint = plan.problem.constraints[c];
    const Standing& standing = plan.standings[c];
    text += wrapped("  ", constraint.text);
    if (constraint.share) {
      text += fmt::format("    kept by {} of runs", percent(standing.kept));
      if (standing.bound) {
        text += fmt::format(", by at least {} of all with {} confidence", percent(*standing.bound),
                            percent(plan.problem.confidence, 0));
      }
    } else {
      text += fmt::format("    mean {}", metric_text(constraint.unit, standing.mean));
      if (standing.bound) {
        text += fmt::format(
            ", {} {} with {} confidence", constraint.at_most ? "at most" : "at least",
            metric_text(constraint.unit, *standing.bound), percent(plan.problem.confidence, 0));
      }
    }
    text += head_room_text(constraint, standing);
    text += standing.binds && free ? "; this promise binds\n" : "\n";
  }
  return text;
}

std::string neighbour_lines(const Plan& plan) {
  if (plan.neighbours.empty()) return {};
  std::string text = plan.finding.feasible ? "\nAround it\n" : "\nBeyond the ranges\n";
  for (const Neighbour& neighbour : plan.neighbours) {
    const bool all = neighbour.pointer.empty();
    const std::string what =
        all ? "everything" : neighbour.pointer + " = " + neighbour.assignment.at(neighbour.pointer);
    const std::string by = plan.finding.feasible
                               ? fmt::format("{:+.0f}%", 100 * (neighbour.factor - 1))
                               : fmt::format("x{:.2g}", neighbour.factor);
    text += fmt::format("  {:>5} {}\n        cost {:.4g}, {}\n", by, what, neighbour.cost,
                        neighbour.holds ? "holds" : "breaks");
    for (std::size_t c = 0; c < neighbour.means.size(); ++c) {
      const Constraint& constraint = plan.problem.constraints[c];
      text += fmt::format("        {} {}\n", constraint.metric,
                          metric_text(constraint.unit, neighbour.means[c]));
    }
  }
  return text;
}

std::string source_lines(const Plan& plan) {
  std::string text = fmt::format("\n{:<26}{:>10}{:>13}{:>10}{:>8}{:>13}\n", "Sources", "calls/s",
                                 "busiest min", "budget/s", "used", "servers busy");
  for (const SourceUse& use : plan.sources) {
    text +=
        fmt::format("  {:<24}{:>10.4g}{:>13.4g}{:>10}{:>8}{:>13}\n", use.name, use.calls_per_second,
                    use.busiest_minute, use.budget ? fmt::format("{:.4g}", *use.budget) : "none",
                    use.budget ? percent(use.used()) : "-", percent(use.servers_busy));
  }
  if (plan.bottleneck) {
    const SourceUse& use = plan.sources[*plan.bottleneck];
    text += use.used() >= use.servers_busy
                ? fmt::format("  The bottleneck is {}: {} of its budget is used.\n", use.name,
                              percent(use.used()))
                : fmt::format("  The bottleneck is {}: its servers are busy {} of the time.\n",
                              use.name, percent(use.servers_busy));
  }
  return text;
}

std::string bound_lines(const Plan& plan) {
  if (plan.lower_bounds.empty()) return {};
  std::string text = "\nWhat theory says is the least\n";
  for (const LowerBound& bound : plan.lower_bounds) {
    text += wrapped("  ",
                    fmt::format("{} at least {:.4g} ({})", bound.pointer, bound.amount, bound.law));
    for (std::size_t i = 0; i < plan.problem.space.axes.size(); ++i) {
      const Axis& axis = axis_of(plan, i);
      if (axis.parameter.pointer == bound.pointer &&
          axis.amount(plan.finding.point[i]) < bound.amount) {
        text += "    the plan is below: waiting events of an entity share a call\n";
      }
    }
  }
  if (const std::optional<double> cost = plan.least_cost()) {
    text += fmt::format("  cost at least {:.4g}\n", *cost);
  }
  return text;
}

std::string step_lines(const Plan& plan) {
  std::string text = "\nSteps\n";
  std::string phase;
  for (const auto& [name, point] : plan.finding.order) {
    if (name != phase) text += "  " + name + "\n";
    phase = name;
    const Look& look = plan.finding.looks.at(point);
    const Constraint& constraint = plan.problem.constraints[look.worst];
    double mean = 0;
    for (const double v : look.values[look.worst]) mean += v / static_cast<double>(look.runs());
    text += wrapped(
        "    ", fmt::format("{}: {} {} on {} runs, {}", settings_text(plan.problem.space, point),
                            constraint.metric, metric_text(constraint.unit, mean), look.runs(),
                            look.score <= 0 ? "looks good" : "looks too cheap"));
  }
  text += "  the final trial\n";
  for (const Candidate& candidate : plan.finding.proof.candidates) {
    const bool good = candidate.feasibility == Feasibility::feasible;
    text += wrapped(
        "    ", fmt::format("{}: {} after {} runs, error {:.3g}",
                            settings_text(plan.problem.space, candidate.point),
                            good ? "keeps every promise"
                                 : "not shown: " + plan.problem.constraints[candidate.failed].text,
                            candidate.runs(), candidate.alpha));
  }
  return text;
}

std::string runs_line(const Plan& plan) {
  return wrapped("", fmt::format("{} runs: {} to search, {} to prove, {} to look around. A grid of "
                                 "the same resolution takes {:.4g}.",
                                 plan.runs(), plan.finding.search_runs, plan.finding.trial_runs,
                                 plan.around_runs, plan.grid_runs()));
}

}  // namespace

std::string plan_text(const Plan& plan, bool steps) {
  const Space& space = plan.problem.space;
  std::string text;
  if (plan.finding.feasible) {
    text = fmt::format("{}: recommended at cost {:.4g}\n", plan.scenario,
                       space.cost(plan.finding.point));
  } else {
    text = fmt::format("{}: nothing in the ranges is shown to keep the promises\n", plan.scenario);
    text += "The best there is, at the dear end\n";
  }
  text += settings_block(plan) + promise_lines(plan);
  if (plan.finding.feasible) {
    if (const std::optional<Point> rejected = plan.finding.rejected(space)) {
      text +=
          "\n" + wrapped("", fmt::format("Too cheap: {} (cost {:.4g}).",
                                         settings_text(space, *rejected), space.cost(*rejected)));
    } else {
      text += "\nThe cheap end of the ranges suffices.\n";
    }
  } else {
    text += "\n" + wrapped("", limit_text(plan));
  }
  text += neighbour_lines(plan) + source_lines(plan) + bound_lines(plan);
  if (steps) text += step_lines(plan);
  text += "\n";
  if (plan.finding.feasible) text += wrapped("", guarantee_text(plan));
  return text + wrapped("", monotone_text(plan)) + runs_line(plan);
}

}  // namespace rehearse::planning

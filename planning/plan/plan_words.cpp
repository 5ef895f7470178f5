#include "planning/plan/plan_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text/clock_text.hpp"
#include "base/text/number_text.hpp"

namespace rehearse::planning {
namespace {

constexpr double kHelps = 0.05;  // of a metric, by which leaving a range must better it to count
constexpr double kStrained = 0.9;

// The constraint that is furthest from its limit.
std::size_t worst_of(const Plan& plan) {
  const auto binding = std::find_if(plan.standings.begin(), plan.standings.end(),
                                    [](const Standing& standing) { return standing.binds; });
  return static_cast<std::size_t>(binding - plan.standings.begin());
}

// How much of the distance from 0 a neighbour takes off the turned metric.
double betterment(const Plan& plan, const Neighbour& neighbour, std::size_t c) {
  const Constraint& constraint = plan.problem.constraints[c];
  const double here = constraint.turned(plan.standings[c].mean);
  const double there = constraint.turned(neighbour.means[c]);
  return here == 0 ? 0 : (here - there) / std::abs(here);
}

std::string strained_text(const Plan& plan) {
  std::string text;
  for (const SourceUse& use : plan.sources) {
    if (use.servers_busy > kStrained) {
      text += fmt::format(" The servers of {} are busy {} of the time.", use.name,
                          percent(use.servers_busy));
    } else if (use.used() > kStrained) {
      text += fmt::format(" {} uses {} of its budget.", use.name, percent(use.used()));
    }
  }
  return text;
}

}  // namespace

std::string metric_text(measure::Unit unit, double value) {
  switch (unit) {
    case measure::Unit::seconds:
      return duration_text(value);
    case measure::Unit::share:
      return fmt::format("{:.4g}%", 100 * value);
    case measure::Unit::per_second:
      return fmt::format("{:.4g}/s", value);
    default:
      return fmt::format("{:.4g}", value);
  }
}

std::string percent(double share, int digits) {
  return fmt::format("{:.{}f}%", 100 * share, digits);
}

std::string settings_text(const Space& space, const Point& point) {
  std::string text;
  for (std::size_t i = 0; i < point.size(); ++i) {
    const Axis& axis = space.axes[i];
    text += fmt::format("{}{}={}", i == 0 ? "" : ", ", axis.parameter.pointer,
                        axis.values[static_cast<std::size_t>(point[i])].text);
  }
  return text;
}

std::string guarantee_text(const Plan& plan) {
  const Candidate& shown = plan.finding.shown();
  const bool means = std::any_of(plan.problem.constraints.begin(), plan.problem.constraints.end(),
                                 [](const Constraint& c) { return !c.share; });
  return fmt::format(
      "With {} confidence the recommendation keeps {}: it passed a sequential test on {} runs "
      "that the search had not seen, in a fixed order of candidates.{} That nothing cheaper does "
      "is found to a resolution of {}, not proved.",
      percent(plan.problem.confidence, plan.problem.confidence > 0.99 ? 1 : 0),
      plan.problem.constraints.size() == 1 ? "the promise" : "every promise", shown.runs(),
      means ? " For means the runs are taken as normal." : "",
      percent(plan.problem.space.resolution));
}

std::string monotone_text(const Plan& plan) {
  const MonotoneCheck& check = plan.finding.monotone;
  if (plan.finding.cheap_end_holds) {
    return "The cheap end of the ranges keeps the promises and the dear end does not: more is "
           "worse here. Look at the whole range with `rehearse sweep`.";
  }
  if (check.compared == 0) return "No two of the settings looked at can be compared.";
  if (check.breaches.empty()) {
    return fmt::format(
        "More was not seen to make a promise worse, in {} comparisons of dearer with cheaper "
        "settings on common seeds.",
        check.compared);
  }
  const Breach& breach = check.breaches.front();
  const Constraint& constraint = plan.problem.constraints[breach.constraint];
  return fmt::format(
      "More is not always better: {} is {} at {} and {} at the dearer {} (paired t-test, p = "
      "{:.2g}). The recommendation holds all the same, but a cheaper one may have been missed: "
      "look at the range with `rehearse sweep`.",
      constraint.metric, metric_text(constraint.unit, breach.at_cheaper),
      settings_text(plan.problem.space, breach.cheaper),
      metric_text(constraint.unit, breach.at_dearer),
      settings_text(plan.problem.space, breach.dearer), breach.p_value);
}

std::string limit_text(const Plan& plan) {
  const std::size_t c = worst_of(plan);
  const Constraint& constraint = plan.problem.constraints[c];
  const Neighbour* best = nullptr;
  for (const Neighbour& neighbour : plan.neighbours) {
    if (best == nullptr || betterment(plan, neighbour, c) > betterment(plan, *best, c)) {
      best = &neighbour;
    }
  }
  std::string text;
  if (best != nullptr && betterment(plan, *best, c) > kHelps) {
    const std::string what = best->pointer.empty()
                                 ? "all settings together"
                                 : best->pointer + " = " + best->assignment.at(best->pointer);
    text = fmt::format("What limits is the range: beyond it, with {}, {} would be {}{}.", what,
                       constraint.metric, metric_text(constraint.unit, best->means[c]),
                       best->holds ? ", which keeps every promise" : "");
  } else if (best != nullptr) {
    text = fmt::format(
        "What limits is none of the searched settings: twice as much of each changes {} by less "
        "than {}.",
        constraint.metric, percent(kHelps, 0));
  }
  return text + strained_text(plan);
}

}  // namespace rehearse::planning

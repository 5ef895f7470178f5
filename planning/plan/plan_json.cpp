// plan.json.
#include <nlohmann/json.hpp>

#include "base/text/json_tree.hpp"
#include "base/version.hpp"
#include "planning/plan/plan.hpp"
#include "planning/plan/plan_words.hpp"
#include "planning/plan/scenario_trials.hpp"
#include "stats/moments.hpp"

namespace rehearse::planning {
namespace {

using nlohmann::ordered_json;

// A plain number stays one, as the scenario has it.
ordered_json settings_json(const Space& space, const Assignment& assignment) {
  ordered_json settings = ordered_json::object();
  for (const Axis& axis : space.axes) {
    const std::string& text = assignment.at(axis.parameter.pointer);
    const bool number = axis.parameter.unit == Unit::number || axis.parameter.unit == Unit::whole;
    settings[axis.parameter.pointer] = number ? ordered_json::parse(text) : ordered_json(text);
  }
  return settings;
}

ordered_json point_json(const Space& space, const Point& point) {
  return settings_json(space, assignment_at(space, point));
}

ordered_json promises_json(const Plan& plan) {
  ordered_json promises = ordered_json::array();
  for (std::size_t c = 0; c < plan.standings.size(); ++c) {
    const Constraint& constraint = plan.problem.constraints[c];
    const Standing& standing = plan.standings[c];
    ordered_json promise;
    promise["constraint"] = constraint.text;
    promise["metric"] = constraint.metric;
    promise[constraint.at_most ? "at_most" : "at_least"] = constraint.limit;
    if (constraint.share) promise["share_of_runs"] = *constraint.share;
    promise["mean"] = standing.mean;
    promise["kept"] = standing.kept;
    promise["confidence_bound"] = standing.bound ? ordered_json(*standing.bound) : nullptr;
    promise["head_room"] = standing.head_room;
    promise["binds"] = standing.binds;
    promises.push_back(std::move(promise));
  }
  return promises;
}

ordered_json neighbours_json(const Plan& plan) {
  ordered_json neighbours = ordered_json::array();
  for (const Neighbour& neighbour : plan.neighbours) {
    ordered_json entry;
    entry["changed"] =
        neighbour.pointer.empty() ? ordered_json("everything") : ordered_json(neighbour.pointer);
    entry["factor"] = neighbour.factor;
    entry["settings"] = settings_json(plan.problem.space, neighbour.assignment);
    entry["cost"] = neighbour.cost;
    ordered_json means = ordered_json::object();
    for (std::size_t c = 0; c < neighbour.means.size(); ++c) {
      means[plan.problem.constraints[c].metric] = neighbour.means[c];
    }
    entry["means"] = means;
    entry["holds"] = neighbour.holds;
    neighbours.push_back(std::move(entry));
  }
  return neighbours;
}

ordered_json sources_json(const Plan& plan) {
  ordered_json sources = ordered_json::object();
  for (const SourceUse& use : plan.sources) {
    sources[use.name] = {{"calls_per_second", use.calls_per_second},
                         {"busiest_minute", use.busiest_minute},
                         {"budget", use.budget ? ordered_json(*use.budget) : nullptr},
                         {"budget_used", use.used()},
                         {"servers_busy", use.servers_busy}};
  }
  return sources;
}

ordered_json bounds_json(const Plan& plan) {
  ordered_json bounds = ordered_json::object();
  for (const LowerBound& bound : plan.lower_bounds) {
    bounds[bound.pointer] = {{"at_least", bound.amount}, {"law", bound.law}};
  }
  return bounds;
}

ordered_json steps_json(const Plan& plan) {
  ordered_json steps = ordered_json::array();
  for (const auto& [phase, point] : plan.finding.order) {
    const Look& look = plan.finding.looks.at(point);
    ordered_json means = ordered_json::object();
    for (std::size_t c = 0; c < look.values.size(); ++c) {
      means[plan.problem.constraints[c].metric] = stats::mean(look.values[c]);
    }
    steps.push_back({{"phase", phase},
                     {"settings", point_json(plan.problem.space, point)},
                     {"runs", look.runs()},
                     {"means", means},
                     {"score", look.score}});
  }
  for (const Candidate& candidate : plan.finding.proof.candidates) {
    steps.push_back({{"phase", "final trial"},
                     {"settings", point_json(plan.problem.space, candidate.point)},
                     {"first_replication", candidate.first},
                     {"runs", candidate.runs()},
                     {"error", candidate.alpha},
                     {"holds", candidate.feasibility == Feasibility::feasible}});
  }
  return steps;
}

ordered_json monotone_json(const Plan& plan) {
  ordered_json breaches = ordered_json::array();
  for (const Breach& breach : plan.finding.monotone.breaches) {
    breaches.push_back({{"metric", plan.problem.constraints[breach.constraint].metric},
                        {"cheaper", point_json(plan.problem.space, breach.cheaper)},
                        {"dearer", point_json(plan.problem.space, breach.dearer)},
                        {"at_cheaper", breach.at_cheaper},
                        {"at_dearer", breach.at_dearer},
                        {"p_value", breach.p_value}});
  }
  return {{"compared", plan.finding.monotone.compared}, {"breaches", breaches}};
}

}  // namespace

std::string plan_json(const Plan& plan) {
  const Space& space = plan.problem.space;
  const bool feasible = plan.finding.feasible;
  ordered_json json;
  json["scenario"] = plan.scenario;
  json["seed"] = plan.seed;
  json["version"] = std::string(version());
  json["feasible"] = feasible;
  json["minimise"] = plan.cost;
  json["confidence"] = plan.problem.confidence;
  json["resolution"] = space.resolution;
  json["recommendation"] = feasible ? settings_json(space, plan.settings) : ordered_json(nullptr);
  if (!feasible) json["best"] = settings_json(space, plan.settings);
  json["cost"] = space.cost(plan.finding.point);
  json["promises"] = promises_json(plan);
  const std::optional<Point> rejected = plan.finding.rejected(space);
  json["too_cheap"] = feasible && rejected ? point_json(space, *rejected) : ordered_json(nullptr);
  json[feasible ? "guarantee" : "limit"] = feasible ? guarantee_text(plan) : limit_text(plan);
  json["around"] = neighbours_json(plan);
  json["sources"] = sources_json(plan);
  json["bottleneck"] =
      plan.bottleneck ? ordered_json(plan.sources[*plan.bottleneck].name) : ordered_json(nullptr);
  json["lower_bounds"] = bounds_json(plan);
  json["monotone"] = monotone_json(plan);
  json["runs"] = {{"search", plan.finding.search_runs},
                  {"trial", plan.finding.trial_runs},
                  {"around", plan.around_runs},
                  {"total", plan.runs()},
                  {"grid", plan.grid_runs()}};
  json["steps"] = steps_json(plan);
  return json_document(json);
}

}  // namespace rehearse::planning

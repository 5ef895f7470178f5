#include "experiments/scenario/scenario_hints.hpp"

#include <fmt/format.h>

#include <optional>

#include "base/text/clock_text.hpp"

namespace rehearse::experiments {
namespace {

double population(const world::SourceContent& content) {
  double entities = 0;
  for (const world::EntityGroup& group : content.entities) {
    entities += static_cast<double>(group.count);
  }
  return entities;
}

/// What a round needs beside the period, where a budget makes it longer; nullopt where none does.
std::optional<std::string> too_slow(double entities, const mds::Budget& budget, Duration every) {
  if (!budget.rate || !(budget.rate->count > 0)) return std::nullopt;
  const double least = entities / budget.rate->per_second();
  if (least <= every.to_seconds()) return std::nullopt;
  return fmt::format("{:.0f} entities take {} or more at {:.6g}/s", entities, duration_text(least),
                     budget.rate->per_second());
}

}  // namespace

std::vector<std::string> hints_on(const Scenario& scenario, const config::Node& node) {
  const mds::ServiceConfig& service = scenario.simulation.service;
  const std::optional<Duration> every = service.reconciliation.every;
  if (!every) return {};
  std::vector<std::string> found;
  double all = 0;
  for (const world::SourceContent& content : scenario.contents) {
    const double entities = population(content);
    all += entities;
    if (const auto why = too_slow(entities, service.hydration.budget_of(content.source), *every)) {
      found.push_back(content.source + ": " + *why);
    }
  }
  if (const auto why = too_slow(all, service.hydration.total, *every)) {
    found.push_back("all sources together: " + *why);
  }
  const config::Node* period = &node;
  for (const char* key : {"mds", "reconciliation", "every"}) period = period->find(key);
  for (std::string& hint : found) {
    const InputError placed(period->where,
                            fmt::format("a round of reconciliation is not done within {}; {}",
                                        duration_text(every->to_seconds()), hint));
    hint = placed.what();
  }
  return found;
}

}  // namespace rehearse::experiments

// A lifecycle under audit, with all that it tells.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "facts_of.hpp"
#include "lifecycle/audit.hpp"
#include "trained_model.hpp"

namespace rehearse::lifecycle {

constexpr int kDriftDay = 20, kLastDay = 60;

inline Time day(double count) { return Time{} + Duration::from_seconds(86400 * count); }

inline WatchingPolicy watching(const std::string& name) {
  for (const drift::Policy& policy : drift::shipped_policies()) {
    if (policy.name == name) return {policy, policy.watch.value().what};
  }
  FAIL("no policy " << name);
  return {};
}

inline ModelSettings watched_model() {
  ModelSettings settings;
  settings.world = pinned_world();
  settings.monitors = {watching("mdl-rec-data"), watching("mdl-rec-concept")};
  return settings;
}

/// Its relation turns by 45 degrees on the drift's day.
inline ModelSettings rotated_model() {
  ModelSettings settings = watched_model();
  learning::Drift drift;
  drift.at = day(kDriftDay);
  drift.of = learning::DriftOf::concept_;
  drift.rotate = 45;
  settings.world.drifts = {drift};
  return settings;
}

struct Run {
  explicit Run(std::vector<ModelSettings> models, std::uint64_t seed = 1, int slots = 8,
               const SignalSettings& signals = {})
      : life({std::move(models), slots, signals}, seed, 0),
        audit(signals.consumption),
        begun(life.take_deeds()) {
    audit.see(begun);
  }

  void until(Time end) {
    while (life.next_wakeup() <= end) step();
  }

  /// The next instant at which something happens.
  void step() {
    const Time now = life.next_wakeup();
    life.advance(now);
    const Deeds done = life.take_deeds();
    const Facts told = life.take_facts();
    audit.see(done);
    audit.see(told);
    const auto broken = audit.violations(life, now);
    if (!broken.empty()) FAIL(broken.front());
    deeds.insert(deeds.end(), done.begin(), done.end());
    facts.insert(facts.end(), told.begin(), told.end());
    for (const Fact& fact : told) follow(rollbacks, fact.what, now);
    for (Served& one : life.take_served()) served.push_back(std::move(one));
    for (Inquiry& one : life.take_inquiries()) inquiries.push_back(std::move(one));
  }

  const ModelLife& model() const { return life.model(0); }
  std::size_t trainings() const { return facts_of<TrainingStarted>(facts).size(); }

  Lifecycle life;
  Audit audit;
  Deeds begun;  ///< at time 0
  Deeds deeds;
  Facts facts;
  std::vector<RollbackSeen> rollbacks;
  std::vector<Served> served;
  std::vector<Inquiry> inquiries;
};

/// Engagement lost from a day on.
inline double lost(const Run& run, int from) {
  double earned = 0, possible = 0;
  for (const Served& span : run.served) {
    if (span.from < day(from)) continue;
    for (const ServedArm& arm : span.arms) earned += arm.expected_clicks;
    possible += span.bound_clicks;
  }
  return 1 - earned / possible;
}

}  // namespace rehearse::lifecycle

// Lifecycles of random settings: worlds that drift, candidates with defects, signals that are lost
// and doubled, trainings that fail, routers that are slow, models that hardly anybody asks; and
// faults that come and go.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "lifecycle/audit.hpp"
#include "stats/random.hpp"

namespace rehearse::lifecycle {

/// Draws the settings of one lifecycle: small models, on which much happens.
class DrawnLifecycle {
 public:
  explicit DrawnLifecycle(std::uint64_t seed) : stream_(seed, 0, "random-lifecycle") {}

  LifecycleSettings settings() {
    LifecycleSettings settings;
    const int models = 1 + int(stream_.below(3));
    for (int i = 0; i < models; ++i) settings.models.push_back(model(i));
    settings.slots = 1 + int(stream_.below(2));
    settings.signals.drop = stream_.chance(0.5) ? 0.3 * stream_.uniform() : 0;
    settings.signals.duplicate = stream_.chance(0.5) ? 0.5 * stream_.uniform() : 0;
    settings.signals.consumption =
        stream_.chance(0.3) ? Consumption::naive : Consumption::idempotent;
    return settings;
  }

 private:
  Duration hours(double most) { return Duration::from_seconds(3600 * most * stream_.uniform()); }

  ModelSettings model(int index) {
    ModelSettings settings;
    settings.name = "m" + std::to_string(index);
    settings.world.features = 3;
    settings.world.drifts = {drift()};
    settings.traffic.rate = {stream_.chance(0.1) ? 0.002 : 1 + 20 * stream_.uniform()};
    settings.traffic.log = 100;
    settings.artefact.errors = stream_.chance(0.2) ? 0.008 : 0.001;
    training(settings);
    release(settings.release);
    monitors(settings);
    const int defects = int(stream_.below(4));
    for (int i = 0; i < defects; ++i) settings.defects.push_back({2 + i, defect()});
    if (stream_.chance(0.3)) settings.defects.push_back({0, defect(), 0.5});
    return settings;
  }

  learning::Drift drift() {
    learning::Drift drift;
    drift.at = Time{} + hours(48);
    drift.of = stream_.chance(0.5) ? learning::DriftOf::covariate : learning::DriftOf::concept_;
    drift.features = {std::size_t(stream_.below(3))};
    drift.shift = 3 * stream_.uniform();
    drift.rotate = 90 * stream_.uniform();
    return drift;
  }

  void training(ModelSettings& settings) {
    settings.training.every = Duration::hours(4) + hours(12);
    settings.training.data.window = Duration::days(1);
    settings.training.data.rows = 300;
    settings.training.job.duration =
        stats::Distribution(stats::Distribution::Exponential{Duration::minutes(30) + hours(2)});
    settings.training.job.failure = stream_.chance(0.3) ? 0.5 : 0;
    settings.training.cap = {1 + int(stream_.below(10)), Duration::days(2)};
    settings.gates.rows = 200;
    settings.gates.of_each = 5;
    settings.gates.auc_at_least = 0.5;
    settings.gates.auc_below_production = 0.2;
  }

  void release(ReleaseSettings& release) {
    release.canary.share = 0.05 + 0.3 * stream_.uniform();
    release.canary.look = Duration::minutes(15);
    release.canary.lasts = Duration::minutes(15 * (1 + std::int64_t(stream_.below(6))));
    release.canary.no_data = NoData(stream_.below(3));
    release.waiting = Waiting(stream_.below(2));
    release.keep_warm = int(stream_.below(3));
    release.person.approves = stream_.uniform();
    release.person.delay =
        stats::Distribution(stats::Distribution::Exponential{Duration::minutes(30)});
    release.person.escalation = Duration::minutes(20);
    release.errors.least_requests = 100;
    release.engagement.least_days = 1;
    if (stream_.chance(0.3)) {
      release.shadow = ShadowSettings{};
      release.shadow->lasts = Duration::minutes(1) + hours(2);
    }
    release.routing.drain = Duration::from_seconds(600 * stream_.uniform());
    if (stream_.chance(0.3)) {
      release.routing.propagation =
          stats::Distribution(stats::Distribution::Exponential{Duration::minutes(10)});
    }
  }

  void monitors(ModelSettings& settings) {
    for (const drift::Policy& policy : drift::shipped_policies()) {
      if (stream_.chance(0.4)) settings.monitors.push_back({policy, policy.watch.value().what});
    }
  }

  Defect defect() {
    switch (stream_.below(8)) {
      case 0:
        return Leak{0, 4 * stream_.uniform()};
      case 1:
        return StaleWindow{hours(24)};
      case 2:
        return Copy{};
      case 3:
        return Swap{};
      case 4:
        return Turn{180 * stream_.uniform()};
      case 5:
        return Slow{1 + stream_.uniform()};
      case 6:
        return Crash{0.1 * stream_.uniform(), {}};
      default:
        return Crash{0.2, stats::Distribution::constant(hours(12))};
    }
  }

  stats::Stream stream_;
};

/// Faults that come and go.
class DrawnFaults {
 public:
  explicit DrawnFaults(std::uint64_t seed) : stream_(seed, 0, "random-faults") { wait(); }

  Time next() const { return next_; }
  /// What holds from next() on; a quiet time follows each fault.
  Conditions change() {
    wait();
    Conditions conditions;
    if (std::exchange(quiet_, !quiet_)) return conditions;
    SignalConditions& signals = conditions.signals;
    signals.outage = stream_.chance(0.2);
    signals.drop = stream_.chance(0.2) ? 0.8 : 0;
    signals.duplicate = stream_.chance(0.2) ? 0.8 : 0;
    if (stream_.chance(0.2)) signals.delay = stats::Distribution::constant(Duration::minutes(20));
    conditions.rules_held = stream_.chance(0.3);
    conditions.cluster_out = stream_.chance(0.3);
    for (const Role role : {Role::production, Role::baseline, Role::canary}) {
      if (stream_.chance(0.2)) conditions.unmeasured.insert(role);
    }
    if (stream_.chance(0.3)) conditions.models["m0"].errors = 0.1 * stream_.uniform();
    if (stream_.chance(0.2)) conditions.models["m1"].slower = 1 + 4 * stream_.uniform();
    return conditions;
  }

 private:
  void wait() { next_ = next_ + Duration::from_seconds(20 * 3600 * stream_.uniform()); }

  stats::Stream stream_;
  Time next_;
  bool quiet_ = false;
};

/// Runs the lifecycle of a seed until an invariant is broken, and says which and when; nullopt when
/// none is. `see` gets every fact.
inline std::optional<std::string> first_violation(
    std::uint64_t seed, const std::function<void(const Fact&, Time)>& see = {}) {
  const Time end = Time{} + Duration::days(4);
  LifecycleSettings settings = DrawnLifecycle(seed).settings();
  Audit audit(settings.signals.consumption);
  Lifecycle life(std::move(settings), seed, 0);
  audit.see(life.take_deeds());
  DrawnFaults faults(seed);
  while (life.next_wakeup() <= end) {
    const Time now = std::min(life.next_wakeup(), faults.next());
    if (now == faults.next()) life.conditions(faults.change(), now);
    if (now < life.next_wakeup()) continue;
    life.advance(now);
    audit.see(life.take_deeds());
    const Facts facts = life.take_facts();
    audit.see(facts);
    for (const Fact& fact : facts) {
      if (see) see(fact, now);
    }
    const std::vector<std::string> broken = audit.violations(life, now);
    if (broken.empty()) continue;
    return "lifecycle " + std::to_string(seed) + " at " + std::to_string(now.to_seconds()) +
           " s: " + broken.front();
  }
  return std::nullopt;
}

}  // namespace rehearse::lifecycle

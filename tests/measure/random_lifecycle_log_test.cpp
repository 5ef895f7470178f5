// What is measured of random lifecycles agrees with their records and their deeds, which the
// measures do not read.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <map>

#include "lifecycle_history.hpp"
#include "measure/registry_watch.hpp"
#include "tests/lifecycle/random_lifecycle.hpp"

namespace rehearse::test {
namespace {

using namespace lifecycle;

constexpr Time kEnd = hour(96);

measure::LifecycleLogConfig measured(const LifecycleSettings& settings) {
  measure::LifecycleLogConfig config;
  config.window = {Time{}, kEnd, kEnd};
  config.slots = settings.slots;
  for (const ModelSettings& model : settings.models) {
    config.models.push_back(
        {model.name, model.world.drifts, model.release.waiting == Waiting::supersede});
  }
  return config;
}

/// A lifecycle under faults that is measured, and what its instances are at their source.
class Measured {
 public:
  explicit Measured(std::uint64_t seed)
      : settings_(DrawnLifecycle(seed).settings()),
        life_(settings_, seed, 0),
        log_(measured(settings_)),
        registry_(measured(settings_).window, names(),
                  [this](const std::string& uri) { return states_[uri]; }) {
    DrawnFaults faults(seed);
    deeds(Time{});
    while (std::min(life_.next_wakeup(), faults.next()) < kEnd) {
      const Time now = std::min(life_.next_wakeup(), faults.next());
      if (now == faults.next()) life_.conditions(faults.change(), now);
      if (now == life_.next_wakeup()) life_.advance(now);
      for (const Fact& fact : life_.take_facts()) log_.on(fact, now);
      for (const Served& served : life_.take_served()) serve(served);
      deeds(now);
    }
    log_.finish();
    log_.add_to(metrics_);
    registry_.finish();
    registry_.add_to(metrics_);
  }

  double metric(const std::string& name) const { return metrics_.at(name); }
  /// How many records are so.
  double records(const std::function<bool(const Record&)>& so) const {
    const std::vector<Record>& all = life_.lineage().records();
    return static_cast<double>(std::count_if(all.begin(), all.end(), so));
  }
  double records(What what, const std::string& part = "") const {
    return records([&](const Record& record) {
      return record.what == what && record.detail.find(part) != std::string::npos;
    });
  }
  const learning::ArmCounts& served() const { return served_; }
  double canaries() const { return canaries_; }
  double drifts() const { return static_cast<double>(settings_.models.size()); }

 private:
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const ModelSettings& model : settings_.models) names.push_back(model.name);
    return names;
  }
  void serve(const Served& served) {
    log_.on(served, served.until);
    for (const ServedArm& arm : served.arms) served_ += arm.counts;
  }
  void deeds(Time now) {
    for (const Deed& deed : life_.take_deeds()) {
      if (deed.type != "ModelInstance") continue;
      world::Change change;
      change.type = deed.type;
      change.uri = "aip://model/registry/" + deed.id;
      for (const auto& [field, value] : deed.fields) {
        if (field != "state") continue;
        states_[change.uri] = value;
        canaries_ += value == "CANARY" ? 1 : 0;
      }
      registry_.on(models::Changed{change, {}}, now);
    }
  }

  LifecycleSettings settings_;
  Lifecycle life_;
  measure::LifecycleLog log_;
  std::map<std::string, std::string> states_;
  measure::RegistryWatch registry_;
  learning::ArmCounts served_;
  double canaries_ = 0;
  measure::Metrics metrics_;
};

bool by_rule(const Record& record) {
  return record.detail.starts_with("serving-errors: ") ||
         record.detail.starts_with("engagement-drop: ");
}

void check_drifts(const Measured& life) {
  CHECK(life.metric("drift.alerts") == life.records([](const Record& record) {
    return record.what == What::alert && !by_rule(record);
  }));
  CHECK(life.metric("drift.held_back") + life.metric("retraining.capped") ==
        life.records(What::held_back));
  CHECK(life.metric("drift.detections") + life.metric("drift.missed") == life.drifts());
  CHECK(life.metric("drift.false_alarms") <= life.metric("drift.alerts"));
}

void check_trainings(const Measured& life) {
  CHECK(life.metric("retraining.wait.count") == life.records(What::run, "waits for a slot"));
  CHECK(life.metric("retraining.wait.count") ==
        life.metric("retraining.runs") + life.metric("retraining.wait.censored"));
  CHECK(life.metric("retraining.failed") == life.records(What::run, "failed"));
  CHECK(life.metric("retraining.capped") == life.records(What::held_back, "the cap is reached"));
  CHECK(life.metric("retraining.rejected") ==
        life.records(What::gate) - life.records(What::gate, "passed"));
  double by_gate = 0;
  for (const Gate gate : {Gate::rows, Gate::class_, Gate::missing, Gate::leak, Gate::auc}) {
    by_gate += life.metric("gates.rejected." + to_string(gate));
  }
  CHECK(life.metric("retraining.rejected") == by_gate);
  CHECK(life.metric("retraining.utilization") <= 1);
  CHECK(life.metric("retraining.wasted") <= life.metric("release.promoted"));
}

void check_releases(const Measured& life) {
  CHECK(life.metric("canary.passed") + life.metric("canary.failed") +
            life.metric("canary.marginal") ==
        life.records(What::verdict) - life.records(What::verdict, "passes its shadow"));
  CHECK(life.metric("release.promoted") == life.records([](const Record& record) {
    return record.what == What::pointer && record.detail.empty();
  }));
  CHECK(life.metric("release.time_to_canary.count") -
            life.metric("release.time_to_canary.censored") ==
        life.canaries());
  CHECK(life.metric("rollback.count") == life.records(What::rollback, " begins"));
  CHECK(life.metric("rollback.recovery.count") == life.metric("rollback.count"));
  CHECK(life.metric("rollback.recovery.count") - life.metric("rollback.recovery.censored") ==
        life.records(What::rollback, " has recovered"));
  CHECK(life.metric("rollback.refused") == life.records(What::rollback, "refused, "));
  CHECK(life.metric("release.registry.none") == 0);
  CHECK(life.metric("release.registry.double") == 0);
}

void check_serving(const Measured& life) {
  const auto share = [&](std::uint64_t part) {
    const auto all = static_cast<double>(life.served().requests);
    return all == 0 ? 0 : static_cast<double>(part) / all;
  };
  CHECK(life.metric("serving.requests") == static_cast<double>(life.served().requests));
  CHECK(life.metric("serving.errors.share") == share(life.served().errors));
  CHECK(life.metric("serving.slow.share") == share(life.served().slow));
  CHECK(life.metric("engagement.mean") == share(life.served().clicks));
  CHECK(life.metric("engagement.lost") >= 0);
  CHECK(life.metric("engagement.lost") < 1);
}

}  // namespace

TEST_CASE("what is measured of random lifecycles agrees with their records and deeds") {
  double promoted = 0, rolled_back = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    const Measured life(seed);
    check_drifts(life);
    check_trainings(life);
    check_releases(life);
    check_serving(life);
    promoted += life.metric("release.promoted");
    rolled_back += life.metric("rollback.serving-errors.count");
  }
  CHECK(promoted > 0);
  CHECK(rolled_back > 0);
}

}  // namespace rehearse::test

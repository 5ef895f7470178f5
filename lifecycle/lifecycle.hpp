// The operations of many models on one cluster.
//
// Whoever drives it passes the time in, at every wake-up that is asked for and no later; out come
// deeds: changes at the sources of the metadata graph, in their order. At one instant happen, model
// by model in the scenario's order: counts, rules and releases; then trainings; then signals
// arrive; then gates, checks and schedules decide. What hangs on nothing but the seed does not
// change when something is decided otherwise. Sans-I/O.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lifecycle/cluster.hpp"
#include "lifecycle/lineage.hpp"
#include "lifecycle/model_life.hpp"
#include "lifecycle/signals.hpp"

namespace rehearse::lifecycle {

struct LifecycleSettings {
  std::vector<ModelSettings> models;
  int slots = 8;
  SignalSettings signals = {};
};

class Lifecycle {
 public:
  /// REQUIRES: models of different names. Throws InputError for a world that cannot be, and for a
  /// first version that cannot be trained.
  Lifecycle(LifecycleSettings settings, std::uint64_t seed, std::uint64_t replication);

  Time next_wakeup() const;
  /// REQUIRES: not later than next_wakeup().
  void advance(Time now);
  Deeds take_deeds() { return std::exchange(deeds_, {}); }

  const Lineage& lineage() const { return lineage_; }
  const Signals& signals() const { return signals_; }
  const Cluster& cluster() const { return cluster_; }
  std::size_t models() const { return models_.size(); }
  const ModelLife& model(std::size_t index) const { return *models_[index]; }

 private:
  void touch(std::size_t model);
  void reschedule();

  Lineage lineage_;
  Signals signals_;
  Cluster cluster_;
  std::vector<std::unique_ptr<ModelLife>> models_;  ///< which hold references to the above
  std::map<std::string, std::size_t> by_workflow_;
  std::vector<std::pair<std::size_t, std::int64_t>> jobs_;  ///< model and version of each job
  std::set<std::pair<Time, std::size_t>> agenda_;           ///< when a model is next to be seen to
  std::vector<Time> due_;
  Time now_;
  std::set<std::size_t> touched_;  ///< models to which something has happened at this instant
  Deeds deeds_;
};

}  // namespace rehearse::lifecycle

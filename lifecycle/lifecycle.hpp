// The operations of many models on one cluster.
//
// Whoever drives it passes the time in, at every wake-up that is asked for and no later; out come
// deeds: changes at the sources of the metadata graph, in their order; inquiries, which are to be
// answered at the same instant (told); and, for those who look on, facts and what was served. At
// one instant happen, first, what faults change (conditions); then, model by model in the
// scenario's order: counts, rules and releases; then trainings; then signals arrive; then gates,
// checks and schedules decide. What hangs on nothing but the seed does not change when something
// is decided otherwise. Sans-I/O.
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
#include "lifecycle/conditions.hpp"
#include "lifecycle/fact.hpp"
#include "lifecycle/inquiry.hpp"
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
  /// At once there are the deeds of time 0. REQUIRES: models of different names. Throws InputError
  /// for a world that cannot be, and for a first version that cannot be trained.
  Lifecycle(LifecycleSettings settings, std::uint64_t seed, std::uint64_t replication);

  Time next_wakeup() const;
  /// REQUIRES: not later than next_wakeup().
  void advance(Time now);
  /// What faults do from now on. Afterwards next_wakeup() may be now. REQUIRES: not later than
  /// next_wakeup(); before the advance() of the same instant.
  void conditions(const Conditions& conditions, Time now);
  /// What an inquiry was answered, at the instant at which it was taken. REQUIRES: an inquiry that
  /// has been taken, once.
  void told(std::int64_t inquiry, const Told& told, Time now);
  /// Counts what is served until now and decides nothing; nothing comes after it. REQUIRES: not
  /// later than next_wakeup().
  void finish(Time now);

  // What has come since the last call of each, in its order.
  Deeds take_deeds() { return std::exchange(deeds_, {}); }
  std::vector<Inquiry> take_inquiries();
  /// All of the instant of the last advance().
  Facts take_facts() { return std::exchange(facts_, {}); }
  /// Spans that have ended; those of one model follow each other without a gap.
  std::vector<Served> take_served() { return std::exchange(served_, {}); }

  const Lineage& lineage() const { return lineage_; }
  const Signals& signals() const { return signals_; }
  const Cluster& cluster() const { return cluster_; }
  std::size_t models() const { return models_.size(); }
  const ModelLife& model(std::size_t index) const { return *models_[index]; }

 private:
  void touch(std::size_t model);
  void reschedule();
  void plan(std::size_t model, Time at);

  Lineage lineage_;
  Signals signals_;
  Cluster cluster_;
  Facts facts_;
  std::vector<Served> served_;
  std::vector<Inquiry> inquiries_;
  std::vector<std::unique_ptr<ModelLife>> models_;  ///< which hold references to the above
  std::map<std::string, std::size_t> by_workflow_;
  std::vector<std::pair<std::size_t, std::int64_t>> jobs_;  ///< model and version of each job
  std::set<std::pair<Time, std::size_t>> agenda_;           ///< when a model is next to be seen to
  std::vector<Time> due_;
  Time now_;
  std::string fault_;              ///< that touches all models, in words
  std::set<std::size_t> touched_;  ///< models to which something has happened at this instant
  Deeds deeds_;
  std::int64_t inquired_ = 0;
  std::map<std::int64_t, Inquiry> unanswered_;  ///< by number
};

}  // namespace rehearse::lifecycle

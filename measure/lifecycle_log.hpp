// What is measured of a lifecycle: drifts and who noticed, trainings, canaries, releases, rollbacks
// and what was served, of the run and of each model.
//
// Counts cover the whole run; shares, means and maxima the measured window; a lag belongs to the
// window in which it starts (measure/window.hpp); operations stop at the duration, so one that is
// unfinished then has lasted no longer. Nothing in the operations hangs on what is told
// here, and some of it they cannot know: whether a candidate was bad, which drifts there were.
//
// Facts come in the order in which they happen; finish() ends the run. The results do not depend on
// the order of what happens at one instant to different models.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "lifecycle/fact.hpp"
#include "measure/checkpoints.hpp"
#include "measure/drift_ledger.hpp"
#include "measure/lifecycle_tally.hpp"
#include "measure/series.hpp"
#include "measure/service_curve.hpp"
#include "models/host/happening.hpp"

namespace rehearse::measure {

struct MeasuredModel {
  std::string name;
  std::vector<learning::Drift> drifts = {};
  bool supersedes = true;  ///< a candidate that waits makes room for a newer one
};

struct LifecycleLogConfig {
  Window window;
  std::vector<MeasuredModel> models;  ///< in the order of lifecycle::Fact::model
  int slots = 8;                      ///< of the cluster
  lifecycle::BadFrom bad = {};
  int buckets = 200;  ///< of the time series
};

class LifecycleLog {
 public:
  explicit LifecycleLog(LifecycleLogConfig config);
  LifecycleLog(const LifecycleLog&) = delete;  // curves refer to its checkpoints
  LifecycleLog& operator=(const LifecycleLog&) = delete;

  void on(const lifecycle::Fact& fact, Time now);
  void on(const lifecycle::Served& served, Time now);
  void on(const models::AskedQuestion& question, Time now);
  /// Ends the run. Call once.
  void finish();

  // ---- after finish() ----
  void add_to(Metrics& metrics) const;
  /// Of the run, then of each model; one value for each bucket of Recorder::series().
  std::vector<SeriesColumn> columns() const;

 private:
  /// What is under way in one model.
  struct Open {
    std::optional<Time> asked;             ///< a training that waits for its slot
    std::map<std::int64_t, Time> running;  ///< trainings, by version
    std::map<std::int64_t, Time> trained;  ///< versions that are to get to a canary
    std::map<std::int64_t, Time> waiting;  ///< those of them that have passed their gates
  };
  struct Model {
    LifecycleTally tally;
    ServiceCurve served;
    DriftLedger drifts;
    Open open;
  };
  struct Procedure {
    std::uint64_t count = 0;
    Lags recovery, detection;
  };
  /// Model, procedure and version of a rollback.
  using RollbackKey = std::tuple<std::size_t, std::string, std::int64_t>;
  struct UnderWay {
    Time triggered;
    std::optional<Duration> limit;
  };
  using Curve = std::vector<Int128>;  // by place of a checkpoint, until the next

  void take(std::size_t model, const lifecycle::Responded& fact, Time now);
  void take(std::size_t model, const lifecycle::TrainingAsked& fact, Time now);
  void take(std::size_t model, const lifecycle::TrainingStarted& fact, Time now);
  void take(std::size_t model, const lifecycle::TrainingEnded& fact, Time now);
  void take(std::size_t model, const lifecycle::GatesDecided& fact, Time now);
  void take(std::size_t model, const lifecycle::CanaryLaunched& fact, Time now);
  void take(std::size_t model, const lifecycle::CanaryDecided& fact, Time now);
  void take(std::size_t model, const lifecycle::Promoted& fact, Time now);
  void take(std::size_t model, const lifecycle::RollbackTriggered& fact, Time now);
  void take(std::size_t model, const lifecycle::RollbackRecovered& fact, Time now);
  void take(std::size_t model, const lifecycle::RollbackRefused& fact, Time now);
  void take(std::size_t model, const lifecycle::PersonAsked& fact, Time now);
  void take(std::size_t model, const lifecycle::SignalFate& fact, Time now);
  void take(std::size_t model, const lifecycle::Violated& fact, Time now);

  void count(std::size_t model, LifecycleCount what);
  void lag(std::size_t model, LifecycleLag what, Time begin, Time end);
  void censored(std::size_t model, LifecycleLag what, Time begin);
  void queued(Time from, Time until);
  void occupied(Time from, Time until);
  void finish_drifts(std::size_t model);
  void finish_trainings(std::size_t model);
  static void add_service(Metrics& metrics, const std::string& prefix, const ServiceSums& window,
                          const ServiceSums& run);

  LifecycleLogConfig config_;
  Window window_;  // of operations
  Checkpoints checkpoints_;
  LifecycleTally all_;
  std::deque<Model> models_;
  std::map<std::string, Procedure, std::less<>> procedures_;
  std::map<RollbackKey, UnderWay> rollbacks_;
  Int128 slot_time_ = 0;  // slots taken within the window: slots times ns
  Curve queue_;           // trainings that wait times ns
  Curve wrong_;           // answers
};

/// Whether a candidate should not have passed, and whether it should have; some are neither.
bool is_bad(const lifecycle::CanaryDecided& decided, const lifecycle::BadFrom& bad);
bool is_good(const lifecycle::CanaryDecided& decided);

}  // namespace rehearse::measure

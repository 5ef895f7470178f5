// The operations of one model: what its monitors find starts a training, whose end starts the
// gates, which start a release, whose canary starts a promotion. Each link is a signal.
//
// A trigger while a training of the model waits or runs, or a candidate is at the gates or under
// way, is ignored; one beyond the cap is held back. Responses that fall due together start one
// training. Everything hangs on the model's own streams. Sans-I/O.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "learning/row_log.hpp"
#include "lifecycle/conditions.hpp"
#include "lifecycle/fact.hpp"
#include "lifecycle/inquiry.hpp"
#include "lifecycle/model_settings.hpp"
#include "lifecycle/signals.hpp"
#include "lifecycle/traffic_counter.hpp"

namespace rehearse::lifecycle {

class ModelLife {
 public:
  /// What all models share: where jobs go, signals are sent and things are told, this model being
  /// the `index`th. They outlive this.
  struct Shared {
    std::size_t index;
    Lineage& lineage;
    Signals& signals;
    std::function<void(std::int64_t version, const JobSettings&, stats::Stream, Time)> submit;
    Facts& facts;
    std::vector<Served>& served;
    std::vector<Inquiry>& inquiries;
  };

  /// The first version is trained on the time before the start. Throws InputError when it cannot
  /// be.
  ModelLife(ModelSettings settings, std::uint64_t seed, std::uint64_t replication, Shared shared);

  /// What faults do from now on; returns whether something may happen to this model now, up to
  /// which its requests are counted then.
  bool conditions(const Conditions& conditions, Time now);

  /// What is served, and nothing else.
  void count_up_to(Time now);

  // What happens at an instant, in this order.
  void count(Time now);
  void release(Time now);
  void job_step(std::int64_t version, const JobStep& step);
  void arrived(const Delivery& delivery, Time now);
  void decide(Time now);

  Time next_wakeup() const;
  Deeds take_deeds() { return std::exchange(deeds_, {}); }

  const std::string& name() const { return settings_.name; }
  const learning::Population& population() const { return *population_; }
  const ReleaseFlow& flow() const { return flow_; }
  const TrafficCounter& traffic() const { return counter_; }
  const GateReport* gate_report(std::int64_t version) const;
  /// Workflows that ran on signals, in order.
  const std::vector<std::pair<std::string, RecordId>>& workflow_runs() const { return workflows_; }

 private:
  struct Training {
    std::int64_t version;
    bool after_drift, recent, more;
    RecordId run;
    Time asked;
    Time cut = {};
  };
  /// What a training has left for the gates.
  struct Trained {
    Version version;
    learning::TrainingData data;
    std::variant<learning::LinearModel, learning::FitRefused> fit;
    RecordId run;
  };
  struct AtGates {
    Time decided;
    std::int64_t version;
    RecordId signal;
  };

  RecordId record(What what, std::int64_t version, RecordId cause, std::string detail, Time now);
  void add(Deeds deeds);
  void send(SignalType type, const Metadata& metadata, std::int64_t version, RecordId cause,
            Time now);
  void tell(Happened what) { shared_.facts.push_back({shared_.index, std::move(what)}); }
  void forward(Time now);
  void complete(Happened& what, Time now);

  Version first_version() const;
  learning::TrainingData gather(Time cut, const learning::TrainingSettings& how) const;
  /// What is wrong with a version, and the stream for what is drawn of it.
  struct Flaw {
    const Defect* defect = nullptr;  ///< none
    stats::Stream stream;
  };
  Flaw flaw_of(std::int64_t version) const;

  void check(Time now);
  void respond(const MonitorResponse& response, const DriftDetected& drift, Time now);
  void inquire_consumers(const std::vector<std::size_t>& features, RecordId cause, Time now);
  bool busy() const;
  bool capped(Time now);
  void ask_for_training(RecordId cause, const DriftDetected* drift, Time now);
  void train(bool succeeded, Time now);
  void run_gates(const ModelTrained& trained, RecordId signal, Time now);
  void decide_gates(const AtGates& at, Time now);

  ModelSettings settings_;
  std::uint64_t seed_, replication_;
  Shared shared_;
  std::unique_ptr<const learning::Population> population_;
  learning::Streams streams_;
  learning::RowLog log_;
  ReleaseFlow flow_;
  TrafficCounter counter_;
  ModelMonitors monitors_;
  std::int64_t monitored_ = 1;
  ModelConditions fault_;
  std::optional<OngoingFault> ongoing_;
  Conditions conditions_;
  std::vector<std::pair<Time, std::int64_t>> served_;  ///< who has been production, since when
  std::int64_t next_version_ = 2;
  std::optional<Training> training_;
  std::map<std::int64_t, Trained> trained_;  ///< waiting for their gates, or at them
  std::vector<AtGates> at_gates_;
  std::map<std::int64_t, GateReport> reports_;
  std::vector<std::string> features_;  ///< their ids
  Time inquired_at_ = {};
  std::set<std::size_t> inquired_;  ///< features whose consumers were asked for then
  std::deque<Time> runs_;           ///< starts of trainings within the cap's span
  Time last_asked_;
  Deeds deeds_;
  std::vector<std::pair<std::string, RecordId>> workflows_;
};

}  // namespace rehearse::lifecycle

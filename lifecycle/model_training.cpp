// Trainings of a model, and the gates at their end.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <limits>

#include "lifecycle/model_life.hpp"
#include "stats/duration_law.hpp"

namespace rehearse::lifecycle {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

}  // namespace

bool ModelLife::busy() const {
  return training_ || !at_gates_.empty() || (flow_.under_way() && !flow_.restarts());
}

bool ModelLife::capped(Time now) {
  const TrainingCap& cap = settings_.training.cap;
  while (!runs_.empty() && now - runs_.front() >= cap.per) runs_.pop_front();
  return runs_.size() >= static_cast<std::size_t>(cap.runs);
}

void ModelLife::ask_for_training(RecordId cause, const DriftDetected* drift, Time now) {
  last_asked_ = now;
  if (busy()) return tell(TrainingAsked{TrainingAsked::Fate::ignored});
  if (capped(now)) {
    tell(TrainingAsked{TrainingAsked::Fate::capped});
    record(What::held_back, 0, cause, "training: the cap is reached", now);
    return;
  }
  const std::int64_t version = next_version_++;
  const RecordId run = record(What::run, version, cause, "waits for a slot", now);
  training_ =
      Training{version, drift != nullptr, drift && drift->recent, drift && drift->more, run, now};
  tell(TrainingAsked{TrainingAsked::Fate::queued});
  stats::Stream stream(seed_, replication_,
                       fmt::format("lifecycle/{}/training/{}", settings_.name, version));
  shared_.submit(version, settings_.training.job, stream, now);
}

void ModelLife::train(bool succeeded, Time now) {
  const Training training = *std::exchange(training_, std::nullopt);
  const RecordId ended =
      record(What::run, training.version, training.run, succeeded ? "succeeded" : "failed", now);
  ModelTrained metadata;
  metadata.version = training.version;
  metadata.auc = metadata.log_loss = kUndefined;
  if (!succeeded) return send(SignalType::model_trained, metadata, training.version, ended, now);
  flow_.training_ended(training.version, ended, now);
  learning::TrainingSettings how = settings_.training.data;
  if (training.recent) how.window = settings_.training.recent_window;
  if (training.more) how.rows *= 2;
  const Defect* defect = flaw_of(training.version).defect;
  if (defect && strikes_training(*defect)) how = strike(*defect, how, population_->features());
  Trained trained;
  trained.run = ended;
  trained.data = gather(training.cut, how);
  learning::FitSettings fit;
  fit.ridge = settings_.training.ridge;
  if (settings_.training.warm_start) {
    fit.start = learning::warm_start(flow_.version(flow_.production()).model);
  }
  trained.fit = learning::train(trained.data, fit);
  Version& version = trained.version;
  version.number = training.version;
  version.artefact = settings_.artefact;
  version.window_end = training.cut - how.stale;
  version.window_begin = version.window_end - how.window;
  version.median = trained.data.median;
  version.moved_by = trained.data.moved_by;
  if (const auto* model = std::get_if<learning::LinearModel>(&trained.fit)) version.model = *model;
  const GateReport report = pass_gates(settings_.gates, trained.data, trained.fit,
                                       flow_.version(flow_.production()).model);
  metadata.rows = trained.data.rows();
  metadata.auc = report.auc.value_or(kUndefined);
  metadata.log_loss = report.log_loss.value_or(kUndefined);
  metadata.latency_p99 = stats::quantile(version.artefact.latency, 0.99);
  metadata.artefact = true;
  trained_.emplace(training.version, std::move(trained));
  send(SignalType::model_trained, metadata, training.version, ended, now);
}

void ModelLife::run_gates(const ModelTrained& trained, RecordId signal, Time now) {
  if (!trained.artefact) return;
  const bool there = std::any_of(at_gates_.begin(), at_gates_.end(), [&](const AtGates& one) {
    return one.version == trained.version;
  });
  if (there || !trained_.contains(trained.version)) return;  // a naive workflow has run before
  stats::Stream stream(seed_, replication_,
                       fmt::format("lifecycle/{}/gates/{}", settings_.name, trained.version));
  at_gates_.push_back({now + settings_.gates.duration.sample(stream), trained.version, signal});
}

void ModelLife::decide_gates(const AtGates& at, Time now) {
  const auto node = trained_.extract(at.version);
  const Trained& trained = node.mapped();
  const Version& production = flow_.version(flow_.production());
  const GateReport report =
      pass_gates(settings_.gates, trained.data, trained.fit, production.model);
  reports_[at.version] = report;
  const RecordId gate =
      record(What::gate, at.version, at.signal,
             report.passed() ? "passed"
                             : to_string(report.rejection->gate) + ": " + report.rejection->reason,
             now);
  GatesDecided decided{at.version, {}};
  if (report.rejection) decided.rejected_by = report.rejection->gate;
  tell(decided);
  if (!report.passed()) return flow_.gates_failed(at.version, gate, now);
  Version version = trained.version;
  const Flaw flaw = flaw_of(at.version);
  if (flaw.defect && !strikes_training(*flaw.defect)) {
    const AtLaunch launch{population_->at(learning::Hour::of(now)), settings_.requests.serving};
    version = strike(*flaw.defect, version, production, launch, flaw.stream);
  }
  flow_.submit(version, gate, now);
}

}  // namespace rehearse::lifecycle

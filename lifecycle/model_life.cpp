#include "lifecycle/model_life.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "stats/duration_law.hpp"

namespace rehearse::lifecycle {
namespace {

using learning::Hour;

bool asks_for_training(drift::ActionKind action) {
  return action == drift::ActionKind::retrain || action == drift::ActionKind::expand_data;
}

TrafficCounter::Settings counting(const ModelSettings& settings) {
  return {settings.traffic, settings.requests.serving, settings.overhead, settings.release.errors};
}

}  // namespace

ModelLife::ModelLife(ModelSettings settings, std::uint64_t seed, std::uint64_t replication,
                     Shared shared)
    : settings_(std::move(settings)),
      seed_(seed),
      replication_(replication),
      shared_(std::move(shared)),
      population_(population_of(settings_)),
      streams_(seed, replication, settings_.name),
      log_(*population_, settings_.traffic, settings_.requests, streams_),
      flow_(entities_of(settings_), first_version(), settings_.release, seed, replication,
            shared_.lineage),
      counter_(*population_, streams_, counting(settings_)),
      monitors_(*population_, streams_, settings_.samples, settings_.monitors, flow_.version(1)),
      served_{{Time{}, 1}},
      features_(entities_of(settings_).features) {
  const std::string& model = settings_.name;
  if (settings_.training.on_drift) {
    shared_.signals.subscribe(SignalType::drift_detected, model, model + "/training");
  }
  shared_.signals.subscribe(SignalType::model_trained, model, model + "/gates");
  shared_.signals.subscribe(SignalType::canary_passed, model, model + "/promotion");
  add(flow_.take_deeds());
}

RecordId ModelLife::record(What what, std::int64_t version, RecordId cause, std::string detail,
                           Time now) {
  return shared_.lineage.add(
      {{}, cause, now, settings_.name, version, what, "", "", std::move(detail)});
}

void ModelLife::add(Deeds deeds) {
  deeds_.insert(deeds_.end(), std::make_move_iterator(deeds.begin()),
                std::make_move_iterator(deeds.end()));
}

void ModelLife::send(SignalType type, const Metadata& metadata, std::int64_t version,
                     RecordId cause, Time now) {
  const RecordId id = record(What::signal, version, cause, to_string(type), now);
  shared_.signals.send({id, settings_.name, now, metadata});
}

/// Adds what is exact, which no operation knows.
void ModelLife::complete(Happened& what, Time now) {
  const auto earned = [&](std::int64_t version) {
    return counter_.engagement(flow_.version(version), Hour::of(now));
  };
  if (auto* promoted = std::get_if<Promoted>(&what)) {
    promoted->engagement = earned(promoted->version);
    promoted->engagement_before = earned(promoted->over);
  } else if (auto* decided = std::get_if<CanaryDecided>(&what)) {
    const auto trial = counter_.trial_of(decided->version);
    decided->engagement = trial ? trial->engagement : earned(decided->version);
    decided->baseline_engagement = trial ? trial->baseline : earned(flow_.production());
  }
}

/// Passes on what the release has decided; another version in production is watched by itself.
void ModelLife::forward(Time now) {
  add(flow_.take_deeds());
  for (const Signal& signal : flow_.take_signals()) shared_.signals.send(signal);
  for (Happened& what : flow_.take_facts()) {
    complete(what, now);
    tell(std::move(what));
  }
  for (Inquiry& one : flow_.take_inquiries()) shared_.inquiries.push_back(std::move(one));
  if (flow_.production() == monitored_) return;
  monitored_ = flow_.production();
  served_.emplace_back(now, monitored_);
  monitors_.renew(flow_.version(monitored_), now);
}

// Versions and their data.

Version ModelLife::first_version() const {
  const learning::TrainingData data = learning::gather(
      log_, [](Hour) { return learning::Served{}; }, Time{}, settings_.training.data);
  learning::FitSettings fit;
  fit.ridge = settings_.training.ridge;
  const auto trained = learning::train(data, fit);
  if (const auto* refused = std::get_if<learning::FitRefused>(&trained)) {
    throw InputError("the first version of model " + settings_.name +
                     " cannot be trained on the time before the start: " + refused->reason);
  }
  Version version;
  version.model = std::get<learning::LinearModel>(trained);
  version.artefact = settings_.artefact;
  version.window_end = Time{} - settings_.training.data.stale;
  version.window_begin = version.window_end - settings_.training.data.window;
  version.median = data.median;
  version.moved_by = data.moved_by;
  return version;
}

learning::TrainingData ModelLife::gather(Time cut, const learning::TrainingSettings& how) const {
  const auto served_at = [this](Hour hour) -> learning::Served {
    if (hour < Hour{0}) return {};
    const auto after = std::find_if(served_.begin(), served_.end(),
                                    [&](const auto& one) { return one.first > hour.start(); });
    return {&flow_.version(std::prev(after)->second).model, {}};
  };
  return learning::gather(log_, served_at, cut, how);
}

ModelLife::Flaw ModelLife::flaw_of(std::int64_t version) const {
  stats::Stream stream(seed_, replication_,
                       fmt::format("lifecycle/{}/defects/{}", settings_.name, version));
  for (const DefectOf& one : settings_.defects) {
    const bool strikes = one.version == 0 ? stream.uniform() < one.share : one.version == version;
    if (strikes) return {&one.defect, stream};
  }
  return {nullptr, stream};
}

const GateReport* ModelLife::gate_report(std::int64_t version) const {
  const auto found = reports_.find(version);
  return found == reports_.end() ? nullptr : &found->second;
}

// At an instant.

void ModelLife::count_up_to(Time now) {
  counter_.count(flow_, now);
  for (Served& one : counter_.take_served()) {
    one.model = shared_.index;
    shared_.served.push_back(std::move(one));
  }
}

bool ModelLife::conditions(const Conditions& conditions, Time now) {
  const auto found = conditions.models.find(settings_.name);
  const ModelConditions fault =
      found == conditions.models.end() ? ModelConditions{} : found->second;
  const auto hides = [](const Conditions& one) {
    return one.unmeasured.contains(Role::production);
  };
  // What a fault does not touch is counted as if there were none.
  const bool touched = fault != fault_ || hides(conditions) != hides(conditions_) ||
                       (flow_.under_way() && conditions.unmeasured != conditions_.unmeasured) ||
                       (!conditions.rules_held && flow_.routes().holds_back());
  if (touched) count_up_to(now);
  if (fault != fault_) {
    const std::string what =
        touches(fault) ? fmt::format("errors {:g}, latency x {:g}", fault.errors, fault.slower)
                       : "over";
    const RecordId id = record(What::fault, 0, {}, what, now);
    ongoing_ = touches(fault) ? std::optional(OngoingFault{now, id}) : std::nullopt;
  }
  fault_ = fault;
  conditions_ = conditions;
  counter_.conditions(fault, conditions.unmeasured);
  flow_.conditions(conditions.rules_held, ongoing_, now);
  return touched;
}

void ModelLife::count(Time now) {
  count_up_to(now);
  if (const auto minute = counter_.take_minute(flow_, now)) flow_.minute(*minute, now);
  if (now > Time{} && now.ns % Duration::days(1).ns == 0) {
    const learning::ArmCounts day = counter_.take_day();
    flow_.midnight(day.requests, day.clicks, now);
  }
  forward(now);
}

void ModelLife::release(Time now) {
  if (flow_.shadow_is_due(now)) flow_.shadowed(counter_.take_shadow(flow_, now), now);
  flow_.advance(now);
  forward(now);
}

void ModelLife::job_step(std::int64_t version, const JobStep& step) {
  assert(training_ && training_->version == version);
  const RecordId run = training_->run;
  switch (step.what) {
    case JobStep::What::started:
      training_->cut = step.at;
      runs_.push_back(step.at);
      tell(TrainingStarted{version, training_->asked});
      add(training_started(settings_.name, version, 1, run));
      flow_.training_started(version, training_->after_drift, run, step.at);
      break;
    case JobStep::What::failed:
      add(training_started(settings_.name, version, step.attempt + 1, run));
      break;
    case JobStep::What::ended:
      add(training_ended(settings_.name, version, step.succeeded, run));
      tell(TrainingEnded{version, training_->cut, step.succeeded});
      train(step.succeeded, step.at);
      break;
  }
}

void ModelLife::arrived(const Delivery& delivery, Time now) {
  const Signal& signal = delivery.signal;
  workflows_.emplace_back(delivery.workflow, signal.id);
  if (const auto* drift = std::get_if<DriftDetected>(&signal.metadata)) {
    if (drift->recent || drift->more || drift->action == "retrain") {
      ask_for_training(signal.id, drift, now);
    }
  } else if (const auto* trained = std::get_if<ModelTrained>(&signal.metadata)) {
    run_gates(*trained, signal.id, now);
  } else {
    const auto& passed = std::get<CanaryPassed>(signal.metadata);
    flow_.promote(passed, signal.id, now);
    forward(now);
  }
}

void ModelLife::decide(Time now) {
  const auto due = [now](const AtGates& one) { return one.decided <= now; };
  for (const AtGates& one : at_gates_) {
    if (due(one)) decide_gates(one, now);
  }
  std::erase_if(at_gates_, due);
  check(now);
  const auto& every = settings_.training.every;
  if (every && now >= last_asked_ + *every) {
    ask_for_training(record(What::schedule, 0, {}, "no trigger for so long", now), nullptr, now);
  }
  forward(now);
}

void ModelLife::check(Time now) {
  if (monitors_.next_check() != now) return;
  monitors_.count(counter_.take_for_monitors());
  const std::vector<MonitorResponse> responses = monitors_.check(now);
  bool recent = false, more = false;
  for (const MonitorResponse& one : responses) {
    if (one.held_back || !asks_for_training(one.action.kind)) continue;
    recent = recent || one.action.emphasis.find("recent") != std::string::npos;
    more = more || one.action.kind == drift::ActionKind::expand_data;
  }
  for (const MonitorResponse& one : responses) {
    const bool trains = asks_for_training(one.action.kind);
    respond(one,
            {one.policy, one.drift, one.features, one.severity, drift::to_string(one.action.kind),
             one.action.emphasis, recent && trains, more && trains},
            now);
  }
}

void ModelLife::respond(const MonitorResponse& response, const DriftDetected& drift, Time now) {
  const RecordId id = record(response.held_back ? What::held_back : What::alert, flow_.production(),
                             {}, drift.policy + ": " + drift.action, now);
  tell(Responded{drift.policy, drift.action, response.held_back});
  if (response.held_back) return;
  inquire_consumers(response.features, id, now);
  send(SignalType::drift_detected, drift, flow_.production(), id, now);
}

/// Responses of one instant about one feature need one answer.
void ModelLife::inquire_consumers(const std::vector<std::size_t>& features, RecordId cause,
                                  Time now) {
  if (inquired_at_ != now) inquired_.clear();
  inquired_at_ = now;
  for (const std::size_t j : features) {
    if (!inquired_.insert(j).second) continue;
    shared_.inquiries.push_back({0, Occasion::drift, "consumers", "Feature", features_[j],
                                 settings_.name, flow_.production(), cause});
  }
}

Time ModelLife::next_wakeup() const {
  Time next = counter_.next_border(flow_);
  next = std::min(next, flow_.next_wakeup().value_or(Time::never()));
  next = std::min(next, monitors_.next_check().value_or(Time::never()));
  for (const AtGates& one : at_gates_) next = std::min(next, one.decided);
  if (settings_.training.every) next = std::min(next, last_asked_ + *settings_.training.every);
  return next;
}

}  // namespace rehearse::lifecycle

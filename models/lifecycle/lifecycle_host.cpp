#include "models/lifecycle/lifecycle_host.hpp"

#include <algorithm>
#include <utility>

#include "models/lifecycle/deed_operation.hpp"
#include "models/lifecycle/lifecycle_declaration.hpp"
#include "models/lifecycle/lifecycle_faults.hpp"

namespace rehearse::models {
namespace {

lifecycle::Lifecycle make_lifecycle(const LifecycleConfig& config,
                                    const SimulationConfig& simulation) {
  try {
    return {config.settings, simulation.seed, simulation.replication};
  } catch (const InputError& error) {
    throw InputError(config.where, error.message());
  }
}

}  // namespace

LifecycleHost::LifecycleHost(const LifecycleConfig& config, const SimulationConfig& simulation,
                             const Surroundings& surroundings)
    : surroundings_(surroundings),
      until_(Time{} + simulation.duration),
      life_(make_lifecycle(config, simulation)) {
  life_.take_deeds();  // of time 0: they are the world's population
  std::vector<std::string> models;
  for (const lifecycle::ModelSettings& model : config.settings.models) {
    models.push_back(model.name);
  }
  for (const FaultTarget& target : lifecycle_fault_targets(models)) {
    if (!target.read) continue;
    surroundings_.simulation.on_faults(
        target.name, [this, name = target.name](const FaultConfig&, bool, const ActiveFaults& now) {
          fault_changed(name, now);
        });
  }
}

// Its events are planned from one at time 0 on, so that faults, which the run plans at its begin,
// come before what the lifecycle does at the same date.
void LifecycleHost::start() {
  surroundings_.calendar.at(Time{}, [this] {
    settle();
    surroundings_.calendar.at(until_, [this] { stop(); });
    plan();
  });
}

void LifecycleHost::plan() {
  if (next_) surroundings_.calendar.cancel(*std::exchange(next_, std::nullopt));
  const Time next = life_.next_wakeup();
  if (next >= until_) return;
  next_ = surroundings_.calendar.at(next, [this] { wake(); });
}

void LifecycleHost::wake() {
  next_.reset();
  life_.advance(surroundings_.calendar.now());
  settle();
  plan();
}

void LifecycleHost::fault_changed(const std::string& target, const ActiveFaults& active) {
  const Time now = surroundings_.calendar.now();
  if (now >= until_) return;
  faults_[target] = active;
  lifecycle::Conditions conditions;
  for (const auto& [name, faults] : faults_) {
    for (const FaultConfig* fault : faults) add(*fault, conditions);
  }
  life_.conditions(conditions, now);
  settle();
  plan();
}

void LifecycleHost::stop() {
  life_.finish(surroundings_.calendar.now());
  settle();
}

void LifecycleHost::settle() {
  for (bool more = true; more;) {
    tell();
    lifecycle::Deeds deeds = life_.take_deeds();
    for (const lifecycle::Deed& deed : deeds) {
      surroundings_.simulation.sources().make(to_string(deed.source), operation_of(deed));
    }
    const std::vector<lifecycle::Inquiry> inquiries = life_.take_inquiries();
    for (const lifecycle::Inquiry& inquiry : inquiries) answer(inquiry);
    more = !inquiries.empty();
  }
}

void LifecycleHost::tell() {
  const Time now = surroundings_.calendar.now();
  const std::vector<lifecycle::Record>& records = life_.lineage().records();
  for (; told_ < records.size(); ++told_) surroundings_.happenings.tell(records[told_], now);
  for (const lifecycle::Fact& fact : life_.take_facts()) surroundings_.happenings.tell(fact, now);
  for (const lifecycle::Served& span : life_.take_served()) {
    surroundings_.happenings.tell(span, now);
  }
}

void LifecycleHost::answer(const lifecycle::Inquiry& inquiry) {
  const world::Question question{inquiry.ask, surroundings_.world.uri_of(inquiry.type, inquiry.id)};
  const JudgedAnswer judged = surroundings_.simulation.ask(question, to_string(inquiry.occasion));
  life_.told(inquiry.number, {judged.answer.uris, judged.verdict.missed, judged.verdict.outdated},
             surroundings_.calendar.now());
}

}  // namespace rehearse::models

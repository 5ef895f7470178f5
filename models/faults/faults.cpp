#include "models/faults/faults.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "sim/distribution.hpp"

namespace rehearse::models {
namespace {

using Kind = FaultConfig::Kind;
using Target = FaultConfig::Target;

// Two chances that do not know of each other.
double either(double a, double b) { return 1 - (1 - a) * (1 - b); }

void add(ApiConditions& conditions, const FaultConfig& fault) {
  if (fault.kind == Kind::outage) conditions.outage = true;
  if (fault.kind == Kind::slow) conditions.slow_factor *= fault.factor;
  if (fault.kind == Kind::errors) {
    conditions.error_rate = either(conditions.error_rate, fault.probability);
  }
  if (fault.kind == Kind::partial_listing) {
    conditions.lost_pages = either(conditions.lost_pages, fault.probability);
  }
  if (fault.kind == Kind::lag) {
    // Three of the longest would not fit into 64 bits.
    conditions.lag = std::min(conditions.lag + fault.lag, sim::Distribution::kLongest);
  }
  if (fault.kind == Kind::throttle) {
    const bool lower =
        !conditions.throttle || fault.rate->per_second() < conditions.throttle->per_second();
    if (lower) conditions.throttle = fault.rate;
  }
}

void add(BusConditions& conditions, const FaultConfig& fault) {
  if (fault.kind == Kind::outage) {
    conditions.outage = true;
    conditions.outage_loses = conditions.outage_loses || fault.lost;
  }
  if (fault.kind == Kind::drop) conditions.drop = either(conditions.drop, fault.probability);
  if (fault.kind == Kind::duplicate) {
    conditions.duplicate = either(conditions.duplicate, fault.probability);
  }
  if (fault.kind == Kind::delay) conditions.extra_delays.push_back(fault.delay);
}

}  // namespace

Faults::Faults(std::vector<FaultConfig> faults, FaultTargets targets, sim::Calendar& calendar)
    : faults_(std::move(faults)),
      active_(faults_.size(), false),
      targets_(std::move(targets)),
      calendar_(calendar) {}

void Faults::start() {
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    calendar_.at(faults_[i].at, [this, i] { begin(i); });
  }
}

// The end is planned at the beginning, so that of two faults that meet the earlier ends first.
void Faults::begin(std::size_t fault) {
  assert(!active_[fault]);
  active_[fault] = true;
  const FaultConfig& config = faults_[fault];
  if (config.kind == Kind::crash) targets_.service->crash();
  if (config.kind == Kind::pause) targets_.service->pause();
  if (config.target == Target::index) targets_.service->index_down();
  update_target(config);
  calendar_.at(config.end(), [this, fault] { end(fault); });
}

void Faults::end(std::size_t fault) {
  assert(active_[fault]);
  active_[fault] = false;
  const FaultConfig& config = faults_[fault];
  update_target(config);
  if (config.kind == Kind::crash) targets_.service->restart();
  if (config.kind == Kind::pause) targets_.service->resume();
  if (config.target == Target::index) targets_.service->index_up();
}

void Faults::update_target(const FaultConfig& changed) {
  if (changed.target == Target::source) update_source(changed.name);
  if (changed.target == Target::bus) update_bus(changed.name);
}

void Faults::update_source(const std::string& name) {
  ApiConditions conditions;
  bool silent = false;
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    const FaultConfig& fault = faults_[i];
    if (!active_[i] || fault.target != Target::source || fault.name != name) continue;
    add(conditions, fault);
    silent = silent || fault.kind == Kind::silent;
  }
  const FaultTargets::Source& source = targets_.sources.at(name);
  source.api->set_conditions(conditions);
  source.system->set_silent(silent);
}

void Faults::update_bus(const std::string& name) {
  BusConditions conditions;
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    const FaultConfig& fault = faults_[i];
    if (active_[i] && fault.target == Target::bus && fault.name == name) add(conditions, fault);
  }
  targets_.buses.at(name)->set_conditions(conditions);
}

}  // namespace rehearse::models

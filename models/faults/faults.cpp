#include "models/faults/faults.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <utility>

#include "sim/distribution.hpp"

namespace rehearse::models {
namespace {

// Two chances that do not know of each other.
double either(double a, double b) { return 1 - (1 - a) * (1 - b); }

void add(ApiConditions& conditions, const SourceFault& fault) {
  using Kind = SourceFault::Kind;
  if (fault.kind == Kind::outage) conditions.outage = true;
  if (fault.kind == Kind::slow) conditions.slow_factor *= fault.factor;
  if (fault.kind == Kind::errors) {
    conditions.error_rate = either(conditions.error_rate, fault.error_rate);
  }
  if (fault.kind == Kind::partial_listing) {
    conditions.lost_pages = either(conditions.lost_pages, fault.lost_pages);
  }
  if (fault.kind == Kind::lag) {
    // Three of the longest would not fit into 64 bits.
    conditions.lag = std::min(conditions.lag + fault.lag, sim::Distribution::kLongest);
  }
  if (fault.kind == Kind::throttle) {
    const bool lower =
        !conditions.throttle || fault.rate_limit->per_second() < conditions.throttle->per_second();
    if (lower) conditions.throttle = fault.rate_limit;
  }
}

void add(BusConditions& conditions, const BusFault& fault) {
  using Kind = BusFault::Kind;
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

FaultHandler faults_on_source(SourceSystem& system, Api& api) {
  return [&system, &api](const FaultConfig&, bool, const ActiveFaults& active) {
    ApiConditions conditions;
    bool silent = false;
    for (const FaultConfig* fault : active) {
      const SourceFault& effect = *fault->as<SourceFault>();
      add(conditions, effect);
      silent = silent || effect.kind == SourceFault::Kind::silent;
    }
    api.set_conditions(conditions);
    system.set_silent(silent);
  };
}

FaultHandler faults_on_bus(Bus& bus) {
  return [&bus](const FaultConfig&, bool, const ActiveFaults& active) {
    BusConditions conditions;
    for (const FaultConfig* fault : active) add(conditions, *fault->as<BusFault>());
    bus.set_conditions(conditions);
  };
}

FaultHandler faults_on_service(MdsHost& service) {
  return [&service](const FaultConfig& fault, bool begins, const ActiveFaults&) {
    const bool crash = fault.as<ServiceFault>()->kind == ServiceFault::Kind::crash;
    if (crash) {
      begins ? service.crash() : service.restart();
    } else {
      begins ? service.pause() : service.resume();
    }
  };
}

FaultHandler faults_on_index(MdsHost& service) {
  return [&service](const FaultConfig&, bool begins, const ActiveFaults&) {
    begins ? service.index_down() : service.index_up();
  };
}

Faults::Faults(std::vector<FaultConfig> faults, sim::Calendar& calendar)
    : faults_(std::move(faults)), active_(faults_.size(), false), calendar_(calendar) {}

void Faults::handle(const std::string& target, FaultHandler handler) {
  handlers_[target] = std::move(handler);
}

void Faults::start() {
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    if (!handlers_.contains(faults_[i].target)) {
      throw std::logic_error("nothing takes the faults on " + faults_[i].target);
    }
    calendar_.at(faults_[i].at, [this, i] { begin(i); });
  }
}

// The end is planned at the beginning, so that of two faults that meet the earlier ends first.
void Faults::begin(std::size_t fault) {
  assert(!active_[fault]);
  active_[fault] = true;
  tell(fault);
  calendar_.at(faults_[fault].end(), [this, fault] { end(fault); });
}

void Faults::end(std::size_t fault) {
  assert(active_[fault]);
  active_[fault] = false;
  tell(fault);
}

void Faults::tell(std::size_t fault) {
  const FaultConfig& changed = faults_[fault];
  ActiveFaults active;
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    if (active_[i] && faults_[i].target == changed.target) active.push_back(&faults_[i]);
  }
  handlers_.at(changed.target)(changed, active_[fault], active);
}

}  // namespace rehearse::models

#include "models/faults/fault_config.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "models/transport/bus_config.hpp"

namespace rehearse::models {
namespace {

using config::Node;
using config::Object;

void refuse_not_built(const Node& node, const std::string& text, const std::string& target) {
  const bool meant = text == target || (target.ends_with(':') && text.starts_with(target));
  if (!meant) return;
  config::fail(node, "faults on \"" + text +
                         "\" are not built yet: this version of Rehearse cannot run them");
}

const FaultTarget& target_named(const Node& node, const std::vector<FaultTarget>& targets) {
  const std::string text = config::to_string(node);
  std::vector<std::string> allowed;
  for (const FaultTarget& target : targets) {
    if (!target.read) {
      refuse_not_built(node, text, target.written);
      continue;
    }
    if (target.written == text) return target;
    allowed.push_back(target.written);
  }
  std::string message = "found \"" + text + "\"; allowed is one of";
  for (const std::string& name : allowed) message += " " + name;
  if (const auto near = config::nearest(text, allowed)) message += "; did you mean " + *near + "?";
  config::fail(node, message);
}

double parse_share(Object& object, const char* key) {
  return config::to_probability(object.require(key));
}

SourceFault parse_source_fault(Object& object) {
  using Kind = SourceFault::Kind;
  SourceFault fault;
  const std::string kind =
      object.choice("kind", "outage",
                    {"outage", "slow", "errors", "throttle", "lag", "silent", "partial-listing"});
  if (kind == "slow") {
    fault.kind = Kind::slow;
    fault.factor = config::to_number(object.require("factor"), {0, 1e6, true});
  } else if (kind == "errors") {
    fault.kind = Kind::errors;
    fault.error_rate = parse_share(object, "rate");
  } else if (kind == "throttle") {
    fault.kind = Kind::throttle;
    const Node& rate = object.require("rate_limit");
    fault.rate_limit = config::to_rate(rate);
    if (fault.rate_limit->count <= 0) {
      config::fail(rate, "a rate limit of 0 is an outage; allowed is a rate above 0");
    }
  } else if (kind == "lag") {
    fault.kind = Kind::lag;
    fault.lag = config::to_duration(object.require("lag"));
  } else if (kind == "silent") {
    fault.kind = Kind::silent;
  } else if (kind == "partial-listing") {
    fault.kind = Kind::partial_listing;
    fault.lost_pages = parse_share(object, "probability");
  }
  return fault;
}

BusFault parse_bus_fault(Object& object) {
  using Kind = BusFault::Kind;
  BusFault fault;
  const std::string kind =
      object.choice("kind", "outage", {"outage", "drop", "duplicate", "delay"});
  if (kind == "outage") {
    fault.lost = object.choice("events", "held", {"held", "lost"}) == "lost";
  } else if (kind == "delay") {
    fault.kind = Kind::delay;
    fault.delay = sim::parse_distribution(object.require("delay"));
  } else {
    fault.kind = kind == "drop" ? Kind::drop : Kind::duplicate;
    fault.probability = parse_share(object, "probability");
  }
  return fault;
}

void read_service_fault(Object& object, FaultConfig& fault) {
  fault.momentary = object.choice("kind", "crash", {"crash", "pause"}) == "crash";
  fault.effect =
      ServiceFault{fault.momentary ? ServiceFault::Kind::crash : ServiceFault::Kind::pause};
}

void read_index_fault(Object& object, FaultConfig& fault) {
  object.choice("kind", "outage", {"outage"});
  fault.effect = IndexFault{};
}

FaultTarget source_target(const std::string& source) {
  const std::string name = "source:" + source;
  return {name, name, [source](Object& object, FaultConfig& fault) {
            SourceFault effect = parse_source_fault(object);
            effect.source = source;
            fault.effect = std::move(effect);
          }};
}

FaultTarget bus_target(const std::string& written, const std::string& bus) {
  return {written, "bus:" + bus, [bus](Object& object, FaultConfig& fault) {
            BusFault effect = parse_bus_fault(object);
            effect.bus = bus;
            fault.effect = std::move(effect);
          }};
}

void parse_length(Object& object, Duration duration, FaultConfig& fault) {
  const Node& at = object.require("at");
  fault.at = Time{} + config::to_duration(at);
  const Node* length = object.find("for");
  if (length != nullptr) fault.length = config::to_duration(*length);
  if (!fault.momentary && fault.length == Duration{}) {
    if (length != nullptr) config::fail(*length, "a fault lasts some time; allowed is above 0");
    config::fail(object.node(), "\"for\" is missing: a fault lasts some time, above 0");
  }
  if (fault.at >= Time{} + duration) {
    config::fail(at, "the fault begins after the run's duration; allowed is before it");
  }
  if (fault.end() > Time{} + duration) {
    config::fail(
        object.node(),
        "the fault ends after the run's duration; allowed is at or before it, as nothing is "
        "lost while the run quiesces");
  }
}

FaultConfig parse_fault(const Node& node, const std::vector<FaultTarget>& targets,
                        Duration duration) {
  Object object(node);
  FaultConfig fault;
  const FaultTarget& target = target_named(object.require("target"), targets);
  fault.target = target.name;
  object.require("kind");
  target.read(object, fault);
  parse_length(object, duration, fault);
  object.done();
  return fault;
}

}  // namespace

std::vector<FaultTarget> fault_targets(const std::vector<std::string>& sources,
                                       const std::vector<std::string>& buses) {
  std::vector<FaultTarget> targets = {{"mds", "mds", read_service_fault},
                                      {"index", "index", read_index_fault}};
  for (const std::string& bus : buses) {
    if (bus == kMainBus) targets.push_back(bus_target("bus", bus));
    targets.push_back(bus_target("bus:" + bus, bus));
  }
  for (const std::string& source : sources) targets.push_back(source_target(source));
  return targets;
}

std::vector<FaultConfig> parse_faults(const Node& node, const std::vector<FaultTarget>& targets,
                                      Duration duration) {
  if (node.kind != config::Kind::array) {
    config::fail(node, "found " + config::shown(node) + "; allowed is an array of faults");
  }
  std::vector<FaultConfig> faults;
  for (const Node& item : node.items) faults.push_back(parse_fault(item, targets, duration));
  return faults;
}

}  // namespace rehearse::models

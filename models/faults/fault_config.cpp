#include "models/faults/fault_config.hpp"

#include <algorithm>
#include <string_view>

#include "models/transport/bus_config.hpp"

namespace rehearse::models {
namespace {

using config::Node;
using config::Object;
using Kind = FaultConfig::Kind;
using Target = FaultConfig::Target;

constexpr std::string_view kSource = "source:";
constexpr std::string_view kBus = "bus:";

void parse_target(const Node& node, const std::vector<std::string>& sources,
                  const std::vector<std::string>& buses, FaultConfig& fault) {
  const std::string text = config::to_string(node);
  std::vector<std::string> allowed = {"mds", "index"};
  for (const std::string& bus : buses) {
    if (bus == kMainBus) allowed.push_back("bus");
    allowed.push_back(std::string(kBus) + bus);
  }
  for (const std::string& source : sources) allowed.push_back(std::string(kSource) + source);
  if (std::find(allowed.begin(), allowed.end(), text) == allowed.end()) {
    std::string message = "found \"" + text + "\"; allowed is one of";
    for (const std::string& name : allowed) message += " " + name;
    if (const auto near = config::nearest(text, allowed))
      message += "; did you mean " + *near + "?";
    config::fail(node, message);
  }
  if (text == "mds") {
    fault.target = Target::mds;
  } else if (text == "index") {
    fault.target = Target::index;
  } else if (text.starts_with(kSource)) {
    fault.target = Target::source;
    fault.name = text.substr(kSource.size());
  } else {
    fault.target = Target::bus;
    fault.name = text == "bus" ? kMainBus : text.substr(kBus.size());
  }
}

double parse_share(Object& object, const char* key) {
  return config::to_probability(object.require(key));
}

void parse_source_kind(Object& object, FaultConfig& fault) {
  const std::string kind =
      object.choice("kind", "outage",
                    {"outage", "slow", "errors", "throttle", "lag", "silent", "partial-listing"});
  if (kind == "slow") {
    fault.kind = Kind::slow;
    fault.factor = config::to_number(object.require("factor"), {0, 1e6, true});
  } else if (kind == "errors") {
    fault.kind = Kind::errors;
    fault.probability = parse_share(object, "rate");
  } else if (kind == "throttle") {
    fault.kind = Kind::throttle;
    const Node& rate = object.require("rate_limit");
    fault.rate = config::to_rate(rate);
    if (fault.rate->count <= 0) {
      config::fail(rate, "a rate limit of 0 is an outage; allowed is a rate above 0");
    }
  } else if (kind == "lag") {
    fault.kind = Kind::lag;
    fault.lag = config::to_duration(object.require("lag"));
  } else if (kind == "silent") {
    fault.kind = Kind::silent;
  } else if (kind == "partial-listing") {
    fault.kind = Kind::partial_listing;
    fault.probability = parse_share(object, "probability");
  }
}

void parse_bus_kind(Object& object, FaultConfig& fault) {
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
}

void parse_length(Object& object, Duration duration, FaultConfig& fault) {
  const Node& at = object.require("at");
  fault.at = Time{} + config::to_duration(at);
  const Node* length = object.find("for");
  if (length != nullptr) fault.length = config::to_duration(*length);
  if (fault.kind != Kind::crash && fault.length == Duration{}) {
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

FaultConfig parse_fault(const Node& node, const std::vector<std::string>& sources,
                        const std::vector<std::string>& buses, Duration duration) {
  Object object(node);
  FaultConfig fault;
  parse_target(object.require("target"), sources, buses, fault);
  object.require("kind");
  if (fault.target == Target::source) {
    parse_source_kind(object, fault);
  } else if (fault.target == Target::bus) {
    parse_bus_kind(object, fault);
  } else if (fault.target == Target::index) {
    object.choice("kind", "outage", {"outage"});
  } else {
    fault.kind =
        object.choice("kind", "crash", {"crash", "pause"}) == "crash" ? Kind::crash : Kind::pause;
  }
  parse_length(object, duration, fault);
  object.done();
  return fault;
}

}  // namespace

std::vector<FaultConfig> parse_faults(const Node& node, const std::vector<std::string>& sources,
                                      const std::vector<std::string>& buses, Duration duration) {
  if (node.kind != config::Kind::array) {
    config::fail(node, "found " + config::shown(node) + "; allowed is an array of faults");
  }
  std::vector<FaultConfig> faults;
  for (const Node& item : node.items) {
    faults.push_back(parse_fault(item, sources, buses, duration));
  }
  return faults;
}

}  // namespace rehearse::models

#include "models/transport/bus_config.hpp"

#include <algorithm>
#include <vector>

namespace rehearse::models {
namespace {

using config::Node;
using config::Object;

StandstillConfig parse_standstill(const Node& node, const char* length) {
  Object object(node);
  StandstillConfig result;
  const Node& every = object.require("every");
  result.every = sim::parse_distribution(every);
  if (result.every.always_zero()) {
    config::fail(every, "a standstill after no time never ends; allowed is a time above 0");
  }
  result.length = sim::parse_distribution(object.require(length));
  object.done();
  return result;
}

void parse_reorder(const Node& node, BusConfig& bus) {
  Object object(node);
  bus.reorder = object.probability("probability", 0);
  bus.reorder_delay = sim::distribution_of(object, "delay", bus.reorder_delay);
  object.done();
  if (bus.kind == BusConfig::Kind::kafka && bus.reorder > 0) {
    config::fail(node, "a kafka bus keeps the order within a partition; reorder is for kind queue");
  }
}

// Members of one kind of bus are errors on the other, so that no setting is without effect.
void parse_kind(Object& object, BusConfig& bus) {
  if (bus.kind == BusConfig::Kind::queue) {
    if (const Node* partitions = object.find("partitions")) {
      config::fail(*partitions, "a queue has no partitions; allowed for kind kafka");
    }
    bus.redeliver_after = object.duration_or_none("redeliver_after", std::nullopt);
    if (bus.redeliver_after == Duration{}) {
      config::fail(object.require("redeliver_after"),
                   "redelivery after no time never ends; allowed is a time above 0 or \"none\"");
    }
    return;
  }
  bus.partitions = static_cast<std::size_t>(
      object.integer("partitions", static_cast<std::int64_t>(bus.partitions), 1, 100'000));
  if (const Node* node = object.find("rebalance")) bus.rebalance = parse_standstill(*node, "pause");
}

BusConfig parse_bus(const Node& node) {
  Object object(node);
  BusConfig bus;
  if (object.choice("kind", "queue", {"kafka", "queue"}) == "kafka") {
    bus.kind = BusConfig::Kind::kafka;
  }
  bus.delay = sim::distribution_of(object, "delay", bus.delay);
  bus.drop = object.probability("drop", bus.drop);
  bus.duplicate = object.probability("duplicate", bus.duplicate);
  if (const Node* reorder = object.find("reorder")) parse_reorder(*reorder, bus);
  bus.retention = object.duration("retention", bus.retention);
  if (const Node* pause = object.find("consumer_pause")) {
    bus.consumer_pause = parse_standstill(*pause, "for");
  }
  parse_kind(object, bus);
  object.done();
  return bus;
}

// Several buses are an object of objects; one bus has settings that are no objects, or are known.
bool names_buses(const Node& node) {
  static const std::vector<std::string> kSettings = {
      "kind",      "delay",           "drop",           "duplicate", "reorder", "partitions",
      "retention", "redeliver_after", "consumer_pause", "rebalance"};
  return node.kind == config::Kind::object && !node.members.empty() &&
         std::all_of(node.members.begin(), node.members.end(), [](const auto& member) {
           return member.second.kind == config::Kind::object &&
                  std::find(kSettings.begin(), kSettings.end(), member.first) == kSettings.end();
         });
}

}  // namespace

std::map<std::string, BusConfig> parse_buses(const Node& node) {
  std::map<std::string, BusConfig> buses;
  if (!names_buses(node)) {
    buses.emplace(kMainBus, parse_bus(node));
    return buses;
  }
  for (const auto& [name, bus] : node.members) buses.emplace(name, parse_bus(bus));
  return buses;
}

}  // namespace rehearse::models

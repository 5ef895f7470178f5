#include "models/transport/network_config.hpp"

#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace rehearse::models {
namespace {

using config::Node;
using config::Object;

constexpr std::array<std::pair<std::string_view, double>, 7> kUnits = {{{"B/s", 1.0},
                                                                        {"kB/s", 1e3},
                                                                        {"MB/s", 1e6},
                                                                        {"GB/s", 1e9},
                                                                        {"kbit/s", 1e3 / 8},
                                                                        {"Mbit/s", 1e6 / 8},
                                                                        {"Gbit/s", 1e9 / 8}}};

LinkConfig parse_link(const Node& node) {
  Object object(node);
  LinkConfig link;
  link.latency = object.duration("latency", link.latency);
  link.bytes_per_second = parse_bandwidth(object.require("bandwidth"));
  object.done();
  return link;
}

std::map<std::string, LinkConfig> parse_links(const Node& node) {
  Object check(node);
  std::map<std::string, LinkConfig> links;
  for (const auto& [source, link] : node.members) links.emplace(source, parse_link(link));
  return links;
}

}  // namespace

double parse_bandwidth(const Node& node) {
  const std::string text = config::to_string(node);
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const std::string_view unit(stop, static_cast<std::size_t>(end - stop));
  for (const auto& [name, scale] : kUnits) {
    if (error == std::errc() && unit == name && value > 0 && value < 1e15) return value * scale;
  }
  config::fail(node, "found " + config::shown(node) +
                         "; allowed is a bandwidth above 0 such as \"10MB/s\" or \"1Gbit/s\" (B, "
                         "kB, MB, GB, kbit, Mbit, Gbit)");
}

NetworkConfig parse_network(const Node& node) {
  Object object(node);
  NetworkConfig network;
  network.delay = sim::distribution_of(object, "delay", network.delay);
  if (const Node* links = object.find("links")) network.links = parse_links(*links);
  if (const Node* shared = object.find("shared")) {
    network.shared = parse_link(*shared);
    if (network.links.empty()) {
      config::fail(*shared,
                   "a shared link without links carries nothing; allowed beside \"links\"");
    }
  }
  if (object.choice("model", "plain", {"plain", "tcp"}) == "tcp") {
    network.model = sim::LinkModel::tcp;
  }
  const auto size = [&](const char* key, std::uint64_t otherwise) {
    return static_cast<std::uint64_t>(
        object.integer(key, static_cast<std::int64_t>(otherwise), 0, 1'000'000'000));
  };
  network.request_size = size("request_size", network.request_size);
  network.header_size = size("header_size", network.header_size);
  object.done();
  return network;
}

}  // namespace rehearse::models

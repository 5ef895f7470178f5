// Settings of the network between the service and the sources' APIs: the "network" section.
//
//   "network": { "delay": {"constant": "0s"},                        // each way, all sources
//                "links": { "datasets": {"latency": "1ms", "bandwidth": "10MB/s"} },   // or "*"
//                "shared": {"latency": "0s", "bandwidth": "1Gbit/s"}, "model": "plain",
//                "request_size": 500, "header_size": 300 }
//
// A source with a link sends its calls over it (and over `shared`, where there is one), where calls
// and answers share the bandwidth with the others under way; other sources have the plain delay.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/config.hpp"
#include "base/time.hpp"
#include "sim/distribution.hpp"
#include "sim/links.hpp"

namespace rehearse::models {

struct LinkConfig {
  Duration latency;
  double bytes_per_second = 0;
};

struct NetworkConfig {
  sim::Distribution delay;
  std::map<std::string, LinkConfig> links;  ///< by source name; "*" for all others
  std::optional<LinkConfig> shared;
  sim::LinkModel model = sim::LinkModel::plain;
  std::uint64_t request_size = 500;  ///< bytes of a call, beside its path
  std::uint64_t header_size = 300;   ///< bytes of an answer, beside its body
};

/// Throws InputError.
NetworkConfig parse_network(const config::Node& node);

/// "500kB/s", "10MB/s", "1Gbit/s" as bytes per second. Throws InputError.
double parse_bandwidth(const config::Node& node);

}  // namespace rehearse::models

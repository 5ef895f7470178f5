// Settings of a source system's API: the scenario's sources.NAME.api section.
//
//   "api": { "servers": 64, "service_time": {"constant": "1ms"}, "rate_limit": "none",
//            "rate_limit_burst": 1, "error_rate": 0, "timeout_rate": 0,
//            "replica_lag": {"constant": "0s"}, "list": {"page_size": 100, "paging": "cursor"} }
#pragma once

#include <optional>

#include "base/config.hpp"
#include "base/time.hpp"
#include "sim/distribution.hpp"
#include "world/world.hpp"

namespace rehearse::models {

struct ApiConfig {
  int servers = 64;
  sim::Distribution service_time = sim::Distribution::constant(Duration::milliseconds(1));
  std::optional<Rate> rate_limit;  ///< calls above it are answered 429, with Retry-After
  std::int64_t rate_limit_burst = 1;
  double error_rate = 0;          ///< share of calls that end with status 500
  double timeout_rate = 0;        ///< share of calls that are served and never answered
  sim::Distribution replica_lag;  ///< how old the state read is
  world::Listing list;
};

/// Throws InputError.
ApiConfig parse_api(const config::Node& node);

}  // namespace rehearse::models

// Settings of an event bus: the scenario's "bus" section, one bus or several by name.
//
//   "bus": { "kind": "queue", "delay": {"constant": "0s"}, "drop": 0, "duplicate": 0,
//            "reorder": {"probability": 0, "delay": {"constant": "0s"}}, "retention": "7d",
//            "redeliver_after": "none",                                            // queue
//            "partitions": 12, "rebalance": {"every": DIST, "pause": DIST},        // kafka
//            "consumer_pause": {"every": DIST, "for": DIST} }
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/config.hpp"
#include "base/time.hpp"
#include "sim/distribution.hpp"

namespace rehearse::models {

/// The consumer stands still again and again: after a drawn time, for a drawn time.
struct StandstillConfig {
  sim::Distribution every;
  sim::Distribution length;
};

struct BusConfig {
  enum class Kind : unsigned char { kafka, queue };
  Kind kind = Kind::queue;
  sim::Distribution delay;
  double drop = 0;
  double duplicate = 0;
  double reorder = 0;               ///< share of events that are held back
  sim::Distribution reorder_delay;  ///< by that much more
  std::size_t partitions = 12;
  Duration retention = Duration::days(7);
  std::optional<Duration> redeliver_after;  ///< unacknowledged for that long (visibility timeout)
  std::optional<StandstillConfig> consumer_pause;
  /// A standstill after which all that is not committed comes again.
  std::optional<StandstillConfig> rebalance;
};

/// The name of a bus that is not named.
inline const std::string kMainBus = "main";

/// Parses the section. Throws InputError.
std::map<std::string, BusConfig> parse_buses(const config::Node& node);

}  // namespace rehearse::models

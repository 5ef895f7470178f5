// Settings of what goes wrong, and when: the scenario's "faults" section.
//
//   { "at": "1h", "for": "10m", "target": "source:datasets", "kind": "outage" }
//
//   target         kind
//   source:NAME    outage | slow {factor} | errors {rate} | throttle {rate_limit} | lag {lag} |
//                  silent (changes are not announced) |
//                  partial-listing {probability} (of a page: answered without its items)
//   bus, bus:NAME  outage {events: "held" | "lost"} | drop {probability} |
//                  duplicate {probability} | delay {delay: DIST}
//   mds            crash ("for" is how long it stays down) | pause
//   index          outage (of a search index that follows the facts)
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "sim/distribution.hpp"

namespace rehearse::models {

struct FaultConfig {
  enum class Target : unsigned char { source, bus, mds, index };
  enum class Kind : unsigned char {
    outage,
    slow,
    errors,
    throttle,
    lag,
    silent,
    partial_listing,
    drop,
    duplicate,
    delay,
    crash,
    pause
  };

  Time at;
  Duration length;
  Target target = Target::source;
  std::string name;  ///< of the source or bus
  Kind kind = Kind::outage;
  double factor = 1;         ///< slow
  double probability = 0;    ///< errors, partial_listing, drop, duplicate
  std::optional<Rate> rate;  ///< throttle
  Duration lag;
  sim::Distribution delay;
  bool lost = false;  ///< outage of a bus: events are lost, not held back

  Time end() const { return at + length; }
};

/// Parses the array. A fault must begin and end within `duration`, so that nothing is lost while
/// the run quiesces. Throws InputError.
std::vector<FaultConfig> parse_faults(const config::Node& node,
                                      const std::vector<std::string>& sources,
                                      const std::vector<std::string>& buses, Duration duration);

}  // namespace rehearse::models

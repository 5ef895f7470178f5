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
//
// A target is an entry of a list: its name, and how a fault on it is read. Those above are always
// in it; models that act in a run add theirs (models/host/declaration.hpp) and hear of their faults
// by the same name (models/faults/faults.hpp).
#pragma once

#include <any>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "sim/distribution.hpp"

namespace rehearse::models {

struct FaultConfig {
  Time at;
  Duration length;
  std::string target;      ///< FaultTarget::name
  std::any effect;         ///< what the target has read: one of the structs below, or its own
  bool momentary = false;  ///< it may last no time at all

  Time end() const { return at + length; }
  /// What it does, where it is of that sort; else nullptr.
  template <class Effect>
  const Effect* as() const {
    return std::any_cast<Effect>(&effect);
  }
};

struct SourceFault {
  enum class Kind : unsigned char { outage, slow, errors, throttle, lag, silent, partial_listing };

  std::string source;
  Kind kind = Kind::outage;
  double factor = 1;               ///< slow
  double error_rate = 0;           ///< errors
  double lost_pages = 0;           ///< partial_listing: the chance of a page
  std::optional<Rate> rate_limit;  ///< throttle
  Duration lag;
};

struct BusFault {
  enum class Kind : unsigned char { outage, drop, duplicate, delay };

  std::string bus;
  Kind kind = Kind::outage;
  double probability = 0;  ///< drop, duplicate
  sim::Distribution delay;
  bool lost = false;  ///< outage: events are lost, not held back
};

struct ServiceFault {
  enum class Kind : unsigned char { crash, pause };

  Kind kind = Kind::crash;
};

/// An outage of the search index.
struct IndexFault {};

/// Something that faults can hit.
struct FaultTarget {
  std::string written;  ///< in the scenario
  std::string name;     ///< the same, but where one target has two names
  /// Reads "kind" and what belongs to it, and sets the effect. Throws InputError. None for a target
  /// that the format has and this version cannot hit; its name may end in ":", for all that begin
  /// with it.
  std::function<void(config::Object& section, FaultConfig& fault)> read;
};

/// What is there to be hit in every run: the service, its index, these buses and sources.
std::vector<FaultTarget> fault_targets(const std::vector<std::string>& sources,
                                       const std::vector<std::string>& buses);

/// Parses the array. A fault must begin and end within `duration`, so that nothing is lost while
/// the run quiesces. Throws InputError.
std::vector<FaultConfig> parse_faults(const config::Node& node,
                                      const std::vector<FaultTarget>& targets, Duration duration);

}  // namespace rehearse::models

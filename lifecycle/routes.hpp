// Which versions a model's requests go to, router by router.
//
// A change of rules has a number. The version that it brings is loaded first, by every shard; then
// the rule goes out, and each router applies it after a delay of its own, but never an older rule
// after a newer one. Every router carries the same part of the traffic, so while a change is under
// way an arm has its share of the routers' that have applied it. While rules are held no router
// applies one: what falls into that time happens at its end.
//
// Sans-I/O: time and each change's own stream are passed in.
// Invariant: the shares of all arms sum to 1 at every time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "stats/lognormal.hpp"
#include "stats/random.hpp"

namespace rehearse::lifecycle {

struct RoutingSettings {
  int routers = 6;
  stats::Distribution propagation =
      stats::Distribution(stats::Distribution::Exponential{Duration::seconds(5)});
  int shards = 2;
  stats::Distribution load =
      stats::Distribution(stats::lognormal(Duration::seconds(40), Duration::minutes(2)));
  /// So long after the last router has left it a version that is not kept warm is dropped.
  Duration drain = Duration::minutes(2);
};

enum class Role { production, baseline, canary };

/// "production", "baseline", "canary".
std::string to_string(Role role);

/// A share of a model's traffic that one version serves.
struct Arm {
  Role role = Role::production;
  std::int64_t version = 0;
  double share = 1;

  bool operator==(const Arm&) const = default;
};

/// When a change of rules takes effect, unless rules are held (Routes::applied).
struct RuleChange {
  std::int64_t number = 0;
  Time loaded;  ///< by the last shard; the rule goes out then
  Time first;   ///< router to apply it
  Time last;    ///< router to apply it
};

class Routes {
 public:
  /// All traffic goes to the first version. REQUIRES: a router, a shard.
  Routes(RoutingSettings settings, std::int64_t first);

  /// New rules, in force once they are applied; `load` says whether what they bring has to be
  /// loaded. REQUIRES: shares that sum to 1, times that do not go backwards.
  RuleChange change(std::vector<Arm> arms, bool load, stats::Stream stream, Time now);

  /// Whether rules are held from now on.
  void hold(bool held, Time now);
  /// When what was to be applied at a time really is; never() while rules are held, as far as is
  /// known.
  Time applied(Time planned) const;

  /// Whether there are rules whose time is not known because of the hold that goes on.
  bool holds_back() const;

  /// Who serves at a time, by role, then by version, newest last.
  std::vector<Arm> arms(Time now) const;
  /// When a router next applies a rule; nullopt when all have.
  std::optional<Time> next_change(Time after) const;
  /// Whether any router sends requests to the version.
  bool serves(std::int64_t version, Time now) const;

 private:
  struct Rule {
    std::int64_t number;
    std::vector<Arm> arms;
    std::vector<Time> planned;  ///< per router
  };

  const Rule& in_force(std::size_t router, Time now) const;

  RoutingSettings settings_;
  std::vector<Rule> rules_;                   ///< by number; the first has been applied by all
  std::vector<std::pair<Time, Time>> holds_;  ///< in order; never() ends one that goes on
};

}  // namespace rehearse::lifecycle

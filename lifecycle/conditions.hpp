// What faults do to a lifecycle, as long as they last: everything together at one time.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/time.hpp"
#include "lifecycle/routes.hpp"
#include "stats/duration_distribution.hpp"

namespace rehearse::lifecycle {

struct SignalConditions {
  bool outage = false;  ///< every try is lost
  double drop = 0;      ///< chances beside those of the settings, independent of them
  double duplicate = 0;
  std::optional<stats::Distribution> delay = {};  ///< of every arrival, beside the settings'
};

struct ModelConditions {
  double errors = 0;  ///< chance that an answer is an error, independent of its version's
  double slower = 1;  ///< factor on every latency

  bool operator==(const ModelConditions&) const = default;
};

/// Whether anything is different from usual.
inline bool touches(const ModelConditions& conditions) {
  return !(conditions == ModelConditions{});
}

struct Conditions {
  SignalConditions signals = {};
  bool rules_held = false;                             ///< no router applies a rule
  bool cluster_out = false;                            ///< no training starts; those that run go on
  std::set<Role> unmeasured = {};                      ///< arms of which monitoring shows nothing
  std::map<std::string, ModelConditions> models = {};  ///< by name; those that are touched
};

/// What holds for all models, in words: "rules are held; no training starts"; empty without faults.
std::string describe(const Conditions& conditions);

}  // namespace rehearse::lifecycle

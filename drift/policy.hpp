// Monitor policies: what is checked how often, what counts as drift, and what is done about it.
//
// A policy is data (JSON, read strictly); those of the monitoring table for MDL-REC, MDL-SEARCH and
// MDL-QUAL ship with the program (drift/policies). A check violates the policy when every condition
// holds, of one and the same feature where several are looked at. Violating checks in a row are an
// episode. A response is due when the episode has gone on for `checks` checks and longer than
// `longer_than`; it happens once per episode, not within its cool-down, and not more often than its
// cap allows. A retraining ends the episode: what it mends must show again before the next one.
//
//   { "name": "rec-data", "model": "MDL-REC", "drift": "data", "signal": "top features",
//     "watch": "features", "every": "1h",
//     "conditions": [ { "measure": "psi", "above": 0.2 } ],
//     "responses": [ { "action": "alert", "checks": 3 },
//                    { "action": "retrain", "longer_than": "24h", "cool_down": "7d" } ] }
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "drift/condition.hpp"
#include "drift/watch.hpp"

namespace rehearse::drift {

enum class ActionKind { alert, retrain, investigate, expand_data };

/// When an action is due: how long drift has to last, and how soon and how often it may come again.
struct ResponseRule {
  ActionKind action = ActionKind::alert;
  std::string emphasis;                 ///< what the action should use, for example "recent data"
  int checks = 1;                       ///< violating checks in a row
  std::optional<Duration> longer_than;  ///< since the first of them
  Duration cool_down;                   ///< after this response before it may happen again
  std::optional<int> cap;               ///< times in any `cap_window`
  Duration cap_window = Duration::days(30);
};

/// The window before a check whose mean is the baseline of `degradation`.
struct Baseline {
  Duration window = Duration::days(30);
  int least_values = 7;  ///< with fewer there is no baseline and no violation
};

struct Policy {
  std::string name;
  std::string model;
  std::string drift;   ///< "data", "concept" or "prediction"
  std::string signal;  ///< what is measured, in words or as the name of a series
  /// Told from the signal where the policy does not say it; nullopt for a signal of one's own.
  std::optional<Watch> watch;
  Duration every = Duration::days(1);
  Baseline baseline;
  std::vector<Condition> conditions;
  std::vector<ResponseRule> responses;
};

std::string to_string(ActionKind action);

/// Reads one policy. Throws InputError.
Policy read_policy(const config::Node& node);

/// Reads {"policies": [...]}; names are unique. Throws InputError.
std::vector<Policy> read_policies(const config::Node& node);

/// The policies that ship with the program, in the order of their files' names.
std::vector<Policy> shipped_policies();

}  // namespace rehearse::drift

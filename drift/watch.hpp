// What a policy looks at while a model serves.
//
//   "watch": "features"    each feature's served values against those that the version was trained
//   on "watch": { "features": ["age", "country"] }      those alone "watch": "score"       the
//   version's scores against those at its promotion "watch": "engagement"  clicks per request,
//   "unmatched" the share of requests unlike any in the
//                          training data, "errors" the share of failed ones: one number a check
//
// A policy of the monitoring table says it with its signal; one for data of your own need not watch
// anything.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"

namespace rehearse::drift {

enum class Watched { features, score, engagement, unmatched, errors };

std::string to_string(Watched watched);

struct Watch {
  Watched what = Watched::features;
  std::vector<std::string> features;  ///< by name; none named means all
};

/// Whether samples are compared, rather than one number looked at.
bool compares_samples(Watched watched);

/// Throws InputError.
Watch read_watch(const config::Node& node);

/// What a signal of the monitoring table stands for, or one that is the name of what is watched.
std::optional<Watched> watched_by(const std::string& signal);

}  // namespace rehearse::drift

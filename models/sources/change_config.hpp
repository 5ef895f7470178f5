// Settings of the random changes of a source: the scenario's sources.NAME.changes section.
//
//   { "type": "Dataset", "op": "update", "rate": "0.001/s", "per": "entity" }        // Poisson
//   { "type": "Dataset", "op": "update", "rate": "10/s",
//     "burst": {"on": DIST, "off": DIST, "quiet": "0/s"} }                           // on and off
//   { "type": "Dataset", "op": "create", "interval": DIST }                          // renewals
//   "start": "stationary"                              or "renewal", see change_process.hpp
//   "fields": {"state": ["RUNNING", "FAILED"]},       one of these, drawn anew
//   "refs":   {"pipeline": {"type": "Pipeline", "count": 1, "pick": "uniform"}}
//                                                         or "zipf", "exponent": 1
//
// An update without fields and refs alters nothing but the version.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "sim/distribution.hpp"
#include "world/world.hpp"

namespace rehearse::models {

/// One of these values, each as likely as the others.
struct FieldChoice {
  std::string attribute;
  std::vector<world::FieldValue> values;
};

/// `count` different entities of `type` that exist, or all where there are fewer. Uniform: every
/// set of them as likely; zipf: one after the other, the k-th of those that exist in proportion to
/// 1/k^exponent (stats/zipf.hpp), as world::RefPick.
struct RefChoice {
  std::string attribute;
  std::string type;
  std::size_t count = 1;
  bool zipf = false;
  double exponent = 1;
};

/// The rate holds while on; `quiet` while off. Starts on or off by the shares of the means.
struct BurstConfig {
  sim::Distribution on;
  sim::Distribution off;
  Rate quiet{0, Duration::seconds(1)};
};

struct ChangeConfig {
  std::string type;
  world::Op op = world::Op::update;
  bool per_entity = true;  ///< the rate or interval is of each entity, not of the type
  std::optional<Rate> rate;
  std::optional<sim::Distribution> interval;  ///< exactly one of the two
  std::optional<BurstConfig> burst;
  bool stationary = true;  ///< begins as if it had been going on for ever; else anew
  std::vector<FieldChoice> fields;
  std::vector<RefChoice> refs;
};

/// Parses the array. `source` is the shape that the changes happen to, `all` those of the run.
/// Throws InputError.
std::vector<ChangeConfig> parse_changes(const config::Node& node, const world::SourceShape& source,
                                        const std::vector<world::SourceShape>& all);

}  // namespace rehearse::models

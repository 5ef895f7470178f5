// The lifecycles of models as spans and marks over time: when each version was trained, was a
// canary and served, and what was found meanwhile.
//
// It is made of the records of operations (lifecycle/lineage.hpp). A version is in training from
// when it is asked for until its gates have decided, a canary from its launch until it is promoted
// or taken back, in production while the pointer names it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lifecycle/lineage.hpp"

namespace rehearse::reports {

enum class VersionRole { training, canary, production };

struct VersionSpan {
  VersionRole role = VersionRole::training;
  std::int64_t version = 0;
  Time from, until;
};

struct LifecycleMark {
  enum class Kind {
    alert,
    held_back,
    passed,
    marginal,
    failed  ///< a training, gates, a canary, or the version that served
  };
  Kind kind = Kind::alert;
  VersionRole lane = VersionRole::production;  ///< of what is no alert
  Time at;
};

struct ModelTimeline {
  std::string model;
  std::size_t events = 0;
  std::vector<VersionSpan> spans;  ///< in the order of their ends; those that go on come last
  std::vector<LifecycleMark> marks;
};

/// Of the `most` models with most records, in the order in which models first appear. What goes on
/// ends at `end`.
std::vector<ModelTimeline> lifecycle_timelines(const std::vector<lifecycle::Record>& records,
                                               Time end, std::size_t most);

/// How many models there are.
std::size_t models_in(const std::vector<lifecycle::Record>& records);

}  // namespace rehearse::reports

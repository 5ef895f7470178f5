// One lifecycle of one model, from time 0 to an end, and what was told of it.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lifecycle/lifecycle.hpp"

namespace rehearse::lifecycle {

/// Conditions of a lifecycle from a time on.
using Faults = std::vector<std::pair<Time, Conditions>>;

/// What happened in a lifecycle, and what was served.
class Measured {
 public:
  void add(Lifecycle& life, Time now);

  /// All facts of a kind, with their times.
  template <class Kind>
  std::vector<std::pair<Time, Kind>> all() const {
    std::vector<std::pair<Time, Kind>> found;
    for (const auto& [at, what] : facts_) {
      if (const auto* one = std::get_if<Kind>(&what)) found.emplace_back(at, *one);
    }
    return found;
  }

  /// Trainings that have got a slot.
  int runs() const { return int(all<TrainingStarted>().size()); }
  /// Promotions that earned less than 1% more than what they took the place of.
  int wasted() const;
  /// Responses of monitors, none of which was held back.
  std::vector<std::pair<Time, Responded>> responses(const std::string& action = {}) const;
  /// 1 - expected clicks over those of the best ranking, from then on.
  double lost(Time from) const;
  /// Clicks less those expected, in standard deviations of a count.
  double click_score() const;

 private:
  std::vector<std::pair<Time, Happened>> facts_;
  std::vector<Served> served_;
};

/// Runs the lifecycle of a seed up to and with `until`.
Measured run(const ModelSettings& settings, std::uint64_t seed, Time until,
             const Faults& faults = {});

/// A model of the pinned world, with the defaults of everything, and these of the shipped policies.
ModelSettings pinned_model(const std::vector<std::string>& policies = {});

/// Days of a duration.
double days(Duration duration);

}  // namespace rehearse::lifecycle

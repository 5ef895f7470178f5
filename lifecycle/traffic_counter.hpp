// What comes of a model's requests, counted arm by arm and segment by segment.
//
// A segment is a part of an hour in which the same versions serve the same shares. Whole hours are
// counted at once, unless the model is watched, minute by minute: while a canary runs, for an hour
// after its traffic changed, and whenever the chance that the error rule fires in a minute is not
// below kNegligible; so it is while a fault touches its answers. Draws come from the hour's own
// stream, in the order of segments and arms. What was to be expected exactly is kept with the
// counts, for those who look on. Invariants: counts of arms sum to those of the model; errors +
// slow + clicks <= requests.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "learning/engagement.hpp"
#include "learning/population.hpp"
#include "learning/streams.hpp"
#include "learning/traffic.hpp"
#include "lifecycle/conditions.hpp"
#include "lifecycle/release_flow.hpp"

namespace rehearse::lifecycle {

class TrafficCounter {
 public:
  static constexpr double kNegligible = 1e-12;

  struct Settings {
    learning::Traffic traffic = {};
    learning::ServingPolicy serving = {};
    Duration overhead = {};  ///< mean routing time of a request
    ErrorRuleSettings errors = {};
  };

  /// `population` outlives this.
  TrafficCounter(const learning::Population& population, learning::Streams streams,
                 Settings settings);

  /// What faults do from now on. REQUIRES: all before is counted.
  void conditions(const ModelConditions& model, const std::set<Role>& unmeasured);

  /// Counts the segment up to now. REQUIRES: the arms at its start served throughout.
  void count(const ReleaseFlow& flow, Time now);
  /// The end of the segment that has begun.
  Time next_border(const ReleaseFlow& flow) const;

  /// The minute that ends now, when all of it was counted while watched.
  std::optional<MinuteOfArms> take_minute(const ReleaseFlow& flow, Time now);
  /// What a candidate has answered to copies, and production meanwhile, since its shadow began.
  ShadowReport take_shadow(const ReleaseFlow& flow, Time now);
  /// Of the production arm while it was measured, since the last call of each.
  learning::ArmCounts take_for_monitors() { return std::exchange(for_monitors_, {}); }
  learning::ArmCounts take_day() { return std::exchange(day_, {}); }

  /// Segments since the last call, in their order.
  std::vector<Served> take_served() { return std::exchange(served_, {}); }

  /// Of all arms, since the start.
  const learning::ArmCounts& total() const { return total_; }
  /// By version, since the start.
  const std::map<std::int64_t, learning::ArmCounts>& by_version() const { return by_version_; }

  /// E of a version in an hour.
  double engagement(const Version& version, learning::Hour hour);

  /// What a candidate and its baseline really earn: E of both.
  struct Trial {
    double engagement = 0, baseline = 0;
  };
  /// On average over the time in which the candidate has got traffic; nullopt of one that has not,
  /// or of one before the last.
  std::optional<Trial> trial_of(std::int64_t candidate) const;

 private:
  struct Earned {
    learning::Hour from, until;
    double engagement;
  };
  struct Bound {
    learning::Hour from, until;
    double explored, unexplored;
  };
  /// Integrals over the time of the canary whose traffic was counted last.
  struct OnTrial {
    std::int64_t candidate = 0;
    double seconds = 0, engagement = 0, baseline = 0;
  };

  /// Copies of requests that the candidate under way answers, and what production does meanwhile.
  struct Shadowed {
    std::int64_t version;
    stats::Stream stream;
    learning::ArmCounts copies = {}, production = {};
  };

  bool watched(const ReleaseFlow& flow) const;
  learning::Hour unchanged_until(learning::Hour hour) const;
  const Bound& bound(learning::Hour hour);
  ServedArm count_arm(const ReleaseFlow& flow, const Arm& arm, double expected, Time now);
  void count_copies(const ReleaseFlow& flow, const Served& served);
  void begin_minute(Time now);
  void add_to_trial(const Arm& arm, double engagement, Duration length);
  ServingConditions conditions(const ReleaseFlow& flow, std::int64_t version, Time at) const;
  stats::Stream& stream(learning::Hour hour);
  std::optional<ArmMinute> minute_of(Role role, const ReleaseFlow& flow, std::int64_t version,
                                     Time now);

  const learning::Population& population_;
  learning::Streams streams_;
  Settings settings_;
  Time counted_, minute_from_;
  ModelConditions fault_;
  std::set<Role> unmeasured_;
  std::set<Role> unmeasured_in_minute_;  ///< for a part of it, or all of it
  std::optional<Time> changed_;          ///< when other arms began to serve last
  std::vector<Arm> arms_;
  std::optional<std::pair<learning::Hour, stats::Stream>> stream_;
  std::map<std::int64_t, Earned> earned_;
  std::optional<Bound> bound_;
  OnTrial trial_;
  std::optional<Shadowed> shadowed_;
  std::vector<Served> served_;
  std::map<std::pair<Role, std::int64_t>, learning::ArmCounts> minute_;
  learning::ArmCounts for_monitors_, day_, total_;
  std::map<std::int64_t, learning::ArmCounts> by_version_;
};

}  // namespace rehearse::lifecycle

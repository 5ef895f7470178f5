// Where a model's requests come from, hour by hour: a world that is drawn (ChangingWorld), or rows
// of a file (RecordedPopulation). Operations see no more of either than this.
//
// A request offers some candidates of its hour; the version in production shows the one that it
// scores highest (ties: uniformly), or with the chance `exploration` a uniform one. Given the hour,
// requests are independent, so what comes of them are binomial counts of an exact chance, and a
// monitor's counts in bins are multinomial with exact shares.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "learning/engagement.hpp"
#include "learning/hour.hpp"
#include "learning/linear_model.hpp"
#include "learning/served_values.hpp"
#include "learning/world.hpp"
#include "stats/random.hpp"

namespace rehearse::learning {

struct HourLog;
struct LoggedRows;

/// Served values, a column for each feature, NaN where one was absent.
using CandidateColumns = std::vector<std::vector<double>>;

/// The share of requests that would end in a click if the best of their candidates were shown, or a
/// uniform one of them.
struct Reach {
  double best = 0, random = 0;
};

class Population {
 public:
  virtual ~Population() = default;

  virtual std::size_t features() const = 0;
  /// Whether an hour has candidates; in one without there are no requests, and all of the below is
  /// of nothing.
  virtual bool offers(Hour hour) const = 0;
  /// The first hour after `hour` in which anything may be otherwise; nullopt when nothing will.
  virtual std::optional<Hour> next_change(Hour hour) const = 0;
  /// Whether its hours follow worlds, and the ones of an hour; none of what is not drawn.
  virtual bool drawn() const = 0;
  virtual Worlds at(Hour hour) const = 0;

  /// The share of requests that end in a click, features being fresh.
  virtual double engagement(Hour hour, const LinearModel& model,
                            const ServingPolicy& serving) const = 0;
  virtual Reach reach(Hour hour, std::size_t candidates) const = 0;

  /// How the values of one candidate a request are distributed, those of each feature in `which`,
  /// and of a version's score.
  virtual std::vector<ServedValues> served_features(Hour hour,
                                                    std::span<const std::size_t> which) const = 0;
  virtual ServedValues served_score(Hour hour, const LinearModel& model) const = 0;
  /// Appends candidates of `count` requests, one of each. REQUIRES: a column for each feature.
  virtual void sample(stats::Stream& stream, Hour hour, std::size_t count,
                      CandidateColumns& columns) const = 0;

  /// Appends rows of an hour. REQUIRES: as many features in `rows`.
  virtual void log(const HourLog& hour, LoggedRows& rows) const = 0;
};

}  // namespace rehearse::learning

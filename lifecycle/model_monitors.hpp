// The monitors of one model: what its policies look at, check by check.
//
// Policies are checked at multiples of their interval, over the time since their check before:
//
//   features    the largest drift among the features: candidates that were served since against
//               candidates of the serving version's training window
//   score       the version's scores of such candidates against those at its promotion; of
//               recorded rows, against those of its training window
//   engagement  clicks a request of the production arm        errors  failed requests likewise
//   unmatched   the share of requests unlike those that the version was trained on: of parts that
//               had under 1% of its training rows
//
// Samples are not drawn row by row where counts in bins suffice: these are multinomial, with the
// exact share of each bin. Rank distances get their rows. Distances that small samples inflate
// (those of ranks, and Kullback-Leibler's) get kLargeSample of them.
// While no request of the production arm is measured there are no data.
// Another version in production renews what is compared with and ends episodes (drift::Monitor).
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "drift/monitor.hpp"
#include "learning/population.hpp"
#include "learning/streams.hpp"
#include "learning/traffic.hpp"
#include "lifecycle/version.hpp"
#include "stats/random.hpp"

namespace rehearse::lifecycle {

struct SampleSettings {
  std::size_t current = 400;
  std::size_t reference = 2000;
};

/// A policy and what it looks at in this model.
struct WatchingPolicy {
  drift::Policy policy;
  drift::Watched what = drift::Watched::features;
  std::vector<std::size_t> features = {};  ///< none: all
};

/// What a policy does about what it has found.
struct MonitorResponse {
  std::string policy;
  std::string drift;  ///< "data", "concept" or "prediction"
  drift::Action action;
  bool held_back = false;  ///< by a cool-down or a cap
  std::vector<std::size_t> features;
  double severity = 1;  ///< what was measured over its threshold; of a detector 1
};

class ModelMonitors {
 public:
  static constexpr std::size_t kLargeSample = 2000;

  /// `population` outlives this. The first version serves from time 0 on. REQUIRES: conditions that
  /// fit what each policy looks at.
  ModelMonitors(const learning::Population& population, learning::Streams streams,
                SampleSettings samples, std::vector<WatchingPolicy> policies, const Version& first);

  /// Another version serves: by promotion, or by a rollback to it.
  void renew(const Version& serving, Time now);
  /// The production arm has counted, where it is measured.
  void count(const learning::ArmCounts& production);

  /// nullopt without a policy.
  std::optional<Time> next_check() const;
  /// Makes the checks that are due, in the order of the policies. REQUIRES: not later than any
  /// check that is due.
  std::vector<MonitorResponse> check(Time now);

 private:
  struct Hours {
    learning::Hour first, last;
  };
  /// Of the hours [from, until) in which the world does not change.
  struct Shares {
    learning::Hour from, until;
    std::vector<std::vector<double>> of;  ///< bins of each feature that is looked at
  };
  struct Watch {
    WatchingPolicy policy;
    drift::Monitor monitor;
    Time checked;                              ///< last
    learning::ArmCounts since = {};            ///< counts of the production arm
    std::optional<Shares> shares = {};         ///< of what is served, as far as they are known
    std::optional<stats::Stream> stream = {};  ///< of the hour in which it was checked last
  };

  drift::Check check_one(Watch& watch, Time now);
  drift::Check check_samples(Watch& watch, Hours hours, bool data, Time now);
  learning::CandidateColumns reference_sample(stats::Stream& stream, drift::Watched what,
                                              std::size_t count) const;
  std::vector<drift::Reference> references(const WatchingPolicy& policy) const;
  std::vector<std::vector<double>> shares(const Watch& watch, learning::Hour hour) const;
  const std::vector<std::vector<double>>& mean_shares(Watch& watch, Hours hours) const;
  std::vector<std::vector<double>> rows(const Watch& watch, stats::Stream& stream,
                                        Hours hours) const;
  double unmatched(Hours hours) const;
  std::vector<std::size_t> watched_features(const WatchingPolicy& policy) const;

  const learning::Population& population_;
  learning::Streams streams_;
  SampleSettings samples_;
  Version serving_;
  Time since_;                 ///< it serves
  std::deque<Watch> watches_;  ///< monitors are not copied when it grows
};

}  // namespace rehearse::lifecycle

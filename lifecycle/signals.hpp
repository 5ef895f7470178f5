// How signals reach those who wait for them: late, twice, or not at all.
//
// A workflow subscribes to a type of signals of a source. Each signal is sent to each subscriber by
// itself. A try is lost with the chance `drop`; else it arrives after `delay`, and with the chance
// `duplicate` a second time after a delay of its own. What arrives is acknowledged. As long as
// nothing has, the signal is sent again every `redeliver_after`, `attempts` times in all; after
// that it is lost for good. An idempotent workflow runs on a signal once, a naive one on every
// arrival.
//
// Draws come from a stream per (source, type, hour, number within the hour, workflow), so a signal
// more or less changes the fate of no other that is sent in another hour. Sans-I/O: time is passed
// in.
// Invariant: what is kept of a signal goes when no try of it can arrive any more.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lifecycle/conditions.hpp"
#include "lifecycle/fact.hpp"
#include "lifecycle/signal.hpp"
#include "stats/duration_distribution.hpp"
#include "stats/random.hpp"

namespace rehearse::lifecycle {

enum class Consumption { idempotent, naive };

struct SignalSettings {
  stats::Distribution delay =
      stats::Distribution(stats::Distribution::Exponential{Duration::seconds(2)});
  double drop = 0;
  double duplicate = 0;
  Duration redeliver_after = Duration::minutes(5);
  int attempts = 5;
  Consumption consumption = Consumption::idempotent;
};

/// A workflow is to run on a signal.
struct Delivery {
  std::string workflow;
  Signal signal;
  int arrival = 1;  ///< the how-manieth arrival of the signal this is
};

/// Of a signal of a source on its way to one subscriber: `sent` once, `lost` for good, `duplicated`
/// when a try arrives twice, `redelivered` for every try after the first, `ignored` for an arrival
/// on which an idempotent workflow did not run again.
struct FateOf {
  std::string source;
  SignalFate what;
};

class Signals {
 public:
  /// REQUIRES: chances in [0, 1], an attempt, redeliver_after > 0.
  Signals(SignalSettings settings, std::uint64_t seed, std::uint64_t replication);

  /// What a fault adds to the settings from now on.
  void conditions(const SignalConditions& conditions) { conditions_ = conditions; }

  /// From now on the workflow gets the source's signals of that type.
  void subscribe(SignalType type, const std::string& source, const std::string& workflow);

  /// Sends a signal to all who have subscribed to it. REQUIRES: times do not go backwards.
  void send(const Signal& signal);

  /// When something arrives or is sent again; nullopt when nothing is under way.
  std::optional<Time> next_wakeup() const;
  /// What has arrived by now, in the order of arrival. REQUIRES: times do not go backwards.
  std::vector<Delivery> arrived(Time now);

  /// Since the last call, in their order.
  std::vector<FateOf> take_fates() { return std::exchange(fates_, {}); }
  /// Signals that are not acknowledged, or of which a copy is still under way.
  std::size_t outstanding() const { return outstanding_.size(); }

 private:
  /// By time, then in the order in which they were planned.
  using When = std::pair<Time, std::uint64_t>;
  /// A signal on its way to one subscriber.
  struct Outstanding {
    std::string workflow;
    Signal signal;
    stats::Stream stream;
    int tries = 0;
    int under_way = 0;  ///< copies that will arrive
    int arrivals = 0;
    When next_try = {};  ///< or giving up; while nothing has arrived
  };
  struct Coming {
    std::uint64_t outstanding;
    bool arrives;  ///< else it is sent again, or given up
  };

  When plan(Time at, std::uint64_t outstanding, bool arrives);
  void attempt(std::uint64_t number, Time now);
  void try_again(std::uint64_t number, Time now);
  std::optional<Delivery> arrive(std::uint64_t number);
  void tell(const Signal& signal, SignalFate::Fate fate);
  stats::Stream stream_of(const Signal& signal, const std::string& workflow);

  SignalSettings settings_;
  SignalConditions conditions_;
  std::uint64_t seed_, replication_;
  std::map<std::pair<SignalType, std::string>, std::vector<std::string>> subscribers_;
  std::map<std::uint64_t, Outstanding> outstanding_;
  std::map<When, Coming> coming_;
  std::uint64_t sent_ = 0, planned_ = 0;
  std::int64_t hour_ = 0;
  std::map<std::string, int> in_hour_;  ///< streams begun in that hour, by the name they share
  std::vector<FateOf> fates_;
};

}  // namespace rehearse::lifecycle

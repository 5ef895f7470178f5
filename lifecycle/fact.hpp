// What is measured of a lifecycle: facts as they happen, and what was served span by span.
//
// Facts are for those who look on. Some know what no operation may know, such as what a version
// earns exactly; nothing decides by them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "learning/traffic.hpp"
#include "lifecycle/gates.hpp"
#include "lifecycle/lineage.hpp"
#include "lifecycle/routes.hpp"
#include "lifecycle/signal.hpp"

namespace rehearse::lifecycle {

/// A monitor has found something.
struct Responded {
  std::string policy, action;
  bool held_back = false;  ///< by a cool-down or a cap of the policy
};

/// A training was asked for.
struct TrainingAsked {
  enum class Fate {
    queued,
    ignored,  ///< the model is busy with one
    capped
  };
  Fate fate = Fate::queued;
};

/// A training has got its slot.
struct TrainingStarted {
  std::int64_t version = 0;
  Time asked;
};

/// Its slot is free.
struct TrainingEnded {
  std::int64_t version = 0;
  Time started;
  bool succeeded = false;
};

struct GatesDecided {
  std::int64_t version = 0;
  std::optional<Gate> rejected_by;
};

/// The rule that gives a candidate its first traffic is under way.
struct CanaryLaunched {
  std::int64_t version = 0;
  Time trained;     ///< the end of its training
  Time registered;  ///< when it had passed its gates
};

/// A canary has come to its end. What is exact is averaged over the time since its first traffic.
struct CanaryDecided {
  enum class Outcome {
    passed,
    failed,
    marginal,  ///< a person is asked; another fact follows, by_person
    ended      ///< its baseline was rolled back
  };
  std::int64_t version = 0;
  Outcome outcome = Outcome::passed;
  bool by_person = false;
  bool no_data = false;
  Time launched;                                     ///< first traffic
  double engagement = 0, baseline_engagement = 0;    ///< exact E
  double errors = 0, baseline_errors = 0;            ///< chance of an error
  double latency_p99 = 0, baseline_latency_p99 = 0;  ///< seconds, of the artefact
};

/// From where on a candidate is bad: whoever measures says so, no operation knows it.
struct BadFrom {
  double engagement = 0.05;  ///< exact E so far below the baseline's
  double errors = 0.01;      ///< chance of an error
  double latency = 1.25;     ///< 99th percentile over the baseline's
};

/// A version has become production on evidence.
struct Promoted {
  std::int64_t version = 0;
  std::int64_t over = 0;                         ///< the version that was
  Time median_row;                               ///< of its training data
  double engagement = 0, engagement_before = 0;  ///< exact E of both now
};

struct RollbackTriggered {
  std::string procedure;
  std::int64_t version = 0;
  Time onset;                     ///< first traffic of the version, or the begin of a fault
  std::optional<Duration> limit;  ///< of its recovery
  Time triggered;                 ///< before now where a person had to confirm
};

struct RollbackRecovered {
  std::string procedure;
  std::int64_t version = 0;
  Time triggered;
  std::optional<Duration> limit;
};

/// There is no version to return to.
struct RollbackRefused {
  std::string procedure;
  std::int64_t version = 0;
};

/// A person was asked; `answers` is known to those who look on.
struct PersonAsked {
  std::int64_t version = 0;
  Time answers;
  bool escalated = false;
};

/// What became of a signal on its way to one subscriber.
struct SignalFate {
  enum class Fate { sent, lost, duplicated, redelivered, ignored };
  SignalType type = SignalType::drift_detected;
  Fate fate = Fate::sent;
};

/// An unsafe setting has broken an invariant.
struct Violated {
  std::string invariant;  ///< "I1" to "I6"
  std::string what;       ///< a sentence
};

using Happened =
    std::variant<Responded, TrainingAsked, TrainingStarted, TrainingEnded, GatesDecided,
                 CanaryLaunched, CanaryDecided, Promoted, RollbackTriggered, RollbackRecovered,
                 RollbackRefused, PersonAsked, SignalFate, Violated>;

struct Fact {
  std::size_t model = 0;  ///< index
  Happened what;
};
using Facts = std::vector<Fact>;

/// What one arm did in a span.
struct ServedArm {
  Role role = Role::production;
  std::int64_t version = 0;
  learning::ArmCounts counts;
  double expected_clicks = 0;  ///< exact; errors and slow answers earn nothing
};

/// A span of time of a model in which the same versions served the same shares of it.
struct Served {
  std::size_t model = 0;
  Time from, until;
  std::vector<ServedArm> arms;
  double bound_clicks = 0;             ///< of the best ranking, without errors and slow answers
  double bound_clicks_unexplored = 0;  ///< likewise, if nothing were explored
};

}  // namespace rehearse::lifecycle

// An A/B test read while it runs: primary metrics that may win, guardrails that must not break.
//
// Every metric has an always-valid interval of treatment minus control, so the test may be looked
// at at any time and stopped at any look. Primary metrics share the error alpha (Bonferroni); each
// guardrail has alpha of its own, since a guardrail can only stop a test. What a look decides, the
// first that holds:
//   guardrail violated  a guardrail's whole interval lies beyond its margin on the bad side
//   loser               a primary metric's interval lies on the bad side of 0
//   winner              `least` is over, and a primary metric is better: the smallest always-valid
//                       p-value so far is at most its alpha and the difference is good now; of a
//                       bounded metric, whose intervals only narrow: its interval is good
//   no winner           `most` is over
// Sans-I/O: observations come in one by one, or as counts since the last look; time is passed in.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "stats/sequential.hpp"

namespace rehearse::rollout {

enum class MetricKind {
  bounded,    ///< values in [0, 1]: valid at every sample size
  mean,       ///< any values: asymptotic, from the start on
  proportion  ///< 0 or 1: asymptotic, from the start on
};
enum class MetricRole { primary, guardrail };
enum class Arm { control, treatment };

struct ExperimentMetric {
  std::string name;
  MetricKind kind = MetricKind::bounded;
  MetricRole role = MetricRole::primary;
  bool higher_is_better = true;
  double margin = 0;  ///< of a guardrail: a loss up to this is accepted
  /// Observations of both arms after which an asymptotic interval is narrowest, whatever the
  /// metric's unit; 1000 is the rho of 0.094 / deviation in docs/validation.md.
  double narrowest_at = 1000;
};

struct ExperimentSettings {
  double alpha = 0.05;
  Duration least = {};                ///< no winner is named before, counted from the start
  std::optional<Duration> most = {};  ///< a test that has run so long ends
};

enum class Decision { running, winner, loser, guardrail_violated, no_winner };

std::string to_string(Decision decision);

struct Reading {
  std::string metric;
  double difference = 0;
  std::optional<stats::Interval> interval;
  std::optional<double> p_value;  ///< the smallest at a look so far; none of a bounded metric
  bool better = false;
  bool worse = false;
  bool broken = false;  ///< of a guardrail
};

class Experiment {
 public:
  /// Throws std::invalid_argument unless there is a primary metric, names are unique,
  /// 0 < alpha < 1, and least <= most.
  Experiment(std::vector<ExperimentMetric> metrics, ExperimentSettings settings, Time start = {});

  /// Throws std::out_of_range for an unknown metric. REQUIRES: a value in [0, 1] of a bounded
  /// metric, 0 or 1 of a proportion.
  void observe(const std::string& metric, Arm arm, double value);

  /// So many successes of `total` observations of a proportion: what observing them one by one
  /// gives, but for rounding. Throws std::out_of_range for an unknown metric, std::invalid_argument
  /// for one of another kind. REQUIRES: successes <= total.
  void observe_counts(const std::string& metric, Arm arm, std::uint64_t successes,
                      std::uint64_t total);

  std::vector<Reading> readings() const;

  /// A look. Once other than running, the decision stays: what comes later cannot unmake it.
  /// REQUIRES: now is not before the start.
  Decision decide(Time now);
  Decision decision() const { return decision_; }

 private:
  using Sequence = std::variant<stats::BoundedDifference, stats::AsymptoticDifference>;
  struct Tracked {
    ExperimentMetric metric;
    double alpha;
    Sequence sequence;
    std::optional<double> p_value;
  };
  Reading read(const Tracked& tracked) const;

  ExperimentSettings settings_;
  Time start_;
  std::vector<Tracked> tracked_;
  std::map<std::string, std::size_t> index_;
  Decision decision_ = Decision::running;
};

}  // namespace rehearse::rollout

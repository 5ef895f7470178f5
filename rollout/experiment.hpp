// An A/B test read while it runs: primary metrics that may win, guardrails that must not break.
//
// Every metric has an always-valid interval of treatment minus control, so the test may be read
// after every observation and stopped at any time. Primary metrics share the error alpha
// (Bonferroni); each guardrail has alpha of its own, since a guardrail can only stop a test. A
// guardrail is broken when its whole interval lies beyond its margin on the bad side. The winner is
// declared when a primary metric's interval lies on the good side of 0, none lies on the bad side,
// and no guardrail is broken.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

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

enum class Decision { running, winner, loser, guardrail_violated };

std::string to_string(Decision decision);

struct Reading {
  std::string metric;
  double difference = 0;
  std::optional<stats::Interval> interval;
  bool better = false;  ///< the interval lies on the good side of 0
  bool worse = false;
  bool broken = false;  ///< of a guardrail
};

class Experiment {
 public:
  /// REQUIRES: at least one primary metric, names unique, 0 < alpha < 1. Throws
  /// std::invalid_argument otherwise.
  Experiment(std::vector<ExperimentMetric> metrics, double alpha);

  /// Throws std::out_of_range for an unknown metric. REQUIRES: a bounded metric's value in [0, 1].
  void observe(const std::string& metric, Arm arm, double value);

  std::vector<Reading> readings() const;

  /// Once other than running, it stays: what comes later cannot unmake a decision.
  Decision decide();

 private:
  using Sequence = std::variant<stats::BoundedDifference, stats::AsymptoticDifference>;
  struct Tracked {
    ExperimentMetric metric;
    Sequence sequence;
  };

  std::vector<Tracked> tracked_;
  std::map<std::string, std::size_t> index_;
  Decision decision_ = Decision::running;
};

}  // namespace rehearse::rollout

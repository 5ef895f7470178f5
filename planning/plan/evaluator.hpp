// What planners and sweeps ask: the metrics of a scenario under an assignment of values, for one
// replication, run in forked processes and remembered.
//
// Replication i draws from the streams of (seed, i) whatever the assignment: two assignments meet
// the same arrivals (common random numbers), so their difference has far less noise than each. A
// question asked twice is run once. Answers depend on (scenario, assignment, replication) alone,
// never on jobs or on the order of questions. The scenario's file store, if it names one, stays
// untouched: runs keep their graph in memory, with the same metrics.
#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.hpp"
#include "base/os/forked.hpp"
#include "experiments/scenario/scenario.hpp"
#include "measure/metrics.hpp"

namespace rehearse::planning {

/// Values by JSON pointer, as `--set` takes them.
using Assignment = std::map<std::string, std::string>;

struct PlannedRun {
  Assignment assignment;
  std::uint64_t replication = 0;

  auto operator<=>(const PlannedRun&) const = default;
};

struct Evaluation {
  std::vector<double> metrics;  ///< in the order of Evaluator::metric_names(); empty: it failed
  std::string failure;          ///< why the run has none, after a second attempt
};

struct EvaluatorOptions {
  int jobs = 1;
  /// Told after each run how many of the batch's are done.
  std::function<void(std::size_t done, std::size_t of)> progress;
};

/// "replication 3 at /bus/drop=0.1".
std::string described(const PlannedRun& question);

class Evaluator {
 public:
  /// Reads the scenario and puts the overrides in. Throws InputError.
  Evaluator(const std::filesystem::path& file, const std::vector<experiments::Override>& overrides,
            EvaluatorOptions options);

  /// The merged scenario, and what it says.
  const config::Node& node() const { return node_; }
  const experiments::Scenario& scenario() const { return scenario_; }
  /// Of every run, sorted.
  const std::vector<std::string>& metric_names() const { return names_; }
  std::optional<std::size_t> column(std::string_view metric) const;

  /// The scenario under an assignment. Throws InputError when it is not a scenario.
  experiments::Scenario scenario(const Assignment& assignment) const;

  /// Runs what is not known yet. False after an interrupt: what was complete then is kept. Throws
  /// InputError when an assignment turns out to be wrong in its run.
  bool evaluate(const std::vector<PlannedRun>& questions);
  /// Hands each new evaluation over as its run ends, in whatever order, instead of remembering it:
  /// an interrupt loses none that is complete.
  using Deliver = std::function<void(const PlannedRun&, const Evaluation&)>;
  bool evaluate(const std::vector<PlannedRun>& questions, const Deliver& deliver);
  /// Replications first ... first+count-1 of one assignment.
  bool evaluate(const Assignment& assignment, std::uint64_t first, std::uint64_t count);

  /// nullptr when it was not asked or not completed.
  const Evaluation* find(const PlannedRun& question) const;
  /// A metric of replications 0 ... count-1, those left out whose run is missing or failed.
  /// REQUIRES: the metric is known.
  std::vector<double> values(const Assignment& assignment, std::string_view metric,
                             std::uint64_t count) const;

  /// Runs made so far, by this object.
  std::uint64_t runs() const { return runs_; }
  /// A line for each run whose process died and that was made again.
  const std::vector<std::string>& retries() const { return retries_; }

 private:
  bool evaluate(const std::vector<PlannedRun>& questions, const Deliver& deliver,
                os::Delivery delivery);
  std::vector<PlannedRun> unknown_of(const std::vector<PlannedRun>& questions) const;
  Evaluation unpacked(const std::string& text) const;

  config::Node node_;
  experiments::Scenario scenario_;
  EvaluatorOptions options_;
  std::vector<std::string> names_;
  std::map<Assignment, std::map<std::uint64_t, Evaluation>> known_;
  std::uint64_t runs_ = 0;
  std::vector<std::string> retries_;
};

}  // namespace rehearse::planning

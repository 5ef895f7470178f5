// A sweep: one scenario at every point of a grid, with the same seeds at each.
//
// The points are the products of the parameters' values that meet all conditions, the last
// parameter changing fastest; each is run with replications 0 ... N-1. A run is known by (point,
// replication) and draws from the streams of (seed, replication), so that neighbouring points meet
// the same arrivals and differ by their settings alone. What a sweep holds does not depend on the
// order in which runs were made, on jobs, on interruptions or on how many machines shared them.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "planning/plan/evaluator.hpp"
#include "planning/sweep/condition.hpp"
#include "planning/sweep/pointers.hpp"

namespace rehearse::planning {

/// A point of the grid: a value for each parameter, in their order.
using Point = std::vector<Value>;

struct MetricColumn {
  std::string name;
  std::string unit;  ///< as docs/metrics.md names it

  bool operator==(const MetricColumn&) const = default;
};

/// What is to be run. Two sweeps of equal designs may be merged.
struct Design {
  std::string scenario;  ///< its name
  std::string version;   ///< of Rehearse
  std::uint64_t seed = 1;
  std::string fingerprint;  ///< of the settings that are not varied, files they name included
  std::vector<Parameter> parameters;
  std::vector<std::string> conditions;
  std::vector<Point> points;
  std::uint64_t replications = 1;
  std::vector<MetricColumn> metrics;  ///< of every run, sorted
  std::vector<std::size_t> shown;     ///< columns of `metrics` for tables and pictures

  std::uint64_t runs() const { return points.size() * replications; }
};

struct RunKey {
  std::size_t point = 0;
  std::uint64_t replication = 0;

  auto operator<=>(const RunKey&) const = default;
};

struct Sweep {
  Design design;
  std::map<RunKey, std::vector<double>> runs;  ///< metrics in the design's order

  bool complete() const { return runs.size() == design.runs(); }
  /// One metric of a point's runs, by replication.
  std::vector<double> values(std::size_t point, std::size_t metric) const;
};

struct SweepRequest {
  std::vector<std::string> vary;
  std::vector<std::string> where;
  std::vector<std::string> metrics;  ///< to show; empty: those of the scenario's expectations
  std::uint64_t replications = 1;
};

/// Throws InputError: what parse_grid and Condition refuse, no point left, too many points, a point
/// that is no scenario, an unknown metric.
Design make_design(const SweepRequest& request, const Evaluator& evaluator);

/// Throws InputError, naming what differs first, when `other` (of the file `where`) is not of this
/// design. Replications and shown metrics may differ.
void check_same(const Design& design, const Design& other, const Where& where);

Assignment assignment_of(const Design& design, std::size_t point);

/// One of several machines that share a sweep: those runs whose number, counted replication by
/// replication, leaves the rest `index` by `of`.
struct Shard {
  std::uint64_t index = 0;
  std::uint64_t of = 1;
};

/// "2/3" is {1, 3}. Throws InputError.
Shard parse_shard(std::string_view text);

/// The runs of the shard that the sweep has not, all points in turn for each replication, so that
/// an interrupted sweep shows the whole picture.
std::vector<RunKey> missing_runs(const Sweep& sweep, const Shard& shard);

struct SweepOutcome {
  bool interrupted = false;
  std::vector<std::string> failures;  ///< "rate=5/s, replication 3: why"
};

/// Runs what is missing. Each run is told to `keep` when it is done, before it is in the sweep.
SweepOutcome run_sweep(Sweep& sweep, const std::vector<RunKey>& missing, Evaluator& evaluator,
                       const std::function<void(const RunKey&, const std::vector<double>&)>& keep);

/// "rate=5/s burst=10": short names of the parameters with a point's values.
std::string point_text(const Design& design, std::size_t point);
/// The shortest ends of the pointers that tell the parameters apart.
std::vector<std::string> short_names(const std::vector<Parameter>& parameters);

}  // namespace rehearse::planning

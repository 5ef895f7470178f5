// statistics.json: what one can believe of a scenario's means.
//
// Three curves of the run (timeseries.csv: freshness, age_mean_s, queue_length), averaged over
// replications bucket by bucket (Welch 1983), show by MSER-5 where the start-up ends; the
// scenario's warm-up should not end before. For a single run, batch means of what follows the
// warm-up give an interval for each curve's mean. Both suppose a run that settles down: of one that
// is made of an outage and its repair they say rightly that it has not settled.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "measure/series.hpp"
#include "measure/window.hpp"
#include "stats/steady_state.hpp"

namespace rehearse::reports {

/// Averages over the buckets of a run that end with its measured window or before.
struct Curves {
  std::vector<Time> begins;
  std::map<std::string, std::vector<double>> values;  ///< by the name of the column
};

Curves curves_of(const std::vector<measure::Bucket>& series, const measure::Window& window);

/// Takes the n-th run's curves into the mean of n-1 others. REQUIRES: of one scenario.
void average_in(Curves& mean, const Curves& next, int n);

struct CurveState {
  std::optional<Duration> start_up;          ///< by MSER-5; nullopt: it has not settled
  std::optional<stats::BatchMeans> batches;  ///< of a single run
};

struct SteadyState {
  Duration warmup;  ///< of the scenario
  int runs = 0;     ///< that the curves are averages of
  std::map<std::string, CurveState> curves;

  /// The longest start-up; nullopt when a curve has not settled.
  std::optional<Duration> start_up() const;
};

/// nullopt when the run has too few buckets to tell.
std::optional<SteadyState> steady_state(const Curves& curves, Duration warmup, int runs);

/// How a series of runs was ended (`--until`).
struct Precise {
  std::string metric;
  std::string wanted;  ///< as the user wrote it: "5%", "10s"
  double mean = 0;
  double half_width = 0;  ///< of the 95% interval
  bool reached = false;
  std::size_t runs = 0;
};

std::string statistics_json(const std::optional<SteadyState>& state,
                            const std::optional<Precise>& precise);

/// For a reader at a terminal, 80 columns wide.
std::string steady_text(const SteadyState& state);
std::string precise_text(const Precise& precise);

}  // namespace rehearse::reports

// How many requests a model gets, and what comes of them, as counts.
//
// Requests are a Poisson process whose intensity keeps its value through an hour. Given the hour
// they are independent, so a segment of it with one way of serving is a Poisson count and binomials
// of it: exactly what counting the requests one by one would give.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.hpp"
#include "learning/hour.hpp"
#include "stats/random.hpp"

namespace rehearse::learning {

struct Traffic {
  Rate rate = {50};
  double daily = 0.3;              ///< amplitude of the day's wave, 0 to 1
  double peak = 20;                ///< its hour of the day
  double weekend = 1;              ///< factor on days 5 and 6 of each seven, the first being 0
  std::uint64_t members = 100000;  ///< each request is of a uniform one
  std::size_t log = 400;           ///< the most rows an hour that are logged
};

/// Requests per second: rate (1 + daily cos(2 pi (k - peak) / 24)), times `weekend`.
double intensity(const Traffic& traffic, Hour hour);

/// Rows that an hour logs: `log` where the intensity is the rate or above, else in proportion.
std::size_t logged_rows(const Traffic& traffic, Hour hour);

/// What a request to an arm comes to. Errors come first; of the rest some are too slow to count,
/// and of what remains a share is clicked.
struct ArmChances {
  double error = 0;
  double slow = 0;   ///< of a request without error
  double click = 0;  ///< of one that is neither: the expected engagement
};

struct ArmCounts {
  std::uint64_t requests = 0, errors = 0, slow = 0, clicks = 0;

  ArmCounts& operator+=(const ArmCounts& other);
  bool operator==(const ArmCounts&) const = default;
};

/// One arm's counts of a segment with an expected number of requests (intensity times share times
/// length). REQUIRES: expected >= 0, chances in [0, 1].
ArmCounts draw_counts(stats::Stream& stream, double expected, const ArmChances& chances);

/// Where the 99th percentile of `requests` latencies lies in their distribution: the k-th smallest
/// of n uniform variables, k = ceil(0.99 n). REQUIRES: requests > 0.
double draw_p99_position(stats::Stream& stream, std::uint64_t requests);

}  // namespace rehearse::learning

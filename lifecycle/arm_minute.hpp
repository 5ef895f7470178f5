// What comes of the requests to one arm, and what monitoring shows of a minute of them.
#pragma once

#include <optional>

#include "learning/traffic.hpp"
#include "lifecycle/version.hpp"
#include "stats/random.hpp"

namespace rehearse::lifecycle {

/// What an answer meets besides its version.
struct ServingConditions {
  Duration overhead = Duration::milliseconds(15);  ///< mean routing time of a request
  double further_errors = 0;                       ///< chance of an error by a fault
  double slower = 1;                               ///< factor on every latency, by a fault
  std::optional<Duration> promoted_for = {};       ///< none before the version's promotion
};

/// The chances of one request to a version that earns `engagement`. Errors are independent chances;
/// an answer is slow when its latency and the mean overhead pass the deadline.
learning::ArmChances chances_of(const Version& version, double engagement,
                                const ServingConditions& conditions);

/// The 99th percentile of an artefact's latencies, in seconds, without overhead.
double latency_p99(const Artefact& artefact);

struct ArmMinute {
  learning::ArmCounts counts;
  double latency_p99 = 0;  ///< seconds, overhead included; NaN of a minute without requests
};

/// The 99th percentile of N latencies is their distribution's quantile at a draw of
/// Beta(k, N - k + 1), k = ceil(0.99 N); NaN without requests.
double draw_latency_p99(stats::Stream& stream, std::uint64_t requests, const Version& version,
                        const ServingConditions& conditions);

/// A minute in which `expected` requests are due.
ArmMinute draw_minute(stats::Stream& stream, double expected, const Version& version,
                      double engagement, const ServingConditions& conditions);

}  // namespace rehearse::lifecycle

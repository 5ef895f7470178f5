// `--until METRIC:WIDTH`: run replications until a metric's mean is known well enough.
//
//   entity.age.p99:5%     the half of its 95% interval is at most 5% of the mean
//   entity.age.p99:10s    ... at most 10 seconds
//
// The rule and its guarantee are stats::PrecisionStop's. Runs are counted in the order of their
// numbers, so the stop does not depend on the number of jobs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "measure/metrics.hpp"
#include "stats/precision_stop.hpp"

namespace rehearse::experiments {

struct Until {
  std::string metric;
  stats::Precision precision;
  std::string wanted;  ///< the width as the user wrote it
};

/// `subjects` are the scenario's. Throws InputError.
Until parse_until(std::string_view text, const measure::Subjects& subjects);

}  // namespace rehearse::experiments

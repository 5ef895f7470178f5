// What a condition of a policy looks at, by the names that policies use.
//
// Distances compare a reference with a current sample: binned ones its counts in the reference's
// bins, the others the ranks of its values, without those that are missing. The rest look at one
// number per check.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "drift/reference.hpp"
#include "stats/sample.hpp"

namespace rehearse::drift {

enum class Measure {
  psi,
  kl,
  jensen_shannon,
  hellinger,
  wasserstein,
  total_variation,
  ks,  ///< Kolmogorov-Smirnov statistic
  ks_p_value,
  value,        ///< the number itself
  degradation,  ///< relative loss against the mean of a rolling window before the check
  detector      ///< 1 when a detector signals at the number, else 0
};

/// "psi", "kl", "js", "hellinger", "wasserstein", "tvd", "ks", "ks-p-value", "value" and
/// "degradation"; a detector goes by its own name.
const std::vector<std::pair<std::string, Measure>>& measure_names();
/// REQUIRES: a name of the list.
Measure measure_named(const std::string& name);
/// REQUIRES: not `detector`, which has no name of its own.
std::string to_string(Measure measure);

/// Whether the measure compares two samples.
bool compares_samples(Measure measure);
/// Whether it does so by their counts in bins.
bool compares_bins(Measure measure);

/// The distance of counts in the reference's bins; nullopt when all are 0. REQUIRES:
/// compares_bins(measure), reference.bins() counts.
std::optional<double> measure_bins(Measure measure, const Reference& reference,
                                   std::span<const double> counts);

/// The distance of values that are not missing; nullopt with none on a side. REQUIRES: a measure
/// that compares samples by ranks, sorted values.
std::optional<double> measure_ranks(Measure measure, const Reference& reference,
                                    stats::Sample sorted_current);

}  // namespace rehearse::drift

#include "drift/measure.hpp"

#include <algorithm>
#include <cassert>

#include "stats/two_sample.hpp"

namespace rehearse::drift {

const std::vector<std::pair<std::string, Measure>>& measure_names() {
  static const std::vector<std::pair<std::string, Measure>> all = {
      {"psi", Measure::psi},
      {"kl", Measure::kl},
      {"js", Measure::jensen_shannon},
      {"hellinger", Measure::hellinger},
      {"wasserstein", Measure::wasserstein},
      {"tvd", Measure::total_variation},
      {"ks", Measure::ks},
      {"ks-p-value", Measure::ks_p_value},
      {"value", Measure::value},
      {"degradation", Measure::degradation}};
  return all;
}

Measure measure_named(const std::string& name) {
  for (const auto& [one, measure] : measure_names()) {
    if (one == name) return measure;
  }
  assert(false);
  return Measure::psi;
}

std::string to_string(Measure measure) {
  for (const auto& [name, named] : measure_names()) {
    if (named == measure) return name;
  }
  assert(false);
  return {};
}

bool compares_samples(Measure measure) {
  switch (measure) {
    case Measure::value:
    case Measure::degradation:
    case Measure::detector:
      return false;
    default:
      return true;
  }
}

bool compares_bins(Measure measure) {
  switch (measure) {
    case Measure::psi:
    case Measure::kl:
    case Measure::jensen_shannon:
    case Measure::hellinger:
    case Measure::total_variation:
      return true;
    default:
      return false;
  }
}

std::optional<double> measure_bins(Measure measure, const Reference& reference,
                                   std::span<const double> counts) {
  assert(compares_bins(measure));
  if (std::all_of(counts.begin(), counts.end(), [](double count) { return count == 0; })) {
    return std::nullopt;
  }
  const BinCounts bins = reference.against(counts);
  switch (measure) {
    case Measure::psi:
      return psi(bins);
    case Measure::kl:
      return kl(bins);
    case Measure::jensen_shannon:
      return jensen_shannon(bins);
    case Measure::hellinger:
      return hellinger(bins);
    default:
      return total_variation(bins);
  }
}

std::optional<double> measure_ranks(Measure measure, const Reference& reference,
                                    stats::Sample sorted_current) {
  assert(compares_samples(measure) && !compares_bins(measure));
  const stats::Sample before = reference.sorted();
  if (before.empty() || sorted_current.empty()) return std::nullopt;
  switch (measure) {
    case Measure::wasserstein:
      return wasserstein_sorted(before, sorted_current);
    case Measure::ks:
      return stats::kolmogorov_smirnov_statistic_sorted(before, sorted_current);
    default:
      return stats::kolmogorov_smirnov_sorted(before, sorted_current)->p_value;
  }
}

}  // namespace rehearse::drift

#include "drift/column_report.hpp"

#include <algorithm>
#include <cmath>

namespace rehearse::drift {
namespace {

void set_binned(ColumnReport& report, const Bins& bins) {
  report.bins = bins.reference.size();
  report.psi = psi(bins);
  report.kl = kl(bins);
  report.jensen_shannon = jensen_shannon(bins);
  report.hellinger = hellinger(bins);
  report.total_variation = total_variation(bins);
}

std::size_t total(const CategoryCounts& counts) {
  std::size_t sum = 0;
  for (const auto& [category, count] : counts) sum += count;
  return sum;
}

}  // namespace

ColumnReport report_numbers(std::vector<double> reference, std::vector<double> current,
                            Binning binning, Wanted wanted) {
  ColumnReport report;
  report.reference_count = reference.size();
  report.current_count = current.size();
  if (reference.empty() || current.empty()) return report;
  std::sort(reference.begin(), reference.end());
  std::sort(current.begin(), current.end());
  if (wanted.binned) {
    set_binned(report, binning == Binning::quantile ? bin_by_quantiles(reference, current)
                                                    : bin_by_sturges(reference, current));
  }
  if (wanted.ordered) {
    // Values near the ends of what a double holds are further apart than it can say.
    const double distance = wasserstein_sorted(reference, current);
    if (std::isfinite(distance)) report.wasserstein = distance;
    report.cramer_von_mises = stats::cramer_von_mises_sorted(reference, current);
    report.kolmogorov_smirnov = stats::kolmogorov_smirnov_sorted(reference, current);
  }
  return report;
}

ColumnReport report_categories(const CategoryCounts& reference, const CategoryCounts& current,
                               Binning binning) {
  ColumnReport report;
  report.categorical = true;
  report.reference_count = total(reference);
  report.current_count = total(current);
  if (report.reference_count == 0 || report.current_count == 0) return report;
  Bins bins = bin_categories(reference, current);
  bins.binning = binning;
  set_binned(report, bins);
  std::vector<double> shares = bins.reference;
  for (double& share : shares) share /= static_cast<double>(report.reference_count);
  report.chi_square = stats::chi_square(bins.current, shares);
  return report;
}

}  // namespace rehearse::drift

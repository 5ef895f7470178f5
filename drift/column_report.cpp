#include "drift/column_report.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rehearse::drift {
namespace {

void set_binned(ColumnReport& report, Bins bins) {
  report.bins = bins.reference.size();
  report.psi = psi(bins);
  report.kl = kl(bins);
  report.jensen_shannon = jensen_shannon(bins);
  report.hellinger = hellinger(bins);
  report.total_variation = total_variation(bins);
  report.floored = floored_shares(bins);
  report.binned = std::move(bins);
}

Bins bin_numbers(stats::Sample reference, stats::Sample current, Binning binning) {
  switch (binning) {
    case Binning::quantile:
      return bin_by_quantiles(reference, current);
    case Binning::sturges:
      return bin_by_sturges(reference, current);
    case Binning::automatic:
      break;
  }
  return bin_automatically(reference, current);
}

std::optional<stats::TwoSampleChiSquare> test_histograms(stats::Sample reference,
                                                         stats::Sample current) {
  const bool of_current = current.size() > reference.size();
  const Bins bins =
      of_current ? bin_automatically(current, reference) : bin_automatically(reference, current);
  return stats::two_sample_chi_square(bins.reference, bins.current);
}

/// With few values the p-value is that of all permutations: the limit is 0 for samples apart, and
/// two of three values each are apart one time in ten.
std::optional<stats::KolmogorovSmirnov> test_ranks(stats::Sample reference, stats::Sample current) {
  constexpr std::size_t kExactPairs = 1'000'000;  // some 3 ms
  auto test = stats::kolmogorov_smirnov_sorted(reference, current);
  if (!test) return test;
  if (reference.size() <= kExactPairs / current.size()) {
    test->p_value = stats::kolmogorov_smirnov_exact_p_sorted(reference, current, test->statistic);
  } else if (test->p_value == 0) {
    test->p_value = test->limit_p_value;
  }
  return test;
}

std::size_t count_distinct(stats::Sample sorted) {
  std::size_t distinct = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
  }
  return distinct;
}

/// Values of the current data that the reference does not have.
void count_new(ColumnReport& report, stats::Sample reference, stats::Sample current) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < current.size(); ++i) {
    while (at < reference.size() && reference[at] < current[i]) ++at;
    if (at < reference.size() && reference[at] == current[i]) continue;
    ++report.new_rows;
    report.new_values += i == 0 || current[i] != current[i - 1] ? 1 : 0;
  }
}

/// The values below and above all of the others, both sorted.
struct Outside {
  stats::Sample below, above;
};

Outside outside(stats::Sample values, stats::Sample others) {
  const auto below = std::lower_bound(values.begin(), values.end(), others.front());
  const auto above = std::upper_bound(values.begin(), values.end(), others.back());
  return {{values.begin(), below}, {above, values.end()}};
}

Beyond beyond(const Outside& outside, stats::Sample values, stats::Sample others) {
  const std::size_t under = outside.below.size(), over = outside.above.size();
  const double p = stats::all_from_one_p(std::max(under, over), values.size(), others.size());
  return {under + over, std::min(1.0, 2 * p)};
}

/// Where the range is all that the reference says of its values, those beyond are the new ones.
void count_beyond(ColumnReport& report, stats::Sample reference, stats::Sample current, bool few) {
  const stats::Sample before = stats::finite_sorted(reference), now = stats::finite_sorted(current);
  if (before.empty() || now.empty()) return;
  const Outside fresh = outside(now, before);
  report.beyond = beyond(fresh, now, before);
  report.lost = beyond(outside(before, now), before, now);
  if (few) return;
  report.new_rows = report.beyond->rows;
  report.new_values = count_distinct(fresh.below) + count_distinct(fresh.above);
}

/// Whichever label is picked, its p-value times their number is no smaller than it may be.
void test_most_changed(ColumnReport& report) {
  const Bins& bins = report.binned;
  const double n = static_cast<double>(report.reference_count);
  const double m = static_cast<double>(report.current_count);
  const auto change = [&](std::size_t i) {
    return std::abs(bins.reference[i] / n - bins.current[i] / m);
  };
  std::size_t most = 0;
  for (std::size_t i = 1; i < bins.labels.size(); ++i) {
    if (change(i) > change(most)) most = i;
  }
  const double p = stats::exact_proportions_p(
      static_cast<std::uint64_t>(bins.reference[most]), report.reference_count,
      static_cast<std::uint64_t>(bins.current[most]), report.current_count);
  report.changed_label = {bins.labels[most], bins.reference[most] / n, bins.current[most] / m,
                          std::min(1.0, p * static_cast<double>(bins.labels.size()))};
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
  std::sort(reference.begin(), reference.end());
  std::sort(current.begin(), current.end());
  report.reference_side.distinct = count_distinct(reference);
  report.current_side.distinct = count_distinct(current);
  if (reference.empty() || current.empty()) return report;
  if (wanted.binned) {
    set_binned(report, bin_numbers(reference, current, binning));
    report.histogram_test = test_histograms(reference, current);
  }
  if (wanted.ordered) {
    // Values near the ends of what a double holds are further apart than it can say.
    const double distance = wasserstein_sorted(reference, current);
    if (std::isfinite(distance)) report.wasserstein = distance;
    report.cramer_von_mises = stats::cramer_von_mises_sorted(reference, current);
  }
  if (wanted.ordered || wanted.ks) {
    report.kolmogorov_smirnov = test_ranks(reference, current);
  }
  constexpr std::size_t kFew = 20;  // of values that are categories in all but name
  const bool few = report.reference_side.distinct <= kFew;
  if (few) count_new(report, reference, current);
  count_beyond(report, reference, current, few);
  return report;
}

ColumnReport report_categories(const CategoryCounts& reference, const CategoryCounts& current,
                               Binning binning) {
  ColumnReport report;
  report.categorical = true;
  report.reference_count = total(reference);
  report.current_count = total(current);
  report.reference_side.distinct = reference.size();
  report.current_side.distinct = current.size();
  for (const auto& [label, count] : current) {
    if (reference.contains(label)) continue;
    ++report.new_values;
    report.new_rows += count;
  }
  if (report.reference_count == 0 || report.current_count == 0) return report;
  Bins bins = bin_categories(reference, current);
  bins.binning = binning;
  set_binned(report, std::move(bins));
  std::vector<double> shares = report.binned.reference;
  for (double& share : shares) share /= static_cast<double>(report.reference_count);
  report.chi_square_fixed = stats::chi_square(report.binned.current, shares);
  report.chi_square = stats::two_sample_chi_square(report.binned.reference, report.binned.current);
  const bool rare =
      report.chi_square && (report.chi_square->test == stats::TableTest::permutation ||
                            report.chi_square->test == stats::TableTest::moments);
  if (rare) test_most_changed(report);
  return report;
}

ColumnReport report_column(ColumnPair pair, Binning binning, Wanted wanted) {
  wanted.binned = wanted.ks = true;
  const ColumnSide &before = pair.reference, &now = pair.current;
  const bool too_many = before.too_many_labels || now.too_many_labels;
  ColumnReport report;
  if (too_many) {
    report.categorical = true;
    report.reference_count = before.rows - before.missing;
    report.current_count = now.rows - now.missing;
    report.reference_side.distinct = before.labels.size();
    report.current_side.distinct = now.labels.size();
  } else if (pair.kind == Kind::labels) {
    report = report_categories(before.labels, now.labels, binning);
  } else {
    report = report_numbers(std::move(pair.reference.numbers), std::move(pair.current.numbers),
                            binning, wanted);
  }
  report.too_many_labels = too_many;
  report.kind_changed = pair.kind_changed;
  for (auto [side, counts] :
       {std::pair(&before, &report.reference_side), std::pair(&now, &report.current_side)}) {
    counts->rows = side->rows;
    counts->missing = side->missing;
    counts->infinite = side->infinite;
  }
  report.missing_p = stats::two_proportions_p(before.missing, before.rows, now.missing, now.rows);
  report.infinite_p = stats::two_proportions_p(before.infinite, report.reference_count,
                                               now.infinite, report.current_count);
  return report;
}

}  // namespace rehearse::drift

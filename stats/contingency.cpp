#include "stats/contingency.hpp"

#include <algorithm>
#include <boost/math/distributions/hypergeometric.hpp>
#include <cassert>
#include <cmath>
#include <limits>

#include "stats/distributions.hpp"
#include "stats/random.hpp"

namespace rehearse::stats {
namespace {

constexpr double kSmallExpected = 5;  // Cochran (1952)
constexpr int kPermutations = 1999;
/// Tables as far that end a permutation test (Besag and Clifford 1991): p is then above 0.05.
constexpr int kEnough = 100;
constexpr double kMostSteps = 1e8;  // of a permutation test, about a second
/// Rounding must not part a table from its mirror image.
constexpr double kSameStatistic = 1e-9;

struct Table {
  std::vector<double> first, second, totals;
  double first_total = 0, second_total = 0;
};

Table without_empty(const std::vector<double>& first, const std::vector<double>& second) {
  assert(first.size() == second.size());
  Table table;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i] + second[i] <= 0) continue;
    table.first.push_back(first[i]);
    table.second.push_back(second[i]);
    table.totals.push_back(first[i] + second[i]);
    table.first_total += first[i];
    table.second_total += second[i];
  }
  return table;
}

/// With N in all, n in the first row and t_i in a column: N^2 / (n m) * sum (x_i - n t_i / N)^2 /
/// t_i.
class Statistic {
 public:
  explicit Statistic(const Table& table)
      : totals_(table.totals), all_(table.first_total + table.second_total) {
    share_ = table.first_total / all_;
    scale_ = 1 / (share_ * (1 - share_));
  }

  double term(std::size_t column, double count) const {
    const double distance = count - share_ * totals_[column];
    return scale_ * distance * distance / totals_[column];
  }
  double of(const std::vector<double>& first) const {
    double sum = 0;
    for (std::size_t i = 0; i < first.size(); ++i) sum += term(i, first[i]);
    return sum;
  }

 private:
  const std::vector<double>& totals_;
  double all_, share_ = 0, scale_ = 0;
};

double least_expected(const Table& table) {
  const double all = table.first_total + table.second_total;
  const double least_total = *std::min_element(table.totals.begin(), table.totals.end());
  return least_total * std::min(table.first_total, table.second_total) / all;
}

/// Probability of all tables of two by two that are at least as far from equality.
double exact_p(const Table& table, const Statistic& statistic, double observed) {
  const double n = table.first_total, all = n + table.second_total, t = table.totals[0];
  const double low = std::max(0.0, n + t - all), high = std::min(n, t);
  const auto log_choose = [](double a, double b) {
    return std::lgamma(a + 1) - std::lgamma(b + 1) - std::lgamma(a - b + 1);
  };
  const double whole = log_choose(all, n);
  double p = 0;
  for (double x = low; x <= high; ++x) {
    const double value = statistic.term(0, x) + statistic.term(1, n - x);
    if (value < observed * (1 - kSameStatistic)) continue;
    p += std::exp(log_choose(t, x) + log_choose(all - t, n - x) - whole);
  }
  return std::min(1.0, p);
}

/// Draws the smaller row anew: so many of the pooled values, each as likely as any other.
double permutation_p(const Table& table, const Statistic& statistic, double observed) {
  std::vector<std::uint32_t> pool;  // the category of each value
  for (std::size_t i = 0; i < table.totals.size(); ++i) {
    pool.insert(pool.end(), static_cast<std::size_t>(table.totals[i]),
                static_cast<std::uint32_t>(i));
  }
  const bool swapped = table.first_total > table.second_total;
  const auto draws = static_cast<std::size_t>(swapped ? table.second_total : table.first_total);
  // Margins have permutations of their own: the same ones for all tables would err in one direction
  // for all similar tables, by 0.005 at 0.05.
  std::string margins = std::to_string(draws);
  for (const double total : table.totals) {
    margins += " " + std::to_string(static_cast<std::uint64_t>(total));
  }
  Stream stream(1, 0, "permutations of a table: " + margins);
  std::vector<double> counts(table.totals.size());
  int as_far = 0;
  for (int i = 1; i <= kPermutations; ++i) {
    std::fill(counts.begin(), counts.end(), 0.0);
    for (std::size_t d = 0; d < draws; ++d) {
      std::swap(pool[d], pool[d + stream.below(pool.size() - d)]);
      ++counts[pool[d]];
    }
    for (std::size_t c = 0; swapped && c < counts.size(); ++c)
      counts[c] = table.totals[c] - counts[c];
    if (statistic.of(counts) >= observed * (1 - kSameStatistic)) ++as_far;
    if (as_far == kEnough) return static_cast<double>(as_far) / i;
  }
  return (as_far + 1.0) / (kPermutations + 1.0);
}

double moments_p(const TableMoments& moments, double observed) {
  const double scale = moments.variance / (2 * moments.mean);
  return chi_square_tail(observed / scale, moments.mean / scale);
}

/// What few expected counts leave of the limit distribution's claim.
void test_small(const Table& table, const Statistic& statistic, TwoSampleChiSquare& result) {
  if (table.totals.size() == 2) {
    result.test = TableTest::exact;
    result.p_value = exact_p(table, statistic, result.statistic);
    return;
  }
  const TableMoments moments =
      chi_square_moments(table.first_total, table.second_total, table.totals);
  const double draws = std::min(table.first_total, table.second_total);
  const double steps = kPermutations * (draws + static_cast<double>(table.totals.size()));
  // Where every category has one value all tables are equally far from equality.
  if (!(moments.variance > kSameStatistic * moments.mean)) return;
  // No more than 1 / (1 + z^2) of all tables are so many deviations above the mean (Cantelli):
  // fewer than a permutation test can show.
  const double z = (result.statistic - moments.mean) / std::sqrt(moments.variance);
  const bool beyond = z > 0 && z * z >= kPermutations;
  if (steps > kMostSteps || beyond) {
    result.test = TableTest::moments;
    result.p_value = moments_p(moments, result.statistic);
    return;
  }
  result.test = TableTest::permutation;
  result.p_value = permutation_p(table, statistic, result.statistic);
  if (result.p_value > 1 / (kPermutations + 1.0)) return;
  // Not one was as far, as happens to one table in 2000 by chance. Among many tests that is not
  // enough to know.
  const double tail = moments_p(moments, result.statistic);
  if (tail >= result.p_value) return;
  result.test = TableTest::moments;
  result.p_value = tail;
}

}  // namespace

std::string to_string(TableTest test) {
  switch (test) {
    case TableTest::limit:
      return "limit";
    case TableTest::exact:
      return "exact";
    case TableTest::permutation:
      return "permutation";
    case TableTest::moments:
      return "moments";
  }
  return "";
}

TableMoments chi_square_moments(double first, double second, const std::vector<double>& totals) {
  const double all = first + second, columns = static_cast<double>(totals.size());
  assert(all >= 3);
  double inverse = 0;
  for (const double total : totals) inverse += 1 / total;
  const double v1 = (all - 2) / (all - 1), v2 = (columns - 1) * (all - columns) / (all - 1);
  const double w1 = (all / first + all / second - 4) / (all - 2);
  const double w2 = (all * inverse - columns * columns) / (all - 2);
  TableMoments moments;
  moments.mean = (columns - 1) * all / (all - 1);
  moments.variance = 2 * all / (all - 3) * (v1 - w1) * (v2 - w2) + all * all / (all - 1) * w1 * w2;
  return moments;
}

std::optional<TwoSampleChiSquare> two_sample_chi_square(const std::vector<double>& first,
                                                        const std::vector<double>& second) {
  const Table table = without_empty(first, second);
  if (table.totals.size() < 2 || !(table.first_total > 0) || !(table.second_total > 0)) {
    return std::nullopt;
  }
  const Statistic statistic(table);
  TwoSampleChiSquare result;
  result.statistic = statistic.of(table.first);
  result.df = static_cast<double>(table.totals.size() - 1);
  if (least_expected(table) >= kSmallExpected) {
    result.p_value = chi_square_tail(result.statistic, result.df);
    return result;
  }
  result.test = TableTest::permutation;
  test_small(table, statistic, result);
  return result;
}

double all_from_one_p(std::uint64_t beyond, std::uint64_t of, std::uint64_t others) {
  assert(beyond <= of);
  double log_p = 0;
  for (std::uint64_t i = 0; i < beyond; ++i) {
    log_p += std::log1p(-static_cast<double>(others) / static_cast<double>(of + others - i));
  }
  return std::exp(log_p);
}

double exact_proportions_p(std::uint64_t successes_1, std::uint64_t trials_1,
                           std::uint64_t successes_2, std::uint64_t trials_2) {
  assert(successes_1 <= trials_1 && successes_2 <= trials_2);
  if (trials_1 == 0 || trials_2 == 0) return 1;
  if (trials_1 + trials_2 > std::numeric_limits<unsigned>::max()) {  // more than Boost can count
    return two_proportions_p(successes_1, trials_1, successes_2, trials_2);
  }
  const std::uint64_t successes = successes_1 + successes_2;
  const boost::math::hypergeometric_distribution<double> first(
      static_cast<unsigned>(successes), static_cast<unsigned>(trials_1),
      static_cast<unsigned>(trials_1 + trials_2));
  const double at_most = boost::math::cdf(first, static_cast<double>(successes_1));
  const bool least = successes_1 == 0 || successes_1 + trials_2 == successes;
  const double at_least =
      least ? 1 : boost::math::cdf(complement(first, static_cast<double>(successes_1 - 1)));
  return std::min(1.0, 2 * std::min(at_most, at_least));
}

double two_proportions_p(std::uint64_t successes_1, std::uint64_t trials_1,
                         std::uint64_t successes_2, std::uint64_t trials_2) {
  assert(successes_1 <= trials_1 && successes_2 <= trials_2);
  const auto number = [](std::uint64_t count) { return static_cast<double>(count); };
  const auto test = two_sample_chi_square({number(successes_1), number(trials_1 - successes_1)},
                                          {number(successes_2), number(trials_2 - successes_2)});
  return test ? test->p_value : 1;
}

}  // namespace rehearse::stats

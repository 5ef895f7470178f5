#include "stats/rank_tests.hpp"

#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/debug_assert.hpp"
#include "stats/distributions.hpp"
#include "stats/ranks.hpp"
#include "stats/roots.hpp"

namespace rehearse::stats {
namespace {

constexpr double kKayentaTolerance = 1e-4;
/// Halvings of the range of values before halving the range of bit patterns, which ends after at
/// most 64 steps whatever the values.
constexpr int kValueSteps = 24;

double deviation(double m, double n, double ties) {
  return std::sqrt(m * n / 12 * (m + n + 1 - ties / ((m + n) * (m + n - 1))));
}

double corrected(double distance) {
  return distance - (distance > 0 ? 0.5 : distance < 0 ? -0.5 : 0.0);
}

/// Maps doubles to integers in the same order.
std::int64_t ordered_bits(double value) {
  const auto bits = std::bit_cast<std::int64_t>(value + 0.0);  // -0.0 becomes 0.0
  return bits >= 0 ? bits : std::numeric_limits<std::int64_t>::min() - bits;
}

double from_ordered_bits(std::int64_t bits) {
  return std::bit_cast<double>(bits >= 0 ? bits : std::numeric_limits<std::int64_t>::min() - bits);
}

/// The differences x_i - y_j of two sorted samples, as a sorted sequence that is never stored.
class Differences {
 public:
  Differences(Sample x, Sample y) : x_(x), y_(y) {}

  std::uint64_t count() const { return std::uint64_t{x_.size()} * y_.size(); }
  double smallest() const { return x_.front() - y_.back(); }
  double largest() const { return x_.back() - y_.front(); }

  std::uint64_t at_most(double limit) const {
    std::uint64_t total = 0;
    std::size_t j = 0;  // the first y with x - y <= limit
    for (const double x : x_) {
      while (j < y_.size() && x - y_[j] > limit) ++j;
      if (j == y_.size()) break;
      total += y_.size() - j;
    }
    return total;
  }

  double smallest_above(double limit) const {
    double best = std::numeric_limits<double>::infinity();
    std::size_t j = 0;
    for (const double x : x_) {
      while (j < y_.size() && x - y_[j] > limit) ++j;
      if (j > 0) best = std::min(best, x - y_[j - 1]);
    }
    return best;
  }

  /// The k-th smallest, 1-based.
  double select(std::uint64_t k) const;

 private:
  /// Those in (low, high].
  std::vector<double> between(double low, double high) const {
    std::vector<double> found;
    std::size_t from = 0, to = 0;
    for (const double x : x_) {
      while (from < y_.size() && x - y_[from] > high) ++from;
      while (to < y_.size() && x - y_[to] > low) ++to;
      for (std::size_t j = from; j < to; ++j) found.push_back(x - y_[j]);
    }
    return found;
  }

  Sample x_, y_;
};

double Differences::select(std::uint64_t k) const {
  assert(k >= 1 && k <= count());
  double low = smallest(), high = largest();
  std::uint64_t below = at_most(low);  // at or below `low`
  if (k <= below) return low;
  std::uint64_t through = count();  // at or below `high`
  const std::uint64_t few = 2 * (x_.size() + y_.size());
  for (int step = 0; through - below > few; ++step) {
    double middle = low + (high - low) / 2;
    if (step >= kValueSteps || !(middle > low && middle < high)) {
      const std::int64_t a = ordered_bits(low), b = ordered_bits(high);
      if (static_cast<std::uint64_t>(b) - static_cast<std::uint64_t>(a) <= 1) return high;
      middle = from_ordered_bits(
          a + static_cast<std::int64_t>(
                  (static_cast<std::uint64_t>(b) - static_cast<std::uint64_t>(a)) / 2));
    }
    const std::uint64_t reached = at_most(middle);
    if (reached >= k) {
      high = middle;
      through = reached;
    } else {
      low = middle;
      below = reached;
    }
  }
  std::vector<double> rest = between(low, high);
  const auto nth = rest.begin() + static_cast<std::ptrdiff_t>(k - below - 1);
  std::nth_element(rest.begin(), nth, rest.end());
  return *nth;
}

Shift exact_shift(Sample x, Sample y, double confidence) {
  const Differences differences(x, y);
  const double m = static_cast<double>(x.size()), n = static_cast<double>(y.size());
  // Between two jumps no x ties with a y, so only ties inside each sample count.
  const double sigma = deviation(m, n, tie_sum_sorted(x) + tie_sum_sorted(y));
  const double z = normal_quantile(0.5 + confidence / 2);
  const double limit = m * n / 2 + 0.5 + z * sigma;  // W beyond which the test rejects
  const std::uint64_t all = differences.count();
  const double count = static_cast<double>(all);
  Shift shift;
  const double from_top = std::floor(limit);
  shift.low = from_top >= count ? differences.smallest()
                                : differences.select(all - static_cast<std::uint64_t>(from_top));
  const double from_bottom = std::ceil(limit);
  shift.high = from_bottom >= count ? differences.largest()
                                    : differences.select(static_cast<std::uint64_t>(from_bottom));
  const ShiftBracket bracket = shift_bracket_sorted(x, y);
  shift.estimate = bracket.low + (bracket.high - bracket.low) / 2;
  return shift;
}

std::optional<Shift> approximate_shift(Sample x, Sample y, double confidence) {
  const double m = static_cast<double>(x.size()), n = static_cast<double>(y.size());
  bool undefined = false;
  const auto statistic = [&](double d) {
    const PairCounts counts = count_pairs(x, y, d);
    const double sigma = deviation(m, n, counts.ties);
    if (!(sigma > 0)) {
      undefined = true;
      return 0.0;
    }
    return corrected(counts.wins - m * n / 2) / sigma;
  };
  const double left = x.front() - y.back(), right = x.back() - y.front();
  const double at_left = statistic(left), at_right = statistic(right);
  if (undefined) return std::nullopt;
  const auto crossing = [&](double z) {
    if (at_left - z <= 0) return left;
    if (at_right - z >= 0) return right;
    return find_root([&](double d) { return statistic(d) - z; }, left, right, kKayentaTolerance);
  };
  const double z = normal_quantile(0.5 + confidence / 2);
  const Shift shift{crossing(0), crossing(z), crossing(-z)};
  return undefined ? std::nullopt : std::optional(shift);
}

}  // namespace

std::optional<MannWhitney> mann_whitney_sorted(Sample x, Sample y) {
  debug_assert(std::is_sorted(x.begin(), x.end()) && std::is_sorted(y.begin(), y.end()));
  if (x.empty() || y.empty()) return std::nullopt;
  const double m = static_cast<double>(x.size()), n = static_cast<double>(y.size());
  const PairCounts counts = count_pairs(x, y);
  const double sigma = deviation(m, n, counts.ties);
  if (!(sigma > 0)) return std::nullopt;
  MannWhitney result;
  result.w = counts.wins;
  result.z = corrected(counts.wins - m * n / 2) / sigma;
  result.p_value = std::min(1.0, 2 * normal_cdf(-std::abs(result.z)));
  return result;
}

std::optional<MannWhitney> mann_whitney(Sample x, Sample y) {
  return mann_whitney_sorted(sorted(x), sorted(y));
}

double common_language_effect_sorted(Sample x, Sample y) {
  debug_assert(std::is_sorted(x.begin(), x.end()) && std::is_sorted(y.begin(), y.end()));
  assert(!x.empty() && !y.empty());
  return count_pairs(x, y).wins / (static_cast<double>(x.size()) * static_cast<double>(y.size()));
}

std::optional<Shift> shift_sorted(Sample x, Sample y, double confidence, RootTolerance tolerance) {
  debug_assert(std::is_sorted(x.begin(), x.end()) && std::is_sorted(y.begin(), y.end()));
  assert(confidence > 0 && confidence < 1);
  if (x.empty() || y.empty()) return std::nullopt;
  if (tolerance == RootTolerance::like_kayenta) return approximate_shift(x, y, confidence);
  return exact_shift(x, y, confidence);
}

ShiftBracket shift_bracket_sorted(Sample x, Sample y) {
  debug_assert(std::is_sorted(x.begin(), x.end()) && std::is_sorted(y.begin(), y.end()));
  const Differences differences(x, y);
  const std::uint64_t all = differences.count();
  const double low = differences.select((all + 1) / 2);
  if (all % 2 == 1) return {low, low};
  // Even count: the next one up, which is the same value when it repeats past the middle.
  const double high = differences.at_most(low) > all / 2 ? low : differences.smallest_above(low);
  return {low, high};
}

}  // namespace rehearse::stats

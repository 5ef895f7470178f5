#include "stats/count_draws.hpp"

#include <algorithm>
#include <boost/random/binomial_distribution.hpp>
#include <boost/random/gamma_distribution.hpp>
#include <boost/random/poisson_distribution.hpp>
#include <cassert>
#include <cstddef>

namespace rehearse::stats {
namespace {

constexpr double kMostThings = 1e15;  // whole numbers of this size are exact as doubles

}  // namespace

std::uint64_t draw_poisson(Stream& stream, double mean) {
  assert(mean >= 0 && mean < kMostThings);
  if (mean == 0) return 0;
  return static_cast<std::uint64_t>(
      boost::random::poisson_distribution<std::int64_t, double>(mean)(stream));
}

std::uint64_t draw_binomial(Stream& stream, std::uint64_t n, double p) {
  assert(static_cast<double>(n) < kMostThings && p >= 0 && p <= 1);
  if (n == 0 || p == 0) return 0;
  if (p == 1) return n;
  return static_cast<std::uint64_t>(boost::random::binomial_distribution<std::int64_t, double>(
      static_cast<std::int64_t>(n), p)(stream));
}

void draw_multinomial(Stream& stream, std::uint64_t n, Sample shares, std::vector<double>& counts) {
  counts.assign(shares.size(), 0);
  // What is left from the end, so that the last class with a share takes the rest exactly.
  double left = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    assert(shares[i] >= 0);
    left += shares[i];
    if (shares[i] > 0) last = i;
  }
  assert(left > 0);
  for (std::size_t i = 0; i < last && n > 0; ++i) {
    const double p = left > 0 ? std::clamp(shares[i] / left, 0.0, 1.0) : 1;
    const std::uint64_t count = draw_binomial(stream, n, p);
    counts[i] = static_cast<double>(count);
    n -= count;
    left -= shares[i];
  }
  counts[last] += static_cast<double>(n);
}

double draw_beta(Stream& stream, double a, double b) {
  assert(a > 0 && b > 0);
  const double x = boost::random::gamma_distribution<double>(a)(stream);
  const double y = boost::random::gamma_distribution<double>(b)(stream);
  return x / (x + y);
}

}  // namespace rehearse::stats

#include "learning/traffic.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "stats/count_draws.hpp"

namespace rehearse::learning {
namespace {

/// Without the rate, which it is a factor of.
double wave(const Traffic& traffic, Hour hour) {
  const double k = static_cast<double>(hour.number);
  const double day = std::floor(k / 24);
  const double weekday = day - 7 * std::floor(day / 7);
  const double phase = 2 * std::numbers::pi * (k - 24 * day - traffic.peak) / 24;
  return (1 + traffic.daily * std::cos(phase)) * (weekday >= 5 ? traffic.weekend : 1);
}

}  // namespace

double intensity(const Traffic& traffic, Hour hour) {
  return traffic.rate.per_second() * wave(traffic, hour);
}

std::size_t logged_rows(const Traffic& traffic, Hour hour) {
  const double wanted = std::round(static_cast<double>(traffic.log) * wave(traffic, hour));
  return std::min(traffic.log, static_cast<std::size_t>(std::max(0.0, wanted)));
}

ArmCounts& ArmCounts::operator+=(const ArmCounts& other) {
  requests += other.requests;
  errors += other.errors;
  slow += other.slow;
  clicks += other.clicks;
  return *this;
}

ArmCounts draw_counts(stats::Stream& stream, double expected, const ArmChances& chances) {
  ArmCounts counts;
  counts.requests = stats::draw_poisson(stream, expected);
  counts.errors = stats::draw_binomial(stream, counts.requests, chances.error);
  std::uint64_t left = counts.requests - counts.errors;
  counts.slow = stats::draw_binomial(stream, left, chances.slow);
  left -= counts.slow;
  counts.clicks = stats::draw_binomial(stream, left, chances.click);
  return counts;
}

double draw_p99_position(stats::Stream& stream, std::uint64_t requests) {
  assert(requests > 0);
  const std::uint64_t k = (requests * 99 + 99) / 100;
  return stats::draw_beta(stream, static_cast<double>(k), static_cast<double>(requests - k + 1));
}

}  // namespace rehearse::learning

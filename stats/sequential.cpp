#include "stats/sequential.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace rehearse::stats {
namespace {

/// Bets never reach 1, where a single surprise would cost everything.
constexpr double kLargestBet = 0.75;

bool reached(const Start& start, std::uint64_t count, std::uint64_t ones, std::uint64_t zeros) {
  return count >= start.observations && ones >= start.of_each && zeros >= start.of_each;
}

}  // namespace

double asymptotic_half_width(double n, double variance, double rho, double alpha) {
  assert(n > 0 && rho > 0 && alpha > 0 && alpha < 1);
  const double scale = n * rho * rho * variance + 1;
  return std::sqrt(2 * scale / (n * n * rho * rho) * std::log(std::sqrt(scale) / alpha));
}

double asymptotic_p_value(double n, double mean, double variance, double rho) {
  assert(n > 0 && rho > 0);
  const double scale = n * rho * rho * variance + 1;
  const double evidence = mean * n * rho;
  return std::min(1.0, std::sqrt(scale) * std::exp(-evidence * evidence / (2 * scale)));
}

double rho_for(double n, double variance, double alpha) {
  assert(n > 0 && variance > 0 && alpha > 0 && alpha < 1);
  const double log_term = -2 * std::log(alpha);
  return std::sqrt((log_term + std::log(log_term) + 1) / (n * variance));
}

void AsymptoticSequence::add(double value) {
  moments_.add(value);
  ones_ += value == 1 ? 1 : 0;
  zeros_ += value == 0 ? 1 : 0;
}

double AsymptoticSequence::half_width() const {
  return asymptotic_half_width(static_cast<double>(count()), variance(), rho_, alpha_);
}

std::optional<Interval> AsymptoticSequence::interval() const {
  if (count() == 0 || !reached(start_, count(), ones_, zeros_)) return std::nullopt;
  return Interval{mean() - half_width(), mean() + half_width()};
}

void Msprt::add(double x, double y) {
  x_.add(x);
  y_.add(y);
  const double n = static_cast<double>(count());
  const double spread = variance_ + n * tau_squared_;
  const double d = difference();
  log_lambda_ =
      0.5 * std::log(variance_ / spread) + n * n * tau_squared_ * d * d / (2 * variance_ * spread);
  p_value_ = std::min(p_value_, std::exp(-log_lambda_));
}

BoundedSequence::BoundedSequence(double alpha) : log_term_(std::log(2 / alpha)) {
  assert(alpha > 0 && alpha < 1);
}

void BoundedSequence::add(double value) {
  assert(value >= 0 && value <= 1);
  ++count_;
  const double t = static_cast<double>(count_);
  // The bet uses only what was known before this value; that makes the sequence valid.
  const double bet =
      std::min(std::sqrt(2 * log_term_ / (predicted_ * t * std::log(1 + t))), kLargestBet);
  const double surprise = value - guess_;
  bets_ += bet;
  weighted_ += bet * value;
  penalty_ += surprise * surprise * (-std::log1p(-bet) - bet);
  sum_ += value;
  guess_ = (0.5 + sum_) / (t + 1);
  squares_ += (value - guess_) * (value - guess_);
  predicted_ = squares_ / (t + 1);
  const double centre = weighted_ / bets_;
  const double reach = (log_term_ + penalty_) / bets_;
  interval_.low = std::max(interval_.low, centre - reach);
  interval_.high = std::min(interval_.high, centre + reach);
  // The sequence misses its mean with probability alpha; an empty intersection is such a miss.
  if (interval_.low > interval_.high) {
    interval_.low = interval_.high = (interval_.low + interval_.high) / 2;
  }
}

Interval BoundedDifference::interval() const {
  const Interval control = control_.interval(), treatment = treatment_.interval();
  return {treatment.low - control.high, treatment.high - control.low};
}

void AsymptoticDifference::Arm::add(double value) {
  moments.add(value);
  ones += value == 1 ? 1 : 0;
  zeros += value == 0 ? 1 : 0;
}

void AsymptoticDifference::Arm::add(std::uint64_t more_ones, std::uint64_t more_zeros) {
  moments.merge(Moments::of_counts(more_ones, more_zeros));
  ones += more_ones;
  zeros += more_zeros;
}

bool AsymptoticDifference::Arm::ready(const Start& start) const {
  return moments.count() > 0 && reached(start, moments.count(), ones, zeros);
}

std::optional<AsymptoticDifference::Pooled> AsymptoticDifference::pooled() const {
  if (!control_.ready(start_) || !treatment_.ready(start_)) return std::nullopt;
  const double n1 = static_cast<double>(control_.moments.count());
  const double n2 = static_cast<double>(treatment_.moments.count());
  const double n = n1 + n2;
  const double variance = n * (control_.moments.population_variance() / n1 +
                               treatment_.moments.population_variance() / n2);
  if (!(variance > 0)) return std::nullopt;
  return Pooled{n, variance};
}

std::optional<Interval> AsymptoticDifference::interval() const {
  const auto both = pooled();
  if (!both) return std::nullopt;
  const double reach =
      asymptotic_half_width(both->n, both->variance, rho_ / std::sqrt(both->variance), alpha_);
  return Interval{difference() - reach, difference() + reach};
}

std::optional<double> AsymptoticDifference::p_value() const {
  const auto both = pooled();
  if (!both) return std::nullopt;
  return asymptotic_p_value(both->n, difference(), both->variance,
                            rho_ / std::sqrt(both->variance));
}

}  // namespace rehearse::stats

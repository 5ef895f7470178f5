#include "stats/moments.hpp"

#include <cassert>
#include <cmath>

namespace rehearse::stats {

Moments Moments::of_counts(std::size_t ones, std::size_t zeros) {
  Moments result;
  result.count_ = ones + zeros;
  if (result.count_ == 0) return result;
  const double n = static_cast<double>(result.count_);
  result.mean_ = static_cast<double>(ones) / n;
  result.squares_ = static_cast<double>(ones) * (static_cast<double>(zeros) / n);
  return result;
}

void Moments::add(double value) {
  ++count_;
  const double delta = value - mean_;
  mean_ += delta / static_cast<double>(count_);
  squares_ += delta * (value - mean_);
}

void Moments::merge(const Moments& other) {
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  const double a = static_cast<double>(count_);
  const double b = static_cast<double>(other.count_);
  const double delta = other.mean_ - mean_;
  mean_ += delta * b / (a + b);
  squares_ += other.squares_ + delta * delta * a * b / (a + b);
  count_ += other.count_;
}

double Moments::population_variance() const {
  return count_ == 0 ? 0 : squares_ / static_cast<double>(count_);
}

double Moments::sample_variance() const {
  return count_ < 2 ? 0 : squares_ / static_cast<double>(count_ - 1);
}

double Moments::sample_deviation() const { return std::sqrt(sample_variance()); }

Moments moments(Sample values) {
  Moments result;
  for (const double value : values) result.add(value);
  return result;
}

double mean(Sample values) {
  assert(!values.empty());
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace rehearse::stats

#include "drift/adwin.hpp"

#include <cassert>
#include <cmath>

namespace rehearse::drift {
namespace {

double bucket_size(std::size_t row) { return std::ldexp(1.0, static_cast<int>(row)); }

}  // namespace

void Adwin::reset() {
  rows_.assign(1, {});
  width_ = total_ = squares_ = 0;
  exponent_ = 0;
  unit_ = 1;
  too_large_ = kTooLarge;
  tick_ = 0;
}

void Adwin::widen(double value) {
  const int more = std::ilogb(value) - kMostExponent - exponent_;
  exponent_ += more;
  unit_ = std::ldexp(1.0, -exponent_);
  too_large_ = std::ldexp(2.0, exponent_ + kMostExponent);
  const auto shrink = [&](double& total, double& squares) {
    total = std::ldexp(total, -more);
    squares = std::ldexp(squares, -2 * more);
  };
  shrink(total_, squares_);
  for (auto& row : rows_) {
    for (Bucket& bucket : row) shrink(bucket.total, bucket.squares);
  }
}

void Adwin::step(double value) {
  ++tick_;
  if (std::abs(value) >= too_large_) widen(value);
  insert(value * unit_);
  compress();
  if (tick_ % parameters_.clock != 0 || width_ <= static_cast<double>(parameters_.grace_period)) {
    return;
  }
  while (cut_found()) {
    drift_ = true;
    drop_oldest();
  }
}

void Adwin::insert(double value) {
  rows_[0].push_back({value, 0});
  width_ += 1;
  if (width_ > 1) {
    const double distance = value - total_ / (width_ - 1);
    squares_ += (width_ - 1) * distance * distance / width_;
  }
  total_ += value;
}

void Adwin::compress() {
  const std::size_t limit = static_cast<std::size_t>(parameters_.max_buckets);
  for (std::size_t i = 0; i < rows_.size() && rows_[i].size() > limit; ++i) {
    if (i + 1 == rows_.size()) rows_.emplace_back();
    const double n = bucket_size(i);
    const Bucket a = rows_[i][0], b = rows_[i][1];
    const double distance = a.total / n - b.total / n;
    rows_[i + 1].push_back(
        {a.total + b.total, a.squares + b.squares + n / 2 * distance * distance});
    rows_[i].erase(rows_[i].begin(), rows_[i].begin() + 2);
  }
}

bool Adwin::cut_found() const {
  assert(width_ > 1);
  const double least = static_cast<double>(parameters_.min_window_length);
  const double dp = std::log(2 * std::log(width_) / parameters_.delta);
  const double variance = squares_ / width_;
  double n0 = 0, u0 = 0;
  for (std::size_t i = rows_.size(); i-- > 0;) {
    const double n = bucket_size(i);
    for (std::size_t k = 0; k < rows_[i].size(); ++k) {
      if (i == 0 && k + 1 == rows_[i].size()) return false;  // the newest bucket is never cut off
      n0 += n;
      u0 += rows_[i][k].total;
      const double n1 = width_ - n0;
      if (n0 < least || n1 < least) continue;
      const double m = 1 / (n0 - least + 1) + 1 / (n1 - least + 1);
      const double bound = std::sqrt(2 * m * variance * dp) + 2.0 / 3 * dp * m * unit_;
      if (std::abs(u0 / n0 - (total_ - u0) / n1) > bound) return true;
    }
  }
  return false;
}

void Adwin::drop_oldest() {
  assert(!rows_.back().empty() && width_ > bucket_size(rows_.size() - 1));
  const double n = bucket_size(rows_.size() - 1);
  const Bucket oldest = rows_.back().front();
  rows_.back().erase(rows_.back().begin());
  width_ -= n;
  total_ -= oldest.total;
  const double distance = oldest.total / n - total_ / width_;
  squares_ -= oldest.squares + n * width_ * distance * distance / (n + width_);
  while (rows_.size() > 1 && rows_.back().empty()) rows_.pop_back();
}

}  // namespace rehearse::drift

#include "drift/cumulative_detectors.hpp"

#include <algorithm>

namespace rehearse::drift {

void PageHinkley::reset() {
  count_ = 0;
  mean_ = up_ = down_ = 0;
  least_up_ = std::numeric_limits<double>::infinity();
  most_down_ = -std::numeric_limits<double>::infinity();
}

void PageHinkley::step(double value) {
  ++count_;
  mean_ += (value - mean_) / static_cast<double>(count_);
  const double distance = value - mean_;
  up_ = parameters_.alpha * up_ + distance - parameters_.delta;
  down_ = parameters_.alpha * down_ + distance + parameters_.delta;
  least_up_ = std::min(least_up_, up_);
  most_down_ = std::max(most_down_, down_);
  if (count_ < parameters_.min_instances) return;
  const bool increase = up_ - least_up_ > parameters_.threshold;
  const bool decrease = most_down_ - down_ > parameters_.threshold;
  drift_ = (increase && parameters_.mode != Direction::down) ||
           (decrease && parameters_.mode != Direction::up);
}

void Cusum::reset() {
  moments_ = {};
  mean_ = deviation_ = up_ = down_ = 0;
}

void Cusum::step(double value) {
  const auto learning = static_cast<std::size_t>(parameters_.min_instances);
  if (moments_.count() < learning) {
    moments_.add(value);
    if (moments_.count() < learning) return;
    mean_ = moments_.mean();
    deviation_ = moments_.sample_deviation();
  }
  const double distance = value - mean_;
  up_ = std::max(0.0, up_ + distance - parameters_.slack * deviation_);
  down_ = std::max(0.0, down_ - distance - parameters_.slack * deviation_);
  const double limit = parameters_.threshold * deviation_;
  drift_ = (up_ > limit && parameters_.mode != Direction::down) ||
           (down_ > limit && parameters_.mode != Direction::up);
}

}  // namespace rehearse::drift

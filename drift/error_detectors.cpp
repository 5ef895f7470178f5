#include "drift/error_detectors.hpp"

#include <cmath>

namespace rehearse::drift {

void Ddm::reset() {
  count_ = 0;
  rate_ = 0;
  best_rate_ = best_deviation_ = kNone;
}

void Ddm::step(double value) {
  ++count_;
  const double n = static_cast<double>(count_);
  rate_ += (value - rate_) / n;
  if (count_ <= parameters_.warm_start) return;
  const double deviation = std::sqrt(rate_ * (1 - rate_) / n);
  if (rate_ + deviation <= best_rate_ + best_deviation_) {
    best_rate_ = rate_;
    best_deviation_ = deviation;
  }
  const double level = rate_ + deviation;
  warning_ = level > best_rate_ + parameters_.warning_threshold * best_deviation_;
  if (level > best_rate_ + parameters_.drift_threshold * best_deviation_) {
    drift_ = true;
    warning_ = false;
  }
}

void Eddm::reset() {
  count_ = errors_ = last_error_ = 0;
  distances_ = {};
  furthest_ = -1;
}

void Eddm::step(double value) {
  ++count_;
  if (value != 1) return;  // between errors the flags keep their value
  ++errors_;
  distances_.add(static_cast<double>(count_ - last_error_));
  last_error_ = count_;
  if (count_ <= parameters_.warm_start) return;
  const double reach = distances_.mean() + 2 * distances_.sample_deviation();
  if (reach > furthest_) {
    furthest_ = reach;
    return;
  }
  if (errors_ <= parameters_.warm_start) return;
  const double ratio = reach / furthest_;
  drift_ = ratio < parameters_.beta;
  if (!drift_) warning_ = ratio < parameters_.alpha;  // at drift the warning stays as it was
}

void HddmA::reset() { all_ = lowest_ = highest_ = {}; }

double HddmA::bound(double count) const {
  return std::sqrt(std::log(1 / parameters_.drift_confidence) / (2 * count));
}

/// Whether the mean of all differs from that up to `cut`, upwards for sign 1, downwards for -1.
bool HddmA::differs(const Mean& cut, double confidence, double sign) const {
  if (cut.count == all_.count) return false;
  const double m = (all_.count - cut.count) / (cut.count * all_.count);
  return sign * (all_.mean - cut.mean) >= std::sqrt(m / 2 * std::log(2 / confidence));
}

void HddmA::step(double value) {
  all_.count += 1;
  all_.mean += (value - all_.mean) / all_.count;
  if (lowest_.count == 0) lowest_ = all_;
  if (highest_.count == 0) highest_ = all_;
  if (lowest_.mean + bound(lowest_.count) >= all_.mean + bound(all_.count)) lowest_ = all_;
  if (highest_.mean - bound(highest_.count) <= all_.mean - bound(all_.count)) highest_ = all_;
  drift_ = differs(lowest_, parameters_.drift_confidence, 1);
  warning_ = !drift_ && differs(lowest_, parameters_.warning_confidence, 1);
  if (!parameters_.two_sided_test) return;
  // As in River, the mirrored test adds its flag to what the first one found.
  if (differs(highest_, parameters_.drift_confidence, -1)) {
    drift_ = true;
  } else if (differs(highest_, parameters_.warning_confidence, -1)) {
    warning_ = true;
  }
}

}  // namespace rehearse::drift

#include "stats/precision_stop.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "stats/distributions.hpp"

namespace rehearse::stats {

PrecisionStop::PrecisionStop(Precision precision, double confidence)
    : precision_(precision), confidence_(confidence) {
  assert(precision.width > 0 && confidence > 0 && confidence < 1);
}

double PrecisionStop::half_width() const {
  if (count() < 2) return 0;
  const double n = static_cast<double>(count());
  return student_quantile(0.5 + confidence_ / 2, n - 1) * moments_.sample_deviation() /
         std::sqrt(n);
}

double PrecisionStop::wanted() const {
  if (!precision_.relative) return precision_.width;
  return precision_.width / (1 + precision_.width) * std::abs(mean());
}

bool PrecisionStop::add(double value) {
  moments_.add(value);
  return count() >= kFirstLook && half_width() <= wanted();
}

double PrecisionStop::expected_count() const {
  const double n = static_cast<double>(count());
  const double first = static_cast<double>(kFirstLook);
  if (count() < 2 || half_width() <= wanted()) return std::max(n, first);
  const double ratio = half_width() / wanted();
  return std::max({n, first, n * ratio * ratio});
}

}  // namespace rehearse::stats

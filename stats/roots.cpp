#include "stats/roots.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include "base/debug_assert.hpp"

namespace rehearse::stats {
namespace {

/// The bracket of the search: `best` is the newest estimate, `before` the one before it, and the
/// root lies between `best` and `other`.
struct Bracket {
  double before, at_before;
  double best, at_best;
  double other, at_other;
};

/// Secant step, or inverse quadratic interpolation when three points differ, unless it leaves the
/// bracket or shrinks too slowly; then `bisection`.
double next_step(const Bracket& b, double bisection, double tolerance) {
  const double previous = b.best - b.before;
  if (std::abs(previous) < tolerance || std::abs(b.at_before) <= std::abs(b.at_best)) {
    return bisection;
  }
  const double width = b.other - b.best;
  const double ratio = b.at_best / b.at_before;
  double p, q;
  if (b.before == b.other) {
    p = width * ratio;
    q = 1 - ratio;
  } else {
    const double u = b.at_before / b.at_other;
    const double v = b.at_best / b.at_other;
    p = ratio * (width * u * (u - v) - previous * (v - 1));
    q = (u - 1) * (v - 1) * (ratio - 1);
  }
  if (p > 0) {
    q = -q;
  } else {
    p = -p;
  }
  const bool inside = p < 0.75 * width * q - std::abs(tolerance * q) / 2;
  const bool shrinking = p < std::abs(previous * q / 2);
  return inside && shrinking ? p / q : bisection;
}

}  // namespace

double find_root(const std::function<double(double)>& function, double left, double right,
                 double tolerance, int steps) {
  const double at_left = function(left);
  if (at_left == 0) return left;
  const double at_right = function(right);
  if (at_right == 0) return right;
  debug_assert((at_left > 0) != (at_right > 0) && tolerance >= 0);
  Bracket b{left, at_left, right, at_right, left, at_left};
  for (int i = 0; i <= steps; ++i) {
    if (std::abs(b.at_other) < std::abs(b.at_best)) {
      b = {b.best, b.at_best, b.other, b.at_other, b.best, b.at_best};
    }
    const double reach =
        2 * std::numeric_limits<double>::epsilon() * std::abs(b.best) + tolerance / 2;
    const double bisection = (b.other - b.best) / 2;
    if (std::abs(bisection) <= reach || b.at_best == 0) return b.best;
    double step = next_step(b, bisection, reach);
    if (std::abs(step) < reach) step = step > 0 ? reach : -reach;
    b.before = b.best;
    b.at_before = b.at_best;
    b.best += step;
    b.at_best = function(b.best);
    if ((b.at_best > 0) == (b.at_other > 0) && b.at_best != 0) {
      b.other = b.before;
      b.at_other = b.at_before;
    }
  }
  return b.best;
}

}  // namespace rehearse::stats

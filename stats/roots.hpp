// Brent's root finder (zeroin; Brent 1973, chapter 4) with the tolerance rule of R's uniroot:
// 2 eps |b| + tolerance / 2 around the current best point b.
#pragma once

#include <functional>

namespace rehearse::stats {

/// A point where `function` changes sign, or where it is 0. REQUIRES: the values at left and right
/// have opposite signs, or one of them is 0.
double find_root(const std::function<double(double)>& function, double left, double right,
                 double tolerance, int steps = 1000);

}  // namespace rehearse::stats

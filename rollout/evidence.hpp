// Whether data can show anything at all.
#pragma once

#include <cstddef>

namespace rehearse::rollout {

/// Whether the rank test of so many points can ever exceed the confidence, however far apart they
/// lie. REQUIRES: points on both sides.
bool can_reject(std::size_t canary, std::size_t baseline, double confidence);

/// The fewest points a side with which the rank test can reject at this confidence.
std::size_t least_points(double confidence);

}  // namespace rehearse::rollout

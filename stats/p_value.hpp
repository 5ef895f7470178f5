// How a p-value is written. Far in a tail it is smaller than what its computation can tell, or than
// any double, and yet not 0.
#pragma once

#include <string>

namespace rehearse::stats {

/// "p 0.023", to so many significant digits, or "p < 1e-300"; `least` is the smallest that is
/// known.
std::string p_value_text(double p, int digits, double least = 1e-300);

}  // namespace rehearse::stats

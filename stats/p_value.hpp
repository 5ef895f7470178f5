// How a p-value is written. Far in a tail it is smaller than any double, and yet not 0.
#pragma once

#include <string>

namespace rehearse::stats {

/// "p 0.023", to so many significant digits, or "p < 1e-300".
std::string p_value_text(double p, int digits);

}  // namespace rehearse::stats

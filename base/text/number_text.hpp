// Numbers as text in output files.
#pragma once

#include <string>

namespace rehearse {

/// The shortest decimal that reads back the same double; whole numbers without a fraction, and
/// without exponent below 10^15. REQUIRES: `value` is finite.
std::string number_text(double value);

}  // namespace rehearse

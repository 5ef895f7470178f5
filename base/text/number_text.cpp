#include "base/text/number_text.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cmath>

namespace rehearse {

std::string number_text(double value) {
  assert(std::isfinite(value));
  if (value == 0) return "0";  // not -0
  if (std::abs(value) < 1e15 && value == std::floor(value)) return fmt::format("{:.0f}", value);
  return fmt::format("{}", value);
}

}  // namespace rehearse

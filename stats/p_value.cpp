#include "stats/p_value.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cmath>

namespace rehearse::stats {

std::string p_value_text(double p, int digits) {
  assert(!std::isnan(p));
  return p < 1e-300 ? "p < 1e-300" : fmt::format("p {:.{}g}", p, digits);
}

}  // namespace rehearse::stats

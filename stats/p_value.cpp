#include "stats/p_value.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cmath>

namespace rehearse::stats {

std::string p_value_text(double p, int digits, double least) {
  assert(!std::isnan(p));
  return p < least ? fmt::format("p < {:g}", least) : fmt::format("p {:.{}g}", p, digits);
}

}  // namespace rehearse::stats

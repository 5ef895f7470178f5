#include "base/time.hpp"

#include <cassert>
#include <cmath>

namespace rehearse {

Duration Duration::from_seconds(double s) {
  assert(std::abs(s) < 9.2e9);
  return {std::llround(s * 1e9)};
}

}  // namespace rehearse

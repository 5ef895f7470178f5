// The part of a run that is measured.
//
// A run lasts from 0 to `end`: the warm-up [0, begin), the measured window [begin, until) and the
// quiescence [until, end]. Means, quantiles and maxima cover the window. A lag belongs to the
// window in which it starts, however late it ends; counters cover the whole run.
#pragma once

#include <algorithm>

#include "base/time.hpp"

namespace rehearse::measure {

struct Window {
  Time begin;  ///< end of the warm-up
  Time until;  ///< the scenario's duration
  Time end;    ///< duration and quiescence

  constexpr bool contains(Time t) const { return begin <= t && t < until; }
  constexpr Duration length() const { return until - begin; }
  constexpr Time clip(Time t) const { return std::clamp(t, begin, until); }
};

}  // namespace rehearse::measure

// The unit of time that an axis is drawn in.
#pragma once

namespace rehearse {

struct TimeUnit {
  const char* name;  ///< plural, as in "hours"
  double seconds;
};

/// The largest unit of which `seconds` holds at least two, from nanoseconds to days; seconds where
/// there is no time at all.
TimeUnit readable_unit(double seconds);

}  // namespace rehearse

// The clocks of the benches that measure a process and its workers.
#pragma once

#include <sys/resource.h>

#include <chrono>

namespace rehearse::bench {

using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Processor time so far of RUSAGE_SELF or RUSAGE_CHILDREN (those that were waited for), seconds.
inline double cpu_seconds(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace rehearse::bench

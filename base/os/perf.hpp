// What a run cost on this machine: perf.json, the only result that may differ between two runs.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace rehearse::os {

struct Perf {
  double wall_seconds = 0;
  double cpu_seconds = 0;        ///< user and system, of this process
  std::uint64_t events = 0;      ///< simulation events executed
  double events_per_second = 0;  ///< by wall time
  double peak_rss_mib = 0;
};

/// Measures from its construction on.
class PerfMeter {
 public:
  PerfMeter();
  Perf read(std::uint64_t events) const;

 private:
  std::chrono::steady_clock::time_point wall_;
  double cpu_ = 0;
};

std::string perf_json(const Perf& perf);

}  // namespace rehearse::os

#include "base/os/perf.hpp"

#include <sys/resource.h>

#include "base/text/json_writer.hpp"

namespace rehearse::os {
namespace {

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

rusage usage() {
  rusage used = {};
  ::getrusage(RUSAGE_SELF, &used);
  return used;
}

double cpu_seconds(const rusage& used) { return seconds(used.ru_utime) + seconds(used.ru_stime); }

}  // namespace

PerfMeter::PerfMeter() : wall_(std::chrono::steady_clock::now()), cpu_(cpu_seconds(usage())) {}

Perf PerfMeter::read(std::uint64_t events) const {
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - wall_;
  const rusage used = usage();
  Perf perf;
  perf.wall_seconds = wall.count();
  perf.cpu_seconds = cpu_seconds(used) - cpu_;
  perf.events = events;
  perf.events_per_second = wall.count() > 0 ? static_cast<double>(events) / wall.count() : 0;
  perf.peak_rss_mib = static_cast<double>(used.ru_maxrss) / 1024;  // Linux counts KiB
  return perf;
}

std::string perf_json(const Perf& perf) {
  return JsonWriter()
      .object(JsonWriter::Layout::lines)
      .member("wall_seconds", perf.wall_seconds)
      .member("cpu_seconds", perf.cpu_seconds)
      .member("events", perf.events)
      .member("events_per_second", perf.events_per_second)
      .member("peak_rss_mib", perf.peak_rss_mib)
      .end()
      .take();
}

}  // namespace rehearse::os

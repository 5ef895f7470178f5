// A scenario's run measured, and the floors under it; each step in a process of its own.
#pragma once

#include <cstdint>
#include <string>

#include "calendar_tape.hpp"
#include "store_tape.hpp"

namespace rehearse::bench {

struct Options {
  std::string scenario;
  std::string duration;  ///< empty: the scenario's own
  int repeat = 1;
  bool floor = true;
};

struct RunCost {
  double cpu_seconds = 0;
  double wall_seconds = 0;
  double peak_mib = 0;
  std::uint64_t changes = 0;  ///< of the truth
  std::uint64_t events = 0;   ///< executed by the calendar
  std::uint64_t datoms = 0;
  std::string digest;
};

struct Measurement {
  RunCost run;
  bool has_floor = false;
  CalendarReplay timers;    ///< SimGrid's kernel timers alone
  CalendarReplay calendar;  ///< the simulation's calendar on the same tape, events doing nothing
  StoreReplay store;        ///< SQLite alone
};

/// Throws InputError for a bad scenario; std::runtime_error when a floor did not do what the run
/// did, or two runs differ.
Measurement measure(const Options& options);

std::string table(const Measurement& measurement);

}  // namespace rehearse::bench

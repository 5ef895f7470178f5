#include "learning/drift_schedule.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <numbers>

namespace rehearse::learning {
namespace {

double part_of(Duration passed, Duration whole) {
  return whole.ns <= 0 ? 1 : static_cast<double>(passed.ns) / static_cast<double>(whole.ns);
}

double wave(const Drift& drift, Duration passed) {
  const double phase = part_of({passed.ns % drift.period.ns}, drift.period);
  if (drift.shape == Wave::square) return phase < 0.5 ? 0 : 1;
  return (1 - std::cos(2 * std::numbers::pi * phase)) / 2;
}

/// The first hour that begins at an instant or after it.
Hour first_hour_from(Time time) {
  const Hour hour = Hour::of(time);
  return hour.start() < time ? hour.next() : hour;
}

/// The first edge of a square wave after an instant of it.
Time next_edge(const Drift& drift, Time time) {
  // An odd period has its edge half a nanosecond later, at the next whole one.
  const Duration passed = time - drift.at;
  const Time begin = time - Duration{passed.ns % drift.period.ns};
  const Time middle = begin + Duration{(drift.period.ns + 1) / 2};
  return time < middle ? middle : begin + drift.period;
}

}  // namespace

double progress(const Drift& drift, Time at) {
  if (at < drift.at || at >= drift.until) return 0;
  switch (drift.kind) {
    case DriftKind::sudden:
      return 1;
    case DriftKind::incremental:
    case DriftKind::gradual:
      return std::min(1.0, part_of(at - drift.at, drift.over));
    case DriftKind::recurring:
      return wave(drift, at - drift.at);
  }
  return 0;
}

std::optional<Time> completed(const Drift& drift) {
  switch (drift.kind) {
    case DriftKind::sudden:
      return drift.at;
    case DriftKind::incremental:
    case DriftKind::gradual:
      return drift.at + drift.over;
    case DriftKind::recurring:
      break;
  }
  return std::nullopt;
}

std::optional<Hour> next_move(const Drift& drift, Hour hour) {
  const Time now = hour.start();
  if (now >= drift.until) return std::nullopt;
  // f differs from 0 from the first hour that begins at `at` or, where it grows from 0, after it.
  if (now < drift.at) return first_hour_from(drift.at);
  std::optional<Hour> move;
  if (drift.kind == DriftKind::recurring) {
    move = drift.shape == Wave::sine ? hour.next() : first_hour_from(next_edge(drift, now));
  } else if (now < *completed(drift)) {
    move = hour.next();
  }
  if (drift.until == Time::never()) return move;
  const Hour end = first_hour_from(drift.until);
  return move ? std::min(*move, end) : end;
}

}  // namespace rehearse::learning

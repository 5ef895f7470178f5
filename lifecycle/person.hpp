// A person who has to decide something: asked, not there at once, and perhaps replaced.
#pragma once

#include "base/time.hpp"
#include "stats/lognormal.hpp"
#include "stats/random.hpp"

namespace rehearse::lifecycle {

struct PersonSettings {
  stats::Distribution delay =
      stats::Distribution(stats::lognormal(Duration::minutes(10), Duration::minutes(45)));
  double approves = 1;                       ///< the chance
  Duration escalation = Duration::hours(1);  ///< without an answer another owner is asked
};

struct PersonAnswer {
  Time at;
  bool approves = true;
  bool escalated = false;
};

/// When who is asked now answers, and what. Another owner is asked at the escalation, with a fresh
/// delay; who answers first decides.
PersonAnswer ask(const PersonSettings& settings, stats::Stream stream, Time now);

}  // namespace rehearse::lifecycle

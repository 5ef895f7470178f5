#include "lifecycle/arm_minute.hpp"

#include <cassert>
#include <limits>

#include "stats/duration_law.hpp"

namespace rehearse::lifecycle {

learning::ArmChances chances_of(const Version& version, double engagement,
                                const ServingConditions& conditions) {
  const Artefact& artefact = version.artefact;
  double sound = (1 - artefact.errors) * (1 - conditions.further_errors);
  const auto& late = version.late_errors;
  if (late && conditions.promoted_for && *conditions.promoted_for >= late->after) {
    sound *= 1 - late->errors;
  }
  const double left = (artefact.deadline - conditions.overhead).to_seconds() / artefact.slowness;
  const double slow = stats::share_above(artefact.latency, Duration::from_seconds(left));
  return {1 - sound, slow, engagement};
}

ArmMinute draw_minute(stats::Stream& stream, double expected, const Version& version,
                      double engagement, const ServingConditions& conditions) {
  ArmMinute minute;
  minute.counts =
      learning::draw_counts(stream, expected, chances_of(version, engagement, conditions));
  if (minute.counts.requests == 0) {
    minute.latency_p99 = std::numeric_limits<double>::quiet_NaN();
    return minute;
  }
  const double position = learning::draw_p99_position(stream, minute.counts.requests);
  const Artefact& artefact = version.artefact;
  minute.latency_p99 =
      stats::quantile(artefact.latency, position).to_seconds() * artefact.slowness +
      conditions.overhead.to_seconds();
  return minute;
}

}  // namespace rehearse::lifecycle

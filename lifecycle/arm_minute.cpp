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
  const double left = (artefact.deadline - conditions.overhead).to_seconds() /
                      (artefact.slowness * conditions.slower);
  const double slow = stats::share_above(artefact.latency, Duration::from_seconds(left));
  return {1 - sound, slow, engagement};
}

double latency_p99(const Artefact& artefact) {
  return stats::quantile(artefact.latency, 0.99).to_seconds() * artefact.slowness;
}

double draw_latency_p99(stats::Stream& stream, std::uint64_t requests, const Version& version,
                        const ServingConditions& conditions) {
  if (requests == 0) return std::numeric_limits<double>::quiet_NaN();
  const double position = learning::draw_p99_position(stream, requests);
  const Artefact& artefact = version.artefact;
  return stats::quantile(artefact.latency, position).to_seconds() * artefact.slowness *
             conditions.slower +
         conditions.overhead.to_seconds();
}

ArmMinute draw_minute(stats::Stream& stream, double expected, const Version& version,
                      double engagement, const ServingConditions& conditions) {
  ArmMinute minute;
  minute.counts =
      learning::draw_counts(stream, expected, chances_of(version, engagement, conditions));
  minute.latency_p99 = draw_latency_p99(stream, minute.counts.requests, version, conditions);
  return minute;
}

}  // namespace rehearse::lifecycle

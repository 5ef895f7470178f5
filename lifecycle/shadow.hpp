// A candidate's answers to copies of requests, before it meets members.
//
// Copies of a share of the requests go to the candidate for some time, and nobody sees what it
// answers. It fails when more of its answers than a share were errors, or when their 99th
// percentile of latency is a factor above that of production's meanwhile. Where there was no
// request, or none that was measured, there is nothing against it: the canary has the say.
#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"
#include "lifecycle/arm_minute.hpp"

namespace rehearse::lifecycle {

struct ShadowSettings {
  double share = 0.05;
  Duration lasts = Duration::hours(1);
  double errors_above = 0.01;
  double latency_above = 1.25;
};

/// What was counted throughout.
struct ShadowReport {
  ArmMinute production, copies;
};

/// Why the candidate fails; nullopt when it does not.
std::optional<std::string> fails(const ShadowSettings& settings, const ShadowReport& report);

}  // namespace rehearse::lifecycle

#include "lifecycle/conditions.hpp"

#include <fmt/format.h>

#include <vector>

namespace rehearse::lifecycle {

std::string describe(const Conditions& conditions) {
  std::vector<std::string> parts;
  const SignalConditions& signals = conditions.signals;
  if (signals.outage) parts.emplace_back("signals are lost");
  if (signals.drop > 0) parts.push_back(fmt::format("signals are lost by {:g}", signals.drop));
  if (signals.duplicate > 0) {
    parts.push_back(fmt::format("signals are doubled by {:g}", signals.duplicate));
  }
  if (signals.delay) parts.emplace_back("signals are late");
  if (conditions.rules_held) parts.emplace_back("rules are held");
  if (conditions.cluster_out) parts.emplace_back("no training starts");
  for (const Role role : conditions.unmeasured)
    parts.push_back(to_string(role) + " is not measured");
  return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace rehearse::lifecycle

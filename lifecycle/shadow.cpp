#include "lifecycle/shadow.hpp"

#include <fmt/format.h>

namespace rehearse::lifecycle {

std::optional<std::string> fails(const ShadowSettings& settings, const ShadowReport& report) {
  const learning::ArmCounts& copies = report.copies.counts;
  if (copies.requests == 0) return std::nullopt;
  const double errors = double(copies.errors) / double(copies.requests);
  if (errors > settings.errors_above) {
    return fmt::format("{:.3g} of its answers are errors, more than {:g}", errors,
                       settings.errors_above);
  }
  if (report.production.counts.requests == 0) return std::nullopt;
  const double ratio = report.copies.latency_p99 / report.production.latency_p99;
  if (ratio > settings.latency_above) {
    return fmt::format("its 99th percentile of latency is {:.3g} times production's, above {:g}",
                       ratio, settings.latency_above);
  }
  return std::nullopt;
}

}  // namespace rehearse::lifecycle

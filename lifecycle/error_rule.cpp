#include "lifecycle/error_rule.hpp"

#include <cassert>

namespace rehearse::lifecycle {

bool ErrorRule::minute(std::uint64_t requests, std::uint64_t errors) {
  assert(errors <= requests);
  minutes_.emplace_back(requests, errors);
  std::uint64_t held = 0, failed = 0;
  std::size_t looked_at = 0;
  for (auto one = minutes_.rbegin(); one != minutes_.rend(); ++one) {
    if (looked_at >= settings_.least_minutes && held >= settings_.least_requests) break;
    held += one->first;
    failed += one->second;
    ++looked_at;
  }
  while (minutes_.size() > looked_at) minutes_.pop_front();
  if (looked_at < settings_.least_minutes || held < settings_.least_requests || held == 0) {
    return false;
  }
  return static_cast<double>(failed) / static_cast<double>(held) > settings_.above;
}

}  // namespace rehearse::lifecycle

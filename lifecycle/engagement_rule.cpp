#include "lifecycle/engagement_rule.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace rehearse::lifecycle {
namespace {

double share(std::uint64_t clicks, std::uint64_t requests) {
  return static_cast<double>(clicks) / static_cast<double>(requests);
}

}  // namespace

std::optional<double> EngagementRule::before() const {
  if (days_.size() < settings_.least_days) return std::nullopt;
  const double mean =
      std::accumulate(days_.begin(), days_.end(), 0.0) / static_cast<double>(days_.size());
  return std::min(days_.back(), mean);
}

void EngagementRule::promoted(Time now) {
  trial_.reset();
  if (const auto level = before()) trial_ = Trial{now, *level};
}

bool EngagementRule::midnight(Time now, std::uint64_t requests, std::uint64_t clicks) {
  assert(now.ns % Duration::days(1).ns == 0 && clicks <= requests);
  if (requests == 0) return false;
  days_.push_back(share(clicks, requests));
  if (days_.size() > settings_.days) days_.pop_front();
  if (!trial_) return false;
  if (now > trial_->promoted + settings_.probation) {
    trial_.reset();
    return false;
  }
  if (now - Duration::days(1) < trial_->promoted) return false;  // no whole day
  trial_->requests += requests;
  trial_->clicks += clicks;
  return share(trial_->clicks, trial_->requests) < (1 - settings_.above) * trial_->before;
}

}  // namespace rehearse::lifecycle

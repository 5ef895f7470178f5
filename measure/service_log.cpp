#include "measure/service_log.hpp"

namespace rehearse::measure {

void ServiceLog::condition(models::Condition condition, Time now) {
  using models::Condition;
  switch (condition) {
    case Condition::paused:
      paused_ = now;
      break;
    case Condition::resumed:
      paused_.reset();
      break;
    case Condition::crashed:
      down_ = now;
      breakers_.clear();
      break;
    case Condition::restarted:
      down_.reset();
      restarted_ = now;
      break;
    case Condition::index_down:
      index_away_ = now;
      break;
    case Condition::index_up:
      index_away_.reset();
      break;
  }
}

void ServiceLog::listing_failed(mds::SourceIndex source, const std::string& path,
                                const std::string& why, Time now) {
  listings_[{source.value, path}] = {now, why};
}

void ServiceLog::breaker(mds::SourceIndex source, bool open, Time now) {
  if (open) {
    breakers_.emplace(source.value, now);
  } else {
    breakers_.erase(source.value);
  }
}

std::optional<Time> ServiceLog::breaker_open_since(mds::SourceIndex source) const {
  const auto open = breakers_.find(source.value);
  if (open == breakers_.end()) return std::nullopt;
  return open->second;
}

std::optional<ServiceLog::Listing> ServiceLog::failed_listing(mds::SourceIndex source) const {
  const auto failed = listings_.lower_bound({source.value, ""});
  if (failed == listings_.end() || failed->first.first != source.value) return std::nullopt;
  return failed->second;
}

std::optional<ServiceLog::Listing> ServiceLog::only_failed_listing() const {
  if (listings_.size() != 1) return std::nullopt;
  return listings_.begin()->second;
}

}  // namespace rehearse::measure

#include "rollout/release_queue.hpp"

#include <stdexcept>

namespace rehearse::rollout {

bool ReleaseQueue::submit(const std::string& version) {
  if (!seen_.insert(version).second) {
    throw std::invalid_argument("version " + version + " was submitted before");
  }
  if (under_way_) {
    waiting_.push_back(version);
    return false;
  }
  under_way_ = version;
  return true;
}

std::optional<std::string> ReleaseQueue::settled() {
  under_way_.reset();
  if (waiting_.empty()) return std::nullopt;
  under_way_ = waiting_.front();
  waiting_.erase(waiting_.begin());
  return under_way_;
}

}  // namespace rehearse::rollout

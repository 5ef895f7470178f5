#include "mds/hydration/breaker.hpp"

#include <cassert>

namespace rehearse::mds {

Time CircuitBreaker::earliest() const {
  switch (mode_) {
    case Mode::open:
      return until_;
    case Mode::trying:
      return Time::never();
    case Mode::closed:
      break;
  }
  return {};
}

bool CircuitBreaker::start([[maybe_unused]] Time now) {
  assert(now >= earliest());
  if (mode_ != Mode::open) return false;
  mode_ = Mode::trying;
  return true;
}

CircuitBreaker::Switch CircuitBreaker::finish(bool succeeded, bool trial, Time now) {
  if (!policy_) return Switch::none;
  if (mode_ == Mode::closed || trial) {
    if (succeeded) {
      failures_ = 0;
      const bool was_trial = mode_ == Mode::trying;
      mode_ = Mode::closed;
      return was_trial ? Switch::closed : Switch::none;
    }
    ++failures_;
    if (!trial && failures_ < policy_->failures) return Switch::none;
    failures_ = 0;
    mode_ = Mode::open;
    until_ = now + policy_->open_for;
    return Switch::opened;
  }
  return Switch::none;
}

}  // namespace rehearse::mds

#include "lifecycle/signal.hpp"

#include <cassert>

namespace rehearse::lifecycle {

std::string to_string(SignalType type) {
  switch (type) {
    case SignalType::drift_detected:
      return "drift_detected";
    case SignalType::model_trained:
      return "model_trained";
    case SignalType::canary_passed:
      return "canary_passed";
  }
  assert(false);
  return "";
}

SignalType type_of(const Metadata& metadata) {
  static_assert(std::variant_size_v<Metadata> == 3);
  return static_cast<SignalType>(metadata.index());  // both are in one order
}

}  // namespace rehearse::lifecycle

// The member "canary" of a model's "release" (release_config.hpp).
#pragma once

#include "base/config.hpp"
#include "lifecycle/canary.hpp"

namespace rehearse::models {

/// Throws InputError.
lifecycle::CanarySettings parse_canary(const config::Node& node);

}  // namespace rehearse::models

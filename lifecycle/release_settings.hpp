// What a scenario may say of the releases of a model.
#pragma once

#include <optional>

#include "lifecycle/canary.hpp"
#include "lifecycle/engagement_rule.hpp"
#include "lifecycle/error_rule.hpp"
#include "lifecycle/person.hpp"
#include "lifecycle/routes.hpp"
#include "lifecycle/shadow.hpp"

namespace rehearse::lifecycle {

/// What becomes of candidates while another is under way.
enum class Waiting {
  supersede,  ///< the newest takes the place of one that waits
  queue
};

/// How the registry is told of a promotion.
enum class Promotion {
  atomic,
  two_step  ///< unsafe: the old version is retired some time after the new one is in production
};

/// What happens to a candidate under way when another one has passed its gates.
enum class OnNewVersion {
  wait,    ///< the other one waits for its turn
  restart  ///< unsafe: the other one takes its place; verdicts and rollbacks to come are forgotten
};

struct ReleaseSettings {
  CanarySettings canary = {};
  Waiting waiting = Waiting::supersede;
  int keep_warm = 1;  ///< released versions before the one that serves that stay loaded
  ErrorRuleSettings errors = {};
  EngagementRuleSettings engagement = {};
  PersonSettings person = {};
  RoutingSettings routing = {};
  std::optional<ShadowSettings> shadow = {};  ///< before the canary
  Promotion promotion = Promotion::atomic;
  Duration gap = Duration::seconds(30);  ///< between the operations of one in two steps
  OnNewVersion on_new_version = OnNewVersion::wait;
};

}  // namespace rehearse::lifecycle

#include "models/lifecycle/release_config.hpp"

#include "models/lifecycle/canary_config.hpp"
#include "models/lifecycle/not_built.hpp"

namespace rehearse::models {
namespace {

using config::Node;
using config::Object;

constexpr std::int64_t kMostWarm = 1000;

std::optional<lifecycle::ShadowSettings> parse_shadow(const Node& node) {
  if (node.kind == config::Kind::string && node.text == "none") return std::nullopt;
  Object object(node);
  lifecycle::ShadowSettings shadow;
  shadow.share = object.number("share", shadow.share, {0, 1, true});
  shadow.lasts = object.duration("for", shadow.lasts);
  if (shadow.lasts < Duration::minutes(1)) {
    const Node& lasts = object.require("for");
    config::fail(lasts, "found " + config::shown(lasts) + "; at least one minute is allowed");
  }
  shadow.errors_above = object.probability("errors_above", shadow.errors_above);
  shadow.latency_above = object.number("latency_above", shadow.latency_above, {0, 1e6, true});
  object.done();
  return shadow;
}

void parse_unsafe(Object& object, lifecycle::ReleaseSettings& release) {
  const bool two_step = object.choice("promotion", "atomic", {"atomic", "two-step"}) == "two-step";
  if (two_step) release.promotion = lifecycle::Promotion::two_step;
  if (const Node* gap = object.find("gap")) {
    if (!two_step) {
      config::fail(*gap, "\"gap\" lies between the steps of a two-step promotion; this is atomic");
    }
    release.gap = config::to_duration(*gap);
  }
  if (object.choice("on_new_version", "wait", {"wait", "restart"}) == "restart") {
    release.on_new_version = lifecycle::OnNewVersion::restart;
  }
}

}  // namespace

lifecycle::ReleaseSettings parse_release(const Node& node) {
  Object object(node);
  refuse_not_built(object, {"test", "drift_ends_test"});
  lifecycle::ReleaseSettings release;
  if (const Node* shadow = object.find("shadow")) release.shadow = parse_shadow(*shadow);
  if (const Node* canary = object.find("canary")) release.canary = parse_canary(*canary);
  release.engagement.probation = object.duration("probation", release.engagement.probation);
  if (object.choice("waiting", "supersede", {"supersede", "queue"}) == "queue") {
    release.waiting = lifecycle::Waiting::queue;
  }
  release.keep_warm =
      static_cast<int>(object.integer("keep_warm", release.keep_warm, 0, kMostWarm));
  parse_unsafe(object, release);
  object.done();
  return release;
}

}  // namespace rehearse::models

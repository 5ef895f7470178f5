#include "models/lifecycle/defect_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace rehearse::models {
namespace {

using config::Node;
using config::Object;
using lifecycle::Defect;

constexpr double kFarthest = 1e6;

lifecycle::Leak read_leak(Object& object, const Features& features) {
  lifecycle::Leak leak;
  if (const Node* feature = object.find("feature")) leak.feature = to_feature(*feature, features);
  leak.reacts = config::to_number(object.require("reacts"), {-kFarthest, kFarthest});
  return leak;
}

lifecycle::Swap read_swap(Object& object, const Features& features) {
  const Node* named = object.find("features");
  if (named == nullptr) {
    if (features.count() < 2) config::fail(object.node(), "one feature has none to swap with");
    return {};
  }
  const std::vector<std::size_t> both = to_features(*named, features);
  if (both.size() != 2) {
    config::fail(*named, fmt::format("found {} features; two change places", both.size()));
  }
  return {std::pair(both[0], both[1])};
}

Defect read_turn(Object& object, const Features& features) {
  if (features.count() < 2) config::fail(object.node(), "one feature has nowhere to turn to");
  const Node* degrees = object.find("degrees");
  const Node* engagement = object.find("engagement");
  if ((degrees == nullptr) == (engagement == nullptr)) {
    config::fail(
        object.node(),
        "a turn is said by \"degrees\" or by the \"engagement\" that it costs, one of them");
  }
  if (degrees != nullptr) return lifecycle::Turn{config::to_number(*degrees, {0, 180})};
  return lifecycle::TurnTo{config::to_number(*engagement, {-1, 0})};
}

Defect read_crash(Object& object) {
  lifecycle::Crash crash;
  crash.errors = config::to_probability(object.require("errors"));
  if (const Node* after = object.find("after")) crash.after = stats::parse_distribution(*after);
  return crash;
}

Defect read_what(Object& object, const Features& features) {
  object.require("kind");
  const std::string kind = object.choice(
      "kind", "",
      {"leak", "stale-window", "copy", "swap", "drop", "scale", "turn", "slow", "crash"});
  if (kind == "leak") return read_leak(object, features);
  if (kind == "stale-window") {
    return lifecycle::StaleWindow{config::to_duration(object.require("age"))};
  }
  if (kind == "swap") return read_swap(object, features);
  if (kind == "drop") return lifecycle::Drop{to_features(object.require("features"), features)};
  if (kind == "scale") {
    return lifecycle::Scale{to_features(object.require("features"), features),
                            config::to_number(object.require("factor"), {-kFarthest, kFarthest})};
  }
  if (kind == "turn") return read_turn(object, features);
  if (kind == "slow") {
    return lifecycle::Slow{config::to_number(object.require("factor"), {0, kFarthest, true})};
  }
  if (kind == "crash") return read_crash(object);
  return lifecycle::Copy{};
}

lifecycle::DefectOf parse_defect(const Node& node, const Features& features) {
  Object object(node);
  lifecycle::DefectOf defect;
  defect.defect = read_what(object, features);
  const Node* version = object.find("version");
  const Node* share = object.find("share");
  if ((version == nullptr) == (share == nullptr)) {
    config::fail(node, "a defect is that of a \"version\" or of a \"share\" of them, one of these");
  }
  if (version != nullptr) {
    defect.version = config::to_integer(*version, 1, std::numeric_limits<std::int64_t>::max());
    if (defect.version == 1) {
      config::fail(*version,
                   "version 1 serves from time 0 on and is no candidate; allowed is 2 "
                   "and above");
    }
  }
  if (share != nullptr) defect.share = config::to_probability(*share);
  object.done();
  return defect;
}

}  // namespace

std::vector<lifecycle::DefectOf> parse_defects(const Node& node, const Features& features) {
  if (node.kind != config::Kind::array) {
    config::fail(node, "found " + config::shown(node) + "; a list of defects is allowed");
  }
  std::vector<lifecycle::DefectOf> defects;
  for (const Node& item : node.items) {
    lifecycle::DefectOf defect = parse_defect(item, features);
    const auto same = std::find_if(defects.begin(), defects.end(), [&](const auto& other) {
      return defect.version != 0 && other.version == defect.version;
    });
    if (same != defects.end()) {
      config::fail(item, fmt::format("version {} has a defect already, {}", defect.version,
                                     node.items[same - defects.begin()].where.pointer));
    }
    defects.push_back(std::move(defect));
  }
  return defects;
}

}  // namespace rehearse::models

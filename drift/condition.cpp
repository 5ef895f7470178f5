#include "drift/condition.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rehearse::drift {
namespace {

/// Those that take the share of a check.
std::vector<std::string> share_detectors() {
  std::vector<std::string> names;
  for (const std::string& name : detector_names()) {
    if (takes(name, 0.5)) names.push_back(name);
  }
  return names;
}

void read_detector(config::Object& object, Condition& condition) {
  for (const char* bound : {"above", "below"}) {
    if (const config::Node* given = object.find(bound)) {
      config::fail(*given, fmt::format("{} signals by itself; its limits are in \"parameters\"",
                                       condition.detector));
    }
  }
  if (const config::Node* given = object.find("parameters")) {
    const config::Object parameters(*given);
    for (const auto& [name, value] : given->members) {
      condition.parameters[name] =
          value.kind == config::Kind::boolean ? (value.boolean ? "true" : "false") : value.text;
    }
  }
  try {
    make_detector(condition.detector, condition.parameters);
  } catch (const InputError& error) {
    config::fail(object.node(), error.message());
  }
}

}  // namespace

Condition read_condition(const config::Node& node) {
  config::Object object(node);
  Condition condition;
  std::vector<std::string> names;
  for (const auto& [name, measure] : measure_names()) names.push_back(name);
  const std::vector<std::string> detectors = share_detectors();
  names.insert(names.end(), detectors.begin(), detectors.end());
  object.require("measure");
  const std::string chosen = object.choice("measure", names.front(), names);
  if (std::find(detectors.begin(), detectors.end(), chosen) != detectors.end()) {
    condition.measure = Measure::detector;
    condition.detector = chosen;
    condition.threshold = 0.5;  // of 1 for a signal, 0 for none
    read_detector(object, condition);
  } else {
    condition.measure = measure_named(chosen);
    if (object.has("above") == object.has("below")) {
      config::fail(node, "one of \"above\" and \"below\" is due");
    }
    condition.above = object.has("above");
    condition.threshold = object.number(condition.above ? "above" : "below", 0);
  }
  object.done();
  return condition;
}

bool violates(const Condition& condition, double measured) {
  return condition.above ? measured > condition.threshold : measured < condition.threshold;
}

std::unique_ptr<Detector> make_detector(const Condition& condition) {
  if (condition.measure != Measure::detector) return nullptr;
  return make_detector(condition.detector, condition.parameters);
}

}  // namespace rehearse::drift

// The comparison of two policies as text and as JSON.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text/json_tree.hpp"
#include "base/version.hpp"
#include "planning/plan/plan_words.hpp"
#include "planning/plan/what_if.hpp"

namespace rehearse::planning {

std::string what_if_json(const WhatIf& what_if) {
  nlohmann::ordered_json json;
  json["a"] = what_if.a;
  json["b"] = what_if.b;
  json["seed"] = what_if.seed;
  json["version"] = std::string(version());
  json["replications"] = what_if.replications;
  json["confidence"] = what_if.confidence;
  nlohmann::ordered_json metrics = nlohmann::ordered_json::object();
  for (const Difference& d : what_if.differences) {
    metrics[d.metric] = {
        {"a", d.of.mean_a},        {"b", d.of.mean_b},
        {"difference", d.of.mean}, {"interval", {d.of.interval.low, d.of.interval.high}},
        {"p_value", d.of.p_value}, {"correlation", d.of.correlation},
        {"differs", d.differs}};
  }
  json["metrics"] = metrics;
  return json_document(json);
}

std::string what_if_text(const WhatIf& what_if) {
  std::string text = fmt::format(
      "A  {}\nB  {}\nat equal budgets, {} runs of each on the same seeds\n\n"
      "{:<22}{:>10}{:>10}{:>11}  {:<24}\n",
      what_if.a, what_if.b, what_if.replications, "metric", "A", "B", "B - A",
      fmt::format("{} interval", percent(what_if.confidence, 0)));
  for (const Difference& d : what_if.differences) {
    const auto shown = [&](double value) {
      const std::string sign = value < 0 ? "-" : "";
      return sign + metric_text(d.unit, value < 0 ? -value : value);
    };
    text += fmt::format("{:<22}{:>10}{:>10}{:>11}{} {} to {}\n", d.metric, shown(d.of.mean_a),
                        shown(d.of.mean_b), shown(d.of.mean), d.differs ? "*" : " ",
                        shown(d.of.interval.low), shown(d.of.interval.high));
  }
  return text + fmt::format(
                    "\n* differs: taken together, the chance of one wrong star is at most {}\n"
                    "  (paired t-tests, Holm's procedure over {} metrics).\n",
                    percent(1 - what_if.confidence, what_if.confidence > 0.99 ? 2 : 0),
                    what_if.differences.size());
}

}  // namespace rehearse::planning

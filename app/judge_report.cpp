#include "app/judge_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/utf8.hpp"

namespace rehearse::app {
namespace {

using Json = nlohmann::ordered_json;
using rollout::MetricResult;

constexpr int kIndent = 2;

Json number(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

std::string dump(const Json& json) {
  return json.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json metric_json(const MetricResult& metric) {
  Json json;
  json["name"] = metric.name;
  json["classification"] = rollout::to_string(metric.label);
  json["critical"] = metric.critical;
  json["muted"] = metric.muted;
  json["reason"] = metric.reason;
  json["p_value"] = number(metric.p_value);
  json["shift"] = number(metric.shift);
  json["interval"] = metric.low ? Json{*metric.low, *metric.high} : Json(nullptr);
  json["effect_size"] = number(metric.effect_size);
  json["baseline_points"] = metric.baseline_points;
  json["canary_points"] = metric.canary_points;
  return json;
}

std::string shown(const std::optional<double>& value) {
  return value ? fmt::format("{:.4g}", *value) : "-";
}

std::string interval_text(const MetricResult& metric) {
  if (!metric.low) return "-";
  return fmt::format("[{:.4g}, {:.4g}]", *metric.low, *metric.high);
}

std::string percent(int part, int all) {
  return all == 0 ? "-" : fmt::format("{:.1f}%", 100.0 * part / all);
}

}  // namespace

std::string judgement_text(const rollout::Judgement& judgement) {
  std::size_t width = 6;
  for (const MetricResult& metric : judgement.metrics) {
    width = std::max(width, printable(metric.name).size());
  }
  std::string text = fmt::format("{:<{}}  {:<16}  {:>9}  {:>9}  {:>22}  {:>8}  reason\n", "metric",
                                 width, "verdict", "p", "shift", "interval", "effect");
  for (const MetricResult& metric : judgement.metrics) {
    const std::string label = rollout::to_string(metric.label) + (metric.critical ? " !" : "") +
                              (metric.muted ? " (muted)" : "");
    text += fmt::format("{:<{}}  {:<16}  {:>9}  {:>9}  {:>22}  {:>8}  {}\n", printable(metric.name),
                        width, label, shown(metric.p_value), shown(metric.shift),
                        interval_text(metric), shown(metric.effect_size), metric.reason);
  }
  text += "\n";
  for (const auto& [group, score] : judgement.scores.groups) {
    text += fmt::format("group {}: {:.4g}\n", printable(group), score);
  }
  text += fmt::format("score {:.4g}: {}", judgement.scores.score,
                      rollout::to_string(judgement.scores.verdict));
  if (judgement.scores.reason == "critical") text += " (a critical metric failed)";
  if (judgement.scores.reason == "nodata") text += " (half of the metrics or more have no data)";
  return text + "\n";
}

std::string judgement_json(const rollout::Judgement& judgement) {
  Json json;
  json["metrics"] = Json::array();
  for (const MetricResult& metric : judgement.metrics) {
    json["metrics"].push_back(metric_json(metric));
  }
  json["groups"] = Json::object();
  for (const auto& [group, score] : judgement.scores.groups) json["groups"][group] = score;
  json["score"] = judgement.scores.score;
  json["verdict"] = rollout::to_string(judgement.scores.verdict);
  if (!judgement.scores.reason.empty()) json["failed_because"] = judgement.scores.reason;
  return dump(json);
}

std::string warnings_text(const std::vector<rollout::Warning>& warnings) {
  std::string text;
  for (const rollout::Warning& warning : warnings) {
    text += fmt::format("{}: {} [{}]\n", printable(warning.subject),
                        printable(warning.message, 300), warning.code);
  }
  return text + fmt::format("{} warning{}\n", warnings.size(), warnings.size() == 1 ? "" : "s");
}

std::string warnings_json(const std::vector<rollout::Warning>& warnings) {
  Json json;
  json["warnings"] = Json::array();
  for (const rollout::Warning& warning : warnings) {
    json["warnings"].push_back(
        {{"subject", warning.subject}, {"code", warning.code}, {"message", warning.message}});
  }
  return dump(json);
}

std::string power_text(const std::vector<rollout::PowerRow>& rows) {
  std::string text = fmt::format("{:>8}  {:>8}  {:>11}  {:>8}  {:>8}  {:>8}\n", "points", "traffic",
                                 "regression", "pass", "marginal", "fail");
  for (const rollout::PowerRow& row : rows) {
    text += fmt::format("{:>8}  {:>8g}  {:>10g}%  {:>8}  {:>8}  {:>8}\n", row.points, row.traffic,
                        100 * row.regression, percent(row.passed, row.trials()),
                        percent(row.marginal, row.trials()), percent(row.failed, row.trials()));
  }
  return text;
}

std::string power_json(const std::vector<rollout::PowerRow>& rows) {
  Json json;
  json["power"] = Json::array();
  for (const rollout::PowerRow& row : rows) {
    Json one;
    one["points"] = row.points;
    one["traffic"] = row.traffic;
    one["regression"] = row.regression;
    one["trials"] = row.trials();
    const double trials = std::max(1, row.trials());
    one["pass"] = row.passed / trials;
    one["marginal"] = row.marginal / trials;
    one["fail"] = row.failed / trials;
    json["power"].push_back(one);
  }
  return dump(json);
}

}  // namespace rehearse::app

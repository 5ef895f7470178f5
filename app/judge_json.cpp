// The JSON of `rehearse judge`.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/judge_report.hpp"
#include "base/text/json_tree.hpp"
#include "stats/histogram.hpp"

namespace rehearse::app {
namespace {

using Json = nlohmann::ordered_json;
using rollout::MetricResult;

Json side_json(const rollout::PointCounts& counts) {
  return Json{{"rows", counts.points},
              {"missing", counts.missing},
              {"above", counts.above},
              {"below", counts.below}};
}

Json histogram_json(const rollout::Series& series) {
  const stats::SharedHistogram histogram = stats::shared_histogram(series.baseline, series.canary);
  return Json{
      {"edges", histogram.edges}, {"baseline", histogram.first}, {"canary", histogram.second}};
}

Json metric_json(const MetricResult& metric, const SeriesByMetric& series) {
  Json json;
  json["name"] = metric.name;
  json["classification"] = rollout::to_string(metric.label);
  json["critical"] = metric.critical;
  json["muted"] = metric.muted;
  json["reason"] = metric.reason;
  json["p_value"] = json_number(metric.p_value);
  json["shift"] = json_number(metric.shift);
  json["interval"] =
      metric.low ? Json{json_number(metric.low), json_number(metric.high)} : Json(nullptr);
  json["effect_size"] = json_number(metric.effect_size);
  json["baseline_points"] = metric.baseline_points;
  json["canary_points"] = metric.canary_points;
  json["baseline"] = side_json(metric.baseline);
  json["canary"] = side_json(metric.canary);
  if (const auto found = series.find(metric.name); found != series.end()) {
    json["histogram"] = histogram_json(found->second);
  }
  return json;
}

Json shares_json(const rollout::Scores& scores) {
  Json list = Json::array();
  for (const rollout::GroupShare& share : scores.shares) {
    list.push_back({{"group", share.group},
                    {"weight", share.weight},
                    {"weight_given", share.weighted},
                    {"passed", share.passed},
                    {"judged", share.judged},
                    {"gave", share.gave}});
  }
  return list;
}

const char* word(rollout::Weight weight) {
  return weight == rollout::Weight::note      ? "note"
         : weight == rollout::Weight::warning ? "warning"
                                              : "voids a pass";
}

}  // namespace

std::string judgement_json(const rollout::Judgement& judgement, const SeriesByMetric& series) {
  const rollout::Scores& scores = judgement.scores;
  Json json;
  json["verdict"] = rollout::to_string(scores.verdict);
  json["score"] = scores.score;
  if (!scores.reason.empty()) json["failed_because"] = scores.reason;
  json["doubts"] = judgement.doubts;
  json["explanation"] = score_lines(judgement);
  json["thresholds"] = {{"pass", judgement.thresholds.pass},
                        {"marginal", judgement.thresholds.marginal}};
  json["weights_sum"] = scores.weights;
  json["shares"] = shares_json(scores);
  json["groups"] = Json::object();
  for (const auto& [group, score] : scores.groups) json["groups"][group] = score;
  json["metrics"] = Json::array();
  for (const MetricResult& metric : by_severity(judgement.metrics)) {
    json["metrics"].push_back(metric_json(metric, series));
  }
  return json_document(json);
}

std::string warnings_json(const std::vector<rollout::Warning>& warnings) {
  Json json;
  json["warnings"] = Json::array();
  json["notes"] = Json::array();
  for (const rollout::Warning& warning : warnings) {
    const bool note = warning.weight == rollout::Weight::note;
    json[note ? "notes" : "warnings"].push_back({{"subject", warning.subject},
                                                 {"code", warning.code},
                                                 {"message", warning.message},
                                                 {"weight", word(warning.weight)}});
  }
  return json_document(json);
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
    one["inconclusive"] = row.inconclusive / trials;
    json["power"].push_back(one);
  }
  return json_document(json);
}

}  // namespace rehearse::app

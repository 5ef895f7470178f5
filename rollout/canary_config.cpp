#include "rollout/canary_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>

namespace rehearse::rollout {
namespace {

// Weights are percentages; far beyond, a score would be no number.
constexpr double kLargestWeight = 1e6;

/// Members that Kayenta's configurations have and a judge does not need.
const std::vector<std::string> kUnneeded = {"id",
                                            "description",
                                            "configVersion",
                                            "applications",
                                            "templates",
                                            "createdTimestamp",
                                            "createdTimestampIso",
                                            "updatedTimestamp",
                                            "owner",
                                            "updatedTimestampIso",
                                            "isNew"};
/// Those of older versions and of exports, of which the user is told.
const std::vector<std::string> kNoted = {"services", "service", "extensions", "lastUpdatedBy"};
const std::vector<std::string> kNotedOfMetrics = {"serviceName", "service", "extensions", "type"};
/// Names of the judge that this one is.
const std::vector<std::string> kJudges = {"NetflixACAJudge-v1.0", "NetflixACAJudge", "dredd-v1.0",
                                          ""};

void let_through(config::Object& object, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) object.has(key);
}

void note(config::Object& object, const std::vector<std::string>& keys, const std::string& subject,
          std::vector<Warning>& remarks) {
  for (const std::string& key : keys) {
    if (!object.has(key)) continue;
    remarks.push_back(
        {subject, "member-unused", key + " is of no use to the judge and not read", Weight::note});
  }
}

/// A number that the file may have in quotes, as exports do and Kayenta's reader takes it.
double quoted_number(const config::Node& node, config::Range range) {
  if (node.kind != config::Kind::string) return config::to_number(node, range);
  config::Node number = node;
  const char* const end = node.text.data() + node.text.size();
  const auto [stop, error] = std::from_chars(node.text.data(), end, number.number);
  if (error != std::errc{} || stop != end) return config::to_number(node, range);  // which refuses
  number.kind = config::Kind::number;
  return config::to_number(number, range);
}

double quoted_number(config::Object& object, const std::string& key, double otherwise,
                     config::Range range) {
  const config::Node* node = object.find(key);
  if (node == nullptr || node->kind == config::Kind::null) return otherwise;
  return quoted_number(*node, range);
}

/// What stands beside "canary" among a metric's analyses.
void note_analyses(const config::Node& analyses, const std::string& subject,
                   std::vector<Warning>& remarks) {
  const bool read = analyses.find("canary") != nullptr;
  for (const auto& [key, value] : analyses.members) {
    if (key == "canary") continue;
    if (key == "extendedProperties") {
      if (value.kind == config::Kind::null || (value.members.empty() && value.text.empty()))
        continue;
      remarks.push_back({subject, "not-honoured",
                         "analysisConfigurations.extendedProperties is not honoured: what it asks "
                         "for is not done",
                         Weight::voids_pass});
      continue;
    }
    std::string lower = key;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool near = config::nearest(lower, {"canary"}).has_value();
    remarks.push_back(
        {subject, "unknown-analysis",
         fmt::format("analysisConfigurations.{} is not known and none of it is applied{}", key,
                     near ? "; did you mean \"canary\"?" : ""),
         near || !read ? Weight::voids_pass : Weight::warning});
  }
}

MetricConfig read_metric(const config::Node& node, std::vector<Warning>& remarks) {
  config::Object object(node);
  let_through(object, {"query", "scopeName", "id", "tags"});
  const std::string name = config::to_string(object.require("name"));
  const std::string subject = "metric " + name;
  note(object, kNotedOfMetrics, subject, remarks);
  MetricConfig metric;
  const config::Node* analyses = object.find("analysisConfigurations");
  if (analyses != nullptr && analyses->kind != config::Kind::null) {
    config::Object known(*analyses);  // an error where it is no object
    if (const config::Node* canary = known.find("canary");
        canary != nullptr && canary->kind != config::Kind::null) {
      metric = read_metric_analysis(*canary);
    }
    note_analyses(*analyses, subject, remarks);
  }
  metric.name = name;
  metric.where = object.require("name").where;
  if (const config::Node* groups = object.find("groups");
      groups != nullptr && groups->kind != config::Kind::null) {
    metric.groups = object.strings("groups");
  }
  object.done();
  return metric;
}

void read_opinions(config::Object& object, SecondOpinions& opinions) {
  if (const config::Node* node = object.find("distribution")) {
    config::Object inner(*node);
    opinions.distribution = inner.boolean("enabled", true);
    opinions.distribution_significance =
        inner.probability("significance", opinions.distribution_significance);
    opinions.distribution_effect = inner.probability("effect", opinions.distribution_effect);
    inner.done();
  }
  if (const config::Node* node = object.find("sparseCounts")) {
    config::Object inner(*node);
    opinions.sparse_counts = inner.boolean("enabled", true);
    opinions.sparse_significance = inner.probability("significance", opinions.sparse_significance);
    inner.done();
  }
}

void read_judge_settings(const config::Node& settings, JudgeSettings& judge) {
  config::Object inner(settings);
  judge.tolerance = quoted_number(inner, "tolerance", judge.tolerance, {.low = 0});
  judge.confidence =
      quoted_number(inner, "confLevel", judge.confidence, {.low = 0.5, .high = 0.999999});
  const std::string classifier =
      inner.choice("classifier", "mann-whitney", {"mann-whitney", "welch", "mean-inequality"});
  judge.classifier = classifier == "welch"             ? Classifier::welch
                     : classifier == "mean-inequality" ? Classifier::mean_inequality
                                                       : Classifier::mann_whitney;
  judge.kayenta_roots = inner.choice("rootTolerance", "exact", {"exact", "kayenta"}) == "kayenta";
  read_opinions(inner, judge.opinions);
  inner.done();
}

JudgeSettings read_judge(const config::Node& node, std::vector<Warning>& remarks) {
  config::Object object(node);
  JudgeSettings judge;
  const std::string name = object.string("name", "");
  if (std::find(kJudges.begin(), kJudges.end(), name) == kJudges.end()) {
    remarks.push_back({"configuration", "not-honoured",
                       fmt::format("the judge \"{}\" is not known; the canary is judged as "
                                   "NetflixACAJudge-v1.0 does",
                                   name),
                       Weight::voids_pass});
  }
  if (const config::Node* settings = object.find("judgeConfigurations");
      settings != nullptr && settings->kind != config::Kind::null) {
    read_judge_settings(*settings, judge);
  }
  object.done();
  return judge;
}

/// Each alone is legal. A pass threshold below the usual marginal one leaves no room for marginal.
void read_thresholds(const config::Node& node, Thresholds& thresholds) {
  config::Object object(node);
  const config::Range percent{.low = 0, .high = 100};
  thresholds.pass = quoted_number(object, "pass", thresholds.pass, percent);
  const bool said = object.has("marginal");
  thresholds.marginal =
      quoted_number(object, "marginal", std::min(thresholds.marginal, thresholds.pass), percent);
  object.done();
  if (thresholds.marginal <= thresholds.pass) return;
  if (!object.has("pass")) {
    thresholds.pass = thresholds.marginal;
  } else if (said) {
    config::fail(node,
                 fmt::format("marginal {} is above pass {}", thresholds.marginal, thresholds.pass));
  }
}

void read_classifier(const config::Node& node, CanaryConfig& result) {
  config::Object object(node);
  let_through(object, {"scoreThresholds"});
  if (const config::Node* weights = object.find("groupWeights");
      weights != nullptr && weights->kind != config::Kind::null) {
    config::Object inner(*weights);  // an error where it is no object
    for (const auto& [group, value] : weights->members) {
      result.group_weights[group] = quoted_number(value, {.low = 0, .high = kLargestWeight});
    }
  }
  if (const config::Node* thresholds = object.find("scoreThresholds");
      thresholds != nullptr && thresholds->kind != config::Kind::null) {
    read_thresholds(*thresholds, result.thresholds);
  }
  object.done();
}

CanaryConfig read_bare(const config::Node& node) {
  config::Object object(node);
  CanaryConfig result;
  let_through(object, kUnneeded);
  note(object, kNoted, "configuration", result.remarks);
  result.name = object.string("name", "");
  const config::Node& metrics = object.require("metrics");
  if (metrics.kind != config::Kind::array || metrics.items.empty()) {
    config::fail(metrics, config::shown(metrics) + "; a list with at least one metric is due");
  }
  std::set<std::string> names;
  for (const config::Node& one : metrics.items) {
    result.metrics.push_back(read_metric(one, result.remarks));
    if (!names.insert(result.metrics.back().name).second) {
      config::fail(
          one, fmt::format("a second metric \"{}\"; names are unique", result.metrics.back().name));
    }
  }
  if (const config::Node* classifier = object.find("classifier");
      classifier != nullptr && classifier->kind != config::Kind::null) {
    read_classifier(*classifier, result);
  }
  if (const config::Node* judge = object.find("judge");
      judge != nullptr && judge->kind != config::Kind::null) {
    result.judge = read_judge(*judge, result.remarks);
  }
  object.done();
  return result;
}

/// The thresholds of a request stand above those of the configuration that it carries.
void read_request(const config::Node& node, CanaryConfig& result) {
  const config::Node* thresholds = node.find("thresholds");
  if (thresholds == nullptr || thresholds->kind == config::Kind::null) return;
  const Thresholds before = result.thresholds;
  read_thresholds(*thresholds, result.thresholds);
  if (before.pass == result.thresholds.pass && before.marginal == result.thresholds.marginal)
    return;
  result.remarks.push_back({"configuration", "request-thresholds",
                            fmt::format("the request's thresholds {} and {} stand above {} and {}",
                                        result.thresholds.pass, result.thresholds.marginal,
                                        before.pass, before.marginal),
                            Weight::note});
}

}  // namespace

CanaryConfig read_canary_config(const config::Node& node) {
  const bool object = node.kind == config::Kind::object;
  if (object && node.find("canaryConfig") != nullptr && node.find("config") != nullptr) {
    config::fail(node, "\"canaryConfig\" or \"config\" is due, not both");
  }
  for (const char* wrapper : {"canaryConfig", "config"}) {
    const config::Node* inner = object ? node.find(wrapper) : nullptr;
    if (inner == nullptr || node.find("metrics") != nullptr) continue;
    CanaryConfig result = read_bare(*inner);
    result.remarks.push_back(
        {"configuration", "member-unused",
         fmt::format("read from {}; what stands beside it is a request's", wrapper), Weight::note});
    for (const char* request : {"executionRequest", "canaryExecutionRequest"}) {
      if (const config::Node* found = node.find(request)) read_request(*found, result);
    }
    return result;
  }
  return read_bare(node);
}

}  // namespace rehearse::rollout

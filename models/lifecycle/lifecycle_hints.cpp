#include "models/lifecycle/lifecycle_hints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <string_view>

#include "base/text/clock_text.hpp"
#include "drift/policy.hpp"
#include "rollout/evidence.hpp"
#include "rollout/lint.hpp"
#include "stats/distributions.hpp"

namespace rehearse::models {
namespace {

using config::Node;
using lifecycle::ModelSettings;

constexpr double kOftenByChance = 0.01;  // of the checks
constexpr double kBins = 10;             // deciles of the reference
constexpr Duration kFeedWithin = Duration::minutes(5);

/// The node at the end of a path of keys; the last one that is there where the rest is not.
const Node& place(const Node& root, std::initializer_list<std::string_view> keys) {
  const Node* node = &root;
  for (const std::string_view key : keys) {
    const Node* next = node->kind == config::Kind::object ? node->find(key) : nullptr;
    if (next == nullptr) return *node;
    node = next;
  }
  return *node;
}

bool is_default(const Node& node) {
  return node.kind == config::Kind::string && node.text == "default";
}

class Hints {
 public:
  Hints(const Node& model, const ModelSettings& settings) : model_(model), settings_(settings) {}

  std::vector<std::string> all() {
    for (const lifecycle::WatchingPolicy& one : settings_.monitors) check_samples(one);
    check_canary();
    check_error_rule();
    check_triggers();
    check_rows();
    return std::move(found_);
  }

 private:
  void add(const Node& node, const std::string& text) {
    found_.emplace_back(InputError(node.where, text).what());
  }

  /// Without drift PSI is about (1/n + 1/m) times a chi-square of one degree of freedom less than
  /// there are bins (Yurdakul 2018).
  void check_samples(const lifecycle::WatchingPolicy& one) {
    const lifecycle::SampleSettings& samples = settings_.samples;
    const double unit =
        1 / static_cast<double>(samples.current) + 1 / static_cast<double>(samples.reference);
    const bool features = one.what == drift::Watched::features;
    const std::size_t looked_at = !features              ? 1
                                  : one.features.empty() ? settings_.world.features
                                                         : one.features.size();
    for (const drift::Condition& condition : one.policy.conditions) {
      if (condition.measure != drift::Measure::psi || !condition.above) continue;
      const double by_chance = stats::chi_square_tail(condition.threshold / unit, kBins - 1);
      const double any = -std::expm1(static_cast<double>(looked_at) * std::log1p(-by_chance));
      if (any < kOftenByChance) continue;
      add(place(model_, {"samples"}),
          fmt::format("samples of {} against {} pass the psi {:g} of {} by chance at {:.0f}% of "
                      "the checks; larger samples do not",
                      samples.current, samples.reference, condition.threshold, one.policy.name,
                      100 * any));
    }
  }

  void check_canary() {
    const Node& config = place(model_, {"release", "canary", "config"});
    if (!config.where.pointer.ends_with("/config") || is_default(config)) return check_looks();
    for (const rollout::Warning& warning : rollout::lint(settings_.release.canary.config)) {
      if (warning.weight == rollout::Weight::note) continue;
      add(config, warning.subject + ": " + warning.message);
    }
    check_looks();
  }

  void check_looks() {
    const lifecycle::CanarySettings& canary = settings_.release.canary;
    const rollout::JudgeSettings& judge = canary.config.judge;
    const bool ranks = judge.classifier == rollout::Classifier::mann_whitney &&
                       std::any_of(canary.config.metrics.begin(), canary.config.metrics.end(),
                                   [](const auto& metric) { return !metric.sparse; });
    if (!ranks) return;
    const std::size_t least = rollout::least_points(judge.confidence);
    const auto points = static_cast<std::size_t>(canary.look / Duration::minutes(1));
    if (points >= least) return;
    add(place(model_, {"release", "canary", "look"}),
        fmt::format("the first look has {} points a side, one a minute; the rank test at "
                    "confidence {:g} needs {}",
                    points, judge.confidence, least));
  }

  void check_error_rule() {
    const lifecycle::ErrorRuleSettings& rule = settings_.release.errors;
    const learning::Traffic& traffic = settings_.traffic;
    const double quiet =
        traffic.rate.per_second() * (1 - traffic.daily) * std::min(1.0, traffic.weekend);
    const double fed = quiet * kFeedWithin.to_seconds();
    if (fed < static_cast<double>(rule.least_requests)) {
      add(place(model_, {"traffic", "rate"}),
          fmt::format("at its quietest the model gets {:.0f} requests in five minutes; the rule "
                      "that rolls back on errors looks at {}, so it is late",
                      fed, rule.least_requests));
    }
    if (settings_.artefact.errors > rule.above) {
      add(place(model_, {"artefact", "errors"}),
          fmt::format("every version fails more requests than the {:g} at which it is rolled back",
                      rule.above));
    }
  }

  void check_triggers() {
    const Node& on = place(model_, {"training", "on"});
    if (on.kind != config::Kind::array || on.items.empty() || !settings_.monitors.empty()) return;
    add(on.items.front(), "nobody sends drift_detected, as the model has no monitors");
  }

  void check_rows() {
    const Duration window = settings_.training.data.window;
    const double hours = std::ceil(window.to_seconds() / 3600);
    const double most = std::min(static_cast<double>(settings_.training.data.rows),
                                 hours * static_cast<double>(settings_.traffic.log));
    if (static_cast<double>(settings_.gates.rows) <= most) return;
    add(place(model_, {"gates", "rows"}),
        fmt::format("no version passes its gates: a training has at most {:.0f} rows, of {} in "
                    "{}, and {} are due",
                    most, settings_.training.data.rows, duration_text(window.to_seconds()),
                    settings_.gates.rows));
  }

  const Node& model_;
  const ModelSettings& settings_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> model_hints(const Node& node, const ModelSettings& settings) {
  return Hints(node, settings).all();
}

}  // namespace rehearse::models

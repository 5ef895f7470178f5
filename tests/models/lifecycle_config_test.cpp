#include "models/lifecycle/lifecycle_config.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "command_line.hpp"
#include "fixtures.hpp"
#include "models/lifecycle/lifecycle_declaration.hpp"

using namespace rehearse;
using lifecycle::ModelSettings;
using models::LifecycleConfig;

namespace {

LifecycleConfig read(const std::string& section, Duration duration = Duration::days(60)) {
  return models::parse_lifecycle(config::parse(section, "s.json", "/lifecycle"), duration);
}

/// Of the model "rec", with these members more.
ModelSettings model(const std::string& members) {
  return read(R"({"models": [{"name": "rec", )" + members + "}]}").settings.models.at(0);
}

std::vector<std::string> names(const LifecycleConfig& config) {
  std::vector<std::string> all;
  for (const ModelSettings& one : config.settings.models) all.push_back(one.name);
  return all;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a model needs a name and nothing else") {
  const LifecycleConfig config = read(R"({"models": [{"name": "rec"}]})");
  REQUIRE(config.settings.models.size() == 1);
  const ModelSettings& rec = config.settings.models[0];
  CHECK(rec.name == "rec");
  CHECK(rec.team == "rec-team");
  CHECK(rec.owners == 2);
  CHECK(rec.world.features == 8);
  CHECK(rec.requests.serving.candidates == 5);
  CHECK(rec.traffic.rate.per_second() == 50);
  CHECK(rec.training.on_drift);
  CHECK(rec.training.data.window == Duration::days(14));
  CHECK(rec.training.cap.runs == 8);
  CHECK(rec.gates.auc_at_least == 0.55);
  CHECK(rec.release.canary.share == 0.05);
  CHECK_FALSE(rec.release.shadow);
  CHECK(rec.monitors.empty());
  CHECK(config.settings.slots == 8);
  CHECK(config.settings.signals.attempts == 5);
  CHECK(config.bad.engagement == 0.05);
  CHECK(config.hints.empty());
}

TEST_CASE("models alike are numbered, and have features and owners of their own") {
  const LifecycleConfig config =
      read(R"({"models": [{"name": "rec", "count": 3}, {"name": "s"}]})");
  CHECK(names(config) == Names{"rec-000", "rec-001", "rec-002", "s"});
  CHECK(config.settings.models[1].team == "rec-team");
  CHECK(lifecycle::entities_of(config.settings.models[1]).owners ==
        Names{"rec-001-owner-1", "rec-001-owner-2"});
  CHECK(config.models[2].pointer == "/lifecycle/models/0");
  CHECK(config.models[3].pointer == "/lifecycle/models/1");
  const Names many = names(read(R"({"models": [{"name": "rec", "count": 1001}]})"));
  CHECK(many.front() == "rec-0000");
  CHECK(many.back() == "rec-1000");
}

TEST_CASE("features are named by number or by name") {
  const ModelSettings settings =
      model(R"("features": [{"name": "age"}, {"name": "size", "reacts": 2}],
      "relation": {"weights": [1, -0.5], "curvature": {"feature": "size", "value": -0.25}},
      "drifts": [{"at": "1d", "kind": "sudden", "of": "covariate", "features": ["size", 0],
                  "shift": 2}])");
  CHECK(settings.feature_names == Names{"age", "size"});
  CHECK(settings.world.relation.weights == std::vector<double>{1, -0.5});
  CHECK(settings.world.relation.curvature.feature == 1);
  CHECK(settings.world.drifts.at(0).features == std::vector<std::size_t>{1, 0});
  CHECK(settings.training.data.features.at(1).reacts == 2);
}

TEST_CASE("drifts are read with what their kind and what they move need") {
  const auto drifts = model(R"("drifts": [
      {"at": "1d", "kind": "incremental", "over": "20d", "of": "concept", "rotate": 45},
      {"at": "2d", "kind": "gradual", "over": "5d", "of": "label", "logit": -0.4, "until": "9d"},
      {"at": "3d", "kind": "recurring", "period": "7d", "shape": "square", "of": "missing",
       "features": ["x3"], "rate": 0.2, "benign": true}])")
                          .world.drifts;
  REQUIRE(drifts.size() == 3);
  CHECK(drifts[0].at == Time{} + Duration::days(1));
  CHECK(drifts[0].kind == learning::DriftKind::incremental);
  CHECK(drifts[0].over == Duration::days(20));
  CHECK(drifts[0].rotate == 45);
  CHECK(drifts[0].until == Time::never());
  CHECK(drifts[1].kind == learning::DriftKind::gradual);
  CHECK(drifts[1].of == learning::DriftOf::label);
  CHECK(drifts[1].until == Time{} + Duration::days(9));
  CHECK(drifts[2].shape == learning::Wave::square);
  CHECK(drifts[2].features == std::vector<std::size_t>{3});
  CHECK(drifts[2].benign);
}

TEST_CASE("training, gates and release are read") {
  const ModelSettings settings = model(R"(
      "training": {"on": [], "every": "7d", "window": "1d", "joins": "latest", "cap": "none",
                   "unlabelled": "negative", "attempts": 1},
      "gates": {"rows": 10, "auc_at_most": 0.99},
      "release": {"shadow": {"share": 0.1, "for": "2h"}, "waiting": "queue", "keep_warm": 2,
                  "canary": {"share": 0.2, "for": "2h", "look": "30m", "no_data": "extend"},
                  "promotion": "two-step", "gap": "1m", "on_new_version": "restart",
                  "probation": "3d"})");
  CHECK_FALSE(settings.training.on_drift);
  CHECK(settings.training.every == Duration::days(7));
  CHECK(settings.training.recent_window == Duration::days(1));  // no longer than the window
  CHECK(settings.training.data.join == learning::Join::latest);
  CHECK(settings.training.data.unlabelled_negative);
  CHECK(settings.training.cap.runs == std::numeric_limits<int>::max());
  CHECK(settings.training.job.attempts == 1);
  CHECK(settings.gates.rows == 10);
  const lifecycle::ReleaseSettings& release = settings.release;
  CHECK(release.shadow->lasts == Duration::hours(2));
  CHECK(release.waiting == lifecycle::Waiting::queue);
  CHECK(release.canary.look == Duration::minutes(30));
  CHECK(release.canary.no_data == lifecycle::NoData::extend);
  CHECK(release.promotion == lifecycle::Promotion::two_step);
  CHECK(release.gap == Duration::minutes(1));
  CHECK(release.on_new_version == lifecycle::OnNewVersion::restart);
  CHECK(release.engagement.probation == Duration::days(3));
}

TEST_CASE(
    "a canary is judged as `rehearse judge` reads its configuration, from a file or in place") {
  const std::string text = R"({"metrics": [{"name": "errors", "groups": ["errors"],
      "analysisConfigurations": {"canary": {"direction": "increase", "critical": true,
                                            "sparse": true}}}],
    "classifier": {"groupWeights": {"errors": 100}}})";
  const test::TemporaryFolder folder;
  test::write_file(folder.path() / "canary.json", text);
  const std::string file = (folder.path() / "canary.json").string();
  for (const std::string& config : {text, "\"" + file + "\""}) {
    const rollout::CanaryConfig canary =
        model(R"("release": {"canary": {"config": )" + config + "}}").release.canary.config;
    CHECK(canary.metrics.at(0).name == "errors");
    CHECK(canary.metrics.at(0).sparse);
    CHECK_FALSE(canary.judge.as_kayenta);
  }
}

TEST_CASE("monitors are policies that ship, or policies that say what they look at") {
  const auto monitors = model(R"("monitors": ["mdl-rec-concept", {"name": "own",
      "watch": {"features": ["x1", "x4"]}, "every": "1h",
      "conditions": [{"measure": "psi", "above": 0.1}], "responses": [{"action": "retrain"}]}])")
                            .monitors;
  REQUIRE(monitors.size() == 2);
  CHECK(monitors[0].what == drift::Watched::engagement);
  CHECK(monitors[1].what == drift::Watched::features);
  CHECK(monitors[1].features == std::vector<std::size_t>{1, 4});
}

TEST_CASE("defects are of a version or of a share of them") {
  const auto defects = model(R"("defects": [
      {"kind": "leak", "version": 2, "feature": "x1", "reacts": 4},
      {"kind": "stale-window", "version": 3, "age": "2d"}, {"kind": "copy", "version": 4},
      {"kind": "swap", "version": 5}, {"kind": "drop", "version": 6, "features": [1]},
      {"kind": "scale", "version": 7, "features": [0], "factor": -1},
      {"kind": "turn", "version": 8, "degrees": 25},
      {"kind": "turn", "version": 9, "engagement": -0.02},
      {"kind": "slow", "version": 10, "factor": 1.5},
      {"kind": "crash", "share": 0.3, "errors": 0.05, "after": {"constant": "6h"}}])")
                           .defects;
  REQUIRE(defects.size() == 10);
  CHECK(std::get<lifecycle::Leak>(defects[0].defect).feature == 1);
  CHECK_FALSE(std::get<lifecycle::Swap>(defects[3].defect).features);
  CHECK(std::get<lifecycle::Turn>(defects[6].defect).degrees == 25);
  CHECK(std::get<lifecycle::TurnTo>(defects[7].defect).engagement == -0.02);
  CHECK(defects[8].version == 10);
  CHECK(defects[9].version == 0);
  CHECK(defects[9].share == 0.3);
}

TEST_CASE("what models share is read") {
  const LifecycleConfig config = read(R"({"models": [{"name": "a"}, {"name": "b"}],
      "cluster": {"slots": 3}, "signals": {"drop": 0.1, "consumption": "naive"},
      "routing": {"routers": 2, "drain": "1m", "order": "load-then-route"},
      "person": {"approves": 0.5}, "bad": {"latency": 2}})");
  CHECK(config.settings.slots == 3);
  CHECK(config.settings.signals.drop == 0.1);
  CHECK(config.settings.signals.consumption == lifecycle::Consumption::naive);
  CHECK(config.bad.latency == 2);
  for (const ModelSettings& one : config.settings.models) {
    CHECK(one.release.routing.routers == 2);
    CHECK(one.release.routing.drain == Duration::minutes(1));
    CHECK(one.release.person.approves == 0.5);
  }
}

TEST_CASE("what is allowed and seldom meant is hinted at, at its place") {
  const auto hints = [](const std::string& members) {
    return read(R"({"models": [{"name": "rec", )" + members + "}]}").hints;
  };
  const auto one = [&](const std::string& members, const std::string& pointer,
                       const std::string& says) {
    const std::vector<std::string> found = hints(members);
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0], Catch::Contains("s.json:1:") &&
                             Catch::Contains("/lifecycle/models/0/" + pointer + ": ") &&
                             Catch::Contains(says));
  };
  one(R"("monitors": ["mdl-rec-data"], "samples": {"current": 40})", "samples", "by chance at");
  one(R"("release": {"canary": {"for": "4m", "look": "2m"}})", "release/canary/look",
      "the first look has 2 points");
  one(R"("traffic": {"rate": "3/s"})", "traffic/rate", "630 requests in five minutes");
  one(R"("artefact": {"errors": 0.02})", "artefact/errors", "rolled back");
  one(R"("training": {"on": ["drift_detected"]})", "training/on/0", "has no monitors");
  one(R"("training": {"rows": 500}, "gates": {"rows": 1000})", "gates/rows",
      "no version passes its gates");
  CHECK(hints(R"("monitors": ["mdl-rec-data"], "training": {"on": ["drift_detected"]})").empty());
  CHECK(read(R"({"models": [{"name": "rec", "count": 5, "traffic": {"rate": "3/s"}}]})")
            .hints.size() == 1);
}

// Sections that cannot be meant: one clear error each, with its place and what is allowed.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "models/lifecycle/lifecycle_config.hpp"

using namespace rehearse;

namespace {

struct Refused {
  std::string section;  ///< "@" stands for the start of a model rec
  std::string pointer;  ///< below /lifecycle
  std::string says;
};

std::string written(const std::string& section) {
  if (!section.starts_with("@")) return section;
  return R"({"models": [{"name": "rec", )" + section.substr(1) + "}]}";
}

std::string error_of(const std::string& section) {
  try {
    models::parse_lifecycle(config::parse(written(section), "s.json", "/lifecycle"),
                            Duration::days(60));
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

void check_all(const std::vector<Refused>& all) {
  for (const Refused& one : all) {
    INFO(one.section);
    const std::string error = error_of(one.section);
    CHECK_THAT(error, Catch::StartsWith("s.json:"));
    CHECK_THAT(error, Catch::Contains(" /lifecycle" + one.pointer + ": "));
    CHECK_THAT(error, Catch::Contains(one.says));
    CHECK(error.find('\n') == std::string::npos);
  }
}

/// A policy with these members more.
std::string policy(const std::string& members) {
  return R"(@"monitors": [{"name": "own", "responses": [{"action": "alert"}], )" + members + "}]";
}

std::string moving(const std::string& members) {
  return R"(@"drifts": [{"at": "1d", )" + members + "}]";
}

}  // namespace

TEST_CASE("models that cannot be are refused") {
  check_all({
      {"{}", "", "\"models\" is missing"},
      {R"({"models": []})", "/models", "at least one model"},
      {R"({"models": [{"nam": "rec"}]})", "/models/0", "is \"nam\" meant to be it?"},
      {R"({"models": [{"name": "rec sys"}]})", "/models/0/name", "letters, digits"},
      {R"({"models": [{"name": "rec"}, {"name": "rec"}]})", "/models/1",
       "the first one is /lifecycle/models/0"},
      {R"({"models": [{"name": "rec", "count": 2}, {"name": "rec-001"}]})", "/models/1",
       "a second model \"rec-001\""},
      {R"({"models": [{"name": "rec"}, {"name": "rec-v2"}]})", "/models/1",
       "the id of a version of \"rec\""},
      {R"({"models": [{"name": "a"}, {"name": "b", "objective": "a"}]})", "/models/1",
       "served by /lifecycle/models/0 already"},
      {R"({"models": [{"name": "rec"}], "cluster": {"slots": 0}})", "/cluster/slots", "0"},
      {R"({"models": [{"name": "rec"}], "signals": {"drop": 1.5}})", "/signals/drop", "1.5"},
      {R"({"models": [{"name": "rec"}], "clusters": {}})", "/clusters",
       "did you mean \"cluster\"?"},
      {R"(@"trafic": {})", "/models/0/trafic", "did you mean \"traffic\"?"},
      {R"(@"traffic": {"rate": "0/s"})", "/models/0/traffic/rate", "allowed is a rate above 0"},
      {R"(@"artefact": {"deadline": "0s"})", "/models/0/artefact/deadline", "above 0"},
  });
}

TEST_CASE("worlds that cannot be are refused") {
  check_all({
      {R"(@"relation": {"strength": 250})", "/models/0/relation/strength", "250"},
      {R"(@"relation": {"weights": [1, 2]})", "/models/0/relation/weights",
       "found 2 weights for 8 features"},
      {R"(@"features": 2, "relation": {"weights": [150, 150]})", "/models/0/relation/weights",
       "at most 200"},
      {R"(@"relation": {"curvature": {"feature": 8, "value": 1}})",
       "/models/0/relation/curvature/feature", "a number from 0 to 7"},
      {R"(@"features": [{"name": "age"}, {"name": "age"}])", "/models/0/features/1/name",
       "a second feature"},
      {moving(R"("kind": "sudden", "of": "covariate", "shift": 1)"), "/models/0/drifts/0",
       "\"features\" is missing"},
      {moving(R"("kind": "sudden", "of": "missing", "rate": 0.5)"), "/models/0/drifts/0",
       "\"features\" is missing"},
      {moving(R"("kind": "sudden", "of": "covariate", "shift": 1, "features": ["x9"])"),
       "/models/0/drifts/0/features/0", "did you mean x0?"},
      {moving(R"("kind": "sudden", "of": "concept", "rotate": 45, "over": "5d")"),
       "/models/0/drifts/0/over", "belongs to an incremental or gradual drift"},
      {moving(R"("kind": "sudden", "of": "label", "logit": 1, "rotate": 45)"),
       "/models/0/drifts/0/rotate", "belongs to a concept drift"},
      {moving(R"("kind": "recurring", "of": "label", "logit": 1, "period": "90m")"),
       "/models/0/drifts/0/period", "at least 2h"},
      {moving(R"("kind": "sudden", "of": "label", "logit": 1, "until": "1h")"),
       "/models/0/drifts/0/until", "ends after it begins"},
      {R"(@"drifts": [{"at": "90d", "kind": "sudden", "of": "label", "logit": 1}])",
       "/models/0/drifts/0/at", "the run is over"},
      {R"(@"drifts": [{"at": "1d", "kind": "gradual", "over": "9d", "of": "label", "logit": 1},
                      {"at": "5d", "kind": "gradual", "over": "9d", "of": "concept", "rotate": 9}])",
       "/models/0/drifts/1", "one gradual drift at a time"},
      {moving(R"("kind": "sudden", "of": "missing", "rate": 0.5, "features": [0, 1, 2, 3, 4])"),
       "/models/0/drifts/0", "at most 4"},
  });
}

TEST_CASE("monitors and trainings that cannot be are refused") {
  check_all({
      {R"(@"monitors": ["mdl-rec-dat"])", "/models/0/monitors/0", "did you mean \"mdl-rec-data\"?"},
      {R"(@"monitors": ["mdl-rec-data", "mdl-rec-data"])", "/models/0/monitors/1",
       "a second policy"},
      {policy(R"("conditions": [{"measure": "psi", "above": 0.2}])"), "/models/0/monitors/0",
       "does not say what it looks at"},
      {policy(R"("watch": "engagement", "conditions": [{"measure": "psi", "above": 0.2}])"),
       "/models/0/monitors/0/watch", "the conditions compare samples"},
      {policy(R"("watch": {"features": ["age"]}, "conditions": [{"measure": "psi", "above": 1}])"),
       "/models/0/monitors/0/watch/features/0", "the model's features are x0 to x7"},
      {R"(@"training": {"on": ["features_ready"]})", "/models/0/training/on/0",
       "nobody sends \"features_ready\""},
      {R"(@"training": {"on": ["drift"]})", "/models/0/training/on/0", "allowed is drift_detected"},
      {R"(@"training": {"window": "1d", "recent_window": "2d"})",
       "/models/0/training/recent_window", "a part of the window"},
      {R"(@"training": {"every": "0s"})", "/models/0/training/every", "above 0"},
      {R"(@"training": {"cap": {"per": "0s"}})", "/models/0/training/cap/per", "above 0"},
      {R"(@"gates": {"auc_at_least": 0.9, "auc_at_most": 0.8})", "/models/0/gates",
       "no version passes"},
  });
}

TEST_CASE("releases and defects that cannot be are refused") {
  check_all({
      {R"(@"release": {"canary": {"share": 0.6}})", "/models/0/release/canary/share",
       "at most 0.5"},
      {R"(@"release": {"canary": {"for": "90s"}})", "/models/0/release/canary/for",
       "whole minutes"},
      {R"(@"release": {"canary": {"for": "1h", "look": "2h"}})", "/models/0/release/canary/look",
       "over before the first look"},
      {R"(@"release": {"canary": {"config": "no-such.json"}})", "/models/0/release/canary/config",
       "no-such.json"},
      {R"(@"release": {"canary": {"config": {"metrics": [{"name": "clicks", "groups": ["g"],
             "analysisConfigurations": {"canary": {}}}], "classifier": {"groupWeights": {"g": 100}}}}})",
       "/models/0/release/canary/config/metrics/0/name", "a canary has no metric \"clicks\""},
      {R"(@"release": {"gap": "1m"})", "/models/0/release/gap", "two-step"},
      {R"(@"defects": [{"kind": "copy", "version": 1}])", "/models/0/defects/0/version",
       "allowed is 2 and above"},
      {R"(@"defects": [{"kind": "copy"}])", "/models/0/defects/0", "\"version\" or of a \"share\""},
      {R"(@"defects": [{"kind": "copy", "version": 2}, {"kind": "swap", "version": 2}])",
       "/models/0/defects/1", "/lifecycle/models/0/defects/0"},
      {R"(@"defects": [{"kind": "turn", "version": 2}])", "/models/0/defects/0", "\"degrees\""},
      {R"(@"defects": [{"kind": "swop", "version": 2}])", "/models/0/defects/0/kind",
       "did you mean \"swap\"?"},
      {R"(@"defects": [{"kind": "swap", "version": 2, "features": [0, 1, 2]}])",
       "/models/0/defects/0/features", "two change places"},
  });
}

TEST_CASE("what is not built yet is refused and says so") {
  check_all({
      {R"({"models": [{"name": "rec"}], "pool": {"features": 4}})", "/pool", "not built yet"},
      {R"({"models": [{"name": "rec"}], "drifts": []})", "/drifts", "not built yet"},
      {R"({"models": [{"name": "rec"}], "feature_store": {}})", "/feature_store", "not built yet"},
      {R"({"models": [{"name": "rec"}], "pipelines": []})", "/pipelines", "not built yet"},
      {R"({"models": [{"name": "rec"}], "experiments": {}})", "/experiments", "not built yet"},
      {R"({"models": [{"name": "rec"}], "automation": {}})", "/automation", "not built yet"},
      {R"({"models": [{"name": "rec"}], "routing": {"mode": "lightbulb"}})", "/routing/mode",
       "not built yet"},
      {R"({"models": [{"name": "rec"}], "routing": {"order": "together"}})", "/routing/order",
       "not built yet"},
      {R"(@"learner": "popularity")", "/models/0/learner", "not built yet"},
      {R"(@"items": {})", "/models/0/items", "not built yet"},
      {R"(@"proposals": [])", "/models/0/proposals", "not built yet"},
      {R"(@"features": {"from": "pool", "count": 8})", "/models/0/features", "not built yet"},
      {R"(@"features": ["shared"])", "/models/0/features/0", "not built yet"},
      {R"(@"features": [{"name": "age", "group": "g"}])", "/models/0/features/0/group",
       "not built yet"},
      {R"(@"training": {"churn": 0.1})", "/models/0/training/churn", "not built yet"},
      {R"(@"release": {"test": "always"})", "/models/0/release/test", "not built yet"},
      {R"(@"release": {"drift_ends_test": true})", "/models/0/release/drift_ends_test",
       "not built yet"},
  });
}

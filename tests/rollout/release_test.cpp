#include "rollout/release.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "base/error.hpp"
#include "rollout/release_queue.hpp"
#include "rollout/rollback.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::rollout;
using Catch::Contains;

namespace {

Time at(std::int64_t seconds) { return Time{Duration::seconds(seconds).ns}; }

/// Takes a version to production.
Release released(ReleasePolicy policy = {}) {
  Release release("v1", std::move(policy));
  for (const Event event : {Event::training_complete, Event::metrics_pass_gates,
                            Event::canary_launched, Event::collecting_metrics}) {
    release.request(event, at(0));
  }
  return release;
}

}  // namespace

TEST_CASE("the diagram is that of the rollback view: twelve states, no dead end") {
  // Written down here once more: the article's state diagram, and a test that ends without a
  // winner.
  const std::set<std::string> expected = {"development: training-complete -> offline-eval",
                                          "offline-eval: metrics-pass-gates -> candidate",
                                          "offline-eval: metrics-fail -> development",
                                          "candidate: canary-launched -> canary-deploy",
                                          "canary-deploy: collecting-metrics -> kayenta-analysis",
                                          "kayenta-analysis: canary-passes -> production",
                                          "kayenta-analysis: canary-fails -> rollback",
                                          "rollback: fix-and-retry -> candidate",
                                          "production: experiment-configured -> ab-test",
                                          "ab-test: winner-deployed -> production",
                                          "ab-test: guardrail-violated -> rollback",
                                          "ab-test: no-winner -> rollback",
                                          "production: health-checks -> monitoring",
                                          "monitoring: all-healthy -> production",
                                          "monitoring: metric-degradation -> drift-detected",
                                          "drift-detected: pipeline-triggered -> retraining",
                                          "retraining: new-version-trained -> offline-eval",
                                          "monitoring: infrastructure-issue -> degraded-mode",
                                          "degraded-mode: issue-resolved -> production",
                                          "degraded-mode: issue-persists -> rollback"};
  std::set<std::string> found;
  std::set<State> left, entered;
  for (const Transition& transition : transitions()) {
    found.insert(to_string(transition.from) + ": " + to_string(transition.event) + " -> " +
                 to_string(transition.to));
    REQUIRE(event_named(to_string(transition.event)) == transition.event);
    left.insert(transition.from);
    entered.insert(transition.to);
  }
  REQUIRE(transitions().size() == expected.size());
  REQUIRE(found == expected);
  REQUIRE(left.size() == 12);
  REQUIRE(entered == left);
}

TEST_CASE("a state and an event lead to at most one state") {
  for (const Transition& a : transitions()) {
    REQUIRE(next_state(a.from, a.event) == a.to);
  }
}

TEST_CASE("whatever is asked for, a version only moves along the diagram") {
  const std::uint64_t seed = 101;
  stats::Stream stream(seed, 0, "events");
  std::vector<Event> events;
  for (const Transition& transition : transitions()) events.push_back(transition.event);
  Release release("v1", {});
  int moved = 0, refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    CAPTURE(seed, i);
    const State before = release.state();
    const bool rolling = release.rolling_back_since().has_value();
    if (rolling && stream.chance(0.3)) release.rollback_finished(at(i));
    const Event event = events[stream.below(events.size())];
    const auto expected = next_state(before, event);
    const bool legal = expected && !release.rolling_back_since();
    if (legal) {
      REQUIRE(release.request(event, at(i)));
      REQUIRE(release.state() == *expected);
      ++moved;
    } else {
      REQUIRE_THROWS_AS(release.request(event, at(i)), IllegalTransition);
      REQUIRE(release.state() == before);
      ++refused;
    }
  }
  REQUIRE(moved > 500);
  REQUIRE(refused > 500);
}

TEST_CASE("a forked token walks along the drift edges and nowhere else until it is trained") {
  const std::uint64_t seed = 102;
  stats::Stream stream(seed, 0, "forks");
  std::vector<Event> events;
  for (const Transition& transition : transitions()) events.push_back(transition.event);
  for (int run = 0; run < 300; ++run) {
    CAPTURE(seed, run);
    Release release = Release::forked("v2", {});
    std::vector<Event> walked;
    for (int i = 0; i < 2000 && release.untrained(); ++i) {
      const Event event = events[stream.below(events.size())];
      try {
        release.request(event, at(i));
        walked.push_back(event);
      } catch (const IllegalTransition&) {
      }
    }
    REQUIRE(walked == std::vector<Event>{Event::health_checks, Event::metric_degradation,
                                         Event::pipeline_triggered, Event::new_version_trained});
    REQUIRE(release.state() == State::offline_eval);
    REQUIRE(release.request(Event::metrics_pass_gates, at(3000)));
  }
}

TEST_CASE("a test without a winner sends its candidate back") {
  Release release = released();
  release.request(Event::canary_passes, at(1));
  release.request(Event::experiment_configured, at(2));
  release.request(Event::no_winner, at(3));
  REQUIRE(release.state() == State::rollback);
  REQUIRE_THROWS_AS(release.request(Event::fix_and_retry, at(4)), IllegalTransition);
  release.rollback_finished(at(5));
  REQUIRE(release.request(Event::fix_and_retry, at(6)));
  REQUIRE(release.state() == State::candidate);
}

TEST_CASE("a refusal names what the state knows") {
  Release release("v1", {});
  REQUIRE_THROWS_WITH(release.request(Event::canary_passes, at(0)),
                      Contains("development") && Contains("training-complete"));
}

TEST_CASE("a rollback is not lost when something arrives while it runs") {
  Release release = released();
  release.request(Event::canary_fails, at(10));
  REQUIRE(release.rolling_back_since() == at(10));
  REQUIRE_THROWS_WITH(release.request(Event::fix_and_retry, at(11)), Contains("rolled back"));
  release.rollback_finished(at(60));
  REQUIRE(release.request(Event::fix_and_retry, at(61)));
  REQUIRE(release.state() == State::candidate);
}

TEST_CASE("a marginal verdict waits for a person") {
  Release release = released();
  release.ask_person(Event::canary_passes, at(5));
  REQUIRE(release.state() == State::kayenta_analysis);
  REQUIRE(release.waiting_for_person() == Event::canary_passes);
  SECTION("who agrees") {
    release.approve(at(6));
    REQUIRE(release.state() == State::production);
    REQUIRE(release.history().back().by_person);
  }
  SECTION("or decides otherwise") {
    release.decide(Event::canary_fails, at(6));
    REQUIRE(release.state() == State::rollback);
    REQUIRE_FALSE(release.waiting_for_person().has_value());
    REQUIRE_THROWS_AS(release.approve(at(7)), IllegalTransition);
  }
}

TEST_CASE("a manual step waits whoever asks for it") {
  Release release = released({.manual = {Event::canary_passes}});
  REQUIRE_FALSE(release.request(Event::canary_passes, at(1)));
  REQUIRE(release.state() == State::kayenta_analysis);
  release.approve(at(2));
  REQUIRE(release.state() == State::production);
}

TEST_CASE("a newer version waits until the one under way has settled") {
  ReleaseQueue queue;
  REQUIRE(queue.submit("v1"));
  REQUIRE_FALSE(queue.submit("v2"));
  REQUIRE_FALSE(queue.submit("v3"));
  REQUIRE_THROWS(queue.submit("v2"));
  REQUIRE(queue.under_way() == "v1");
  REQUIRE(queue.settled() == "v2");
  REQUIRE(queue.settled() == "v3");
  REQUIRE_FALSE(queue.settled().has_value());
  REQUIRE(queue.submit("v4"));
}

TEST_CASE("the rollback table ships as six procedures") {
  std::map<std::string, Procedure> by_name;
  for (const Procedure& procedure : shipped_procedures()) by_name[procedure.name] = procedure;
  REQUIRE(by_name.size() == 6);
  REQUIRE(by_name.at("canary-failure").recovery_limit == Duration::minutes(2));
  REQUIRE(by_name.at("engagement-drop").automation == Automation::semi);
  REQUIRE(triggered(by_name.at("serving-errors"), 0.011));
  REQUIRE_FALSE(triggered(by_name.at("serving-errors"), 0.01));
  REQUIRE(within_limit(by_name.at("serving-errors"), at(0), at(299)));
  REQUIRE_FALSE(within_limit(by_name.at("serving-errors"), at(0), at(300)));
}

TEST_CASE("serving errors roll a version in production back by themselves") {
  Release release = released();
  release.request(Event::canary_passes, at(1));
  for (const Procedure& procedure : shipped_procedures()) {
    if (procedure.name == "serving-errors") start(procedure, release, at(2));
  }
  REQUIRE(release.state() == State::rollback);
  REQUIRE(release.rolling_back_since() == at(2));
}

namespace {

/// A token in the given state, by the shortest way.
Release in(State state) {
  const std::map<State, std::vector<Event>> from_production = {
      {State::production, {}},
      {State::monitoring, {Event::health_checks}},
      {State::degraded_mode, {Event::health_checks, Event::infrastructure_issue}},
      {State::ab_test, {Event::experiment_configured}}};
  Release release = released();
  if (state == State::kayenta_analysis) return release;
  release.request(Event::canary_passes, at(1));
  for (const Event event : from_production.at(state)) release.request(event, at(1));
  REQUIRE(release.state() == state);
  return release;
}

}  // namespace

TEST_CASE("a version that serves badly is rolled back from every state in which it takes traffic") {
  int begun = 0;
  for (const Procedure& procedure : shipped_procedures()) {
    if (procedure.name != "serving-errors" && procedure.name != "engagement-drop") continue;
    for (const Transition& transition : transitions()) {
      if (!takes_traffic(transition.from)) {
        REQUIRE_FALSE(procedure.paths.contains(transition.from));
        continue;
      }
      CAPTURE(procedure.name, to_string(transition.from));
      Release release = in(transition.from);
      start(procedure, release, at(2));
      if (procedure.automation == Automation::semi) {
        REQUIRE(release.state() != State::rollback);
        release.approve(at(3));
      }
      REQUIRE(release.state() == State::rollback);
      ++begun;
    }
  }
  REQUIRE(begun >= 10);
}

TEST_CASE("a procedure does not start where it has no path") {
  Release candidate("v1", {}), coming = Release::forked("v2", {});
  for (const Procedure& procedure : shipped_procedures()) {
    REQUIRE_THROWS_WITH(start(procedure, candidate, at(1)), Contains("development"));
    REQUIRE_THROWS_AS(start(procedure, coming, at(1)), IllegalTransition);
    if (procedure.name == "canary-failure") {
      Release serving = in(State::production);
      REQUIRE_THROWS_WITH(start(procedure, serving, at(2)), Contains("kayenta-analysis"));
      REQUIRE(serving.state() == State::production);
    }
  }
}

TEST_CASE("an engagement drop asks a person before it rolls back") {
  Release release = released();
  release.request(Event::canary_passes, at(1));
  for (const Procedure& procedure : shipped_procedures()) {
    if (procedure.name == "engagement-drop") start(procedure, release, at(2));
  }
  REQUIRE(release.state() == State::degraded_mode);
  release.approve(at(3));
  REQUIRE(release.state() == State::rollback);
}

TEST_CASE("a procedure whose path is not in the diagram is refused") {
  const auto read = [](const std::string& rest) {
    return read_procedures(config::parse(
        R"({"procedures":[{"name":"p","recovery_limit":"1m",)" + rest + "}]}", "p.json"));
  };
  REQUIRE_THROWS_WITH(read(R"("paths":{"production":["canary-fails"]})"),
                      Contains("/paths/production/0") && Contains("production does not know"));
  REQUIRE_THROWS_WITH(read(R"("paths":{"production":["health-checks"]})"),
                      Contains("not in rollback"));
  REQUIRE_THROWS_WITH(read(R"("paths":{"production":["healt-checks"]})"),
                      Contains("health-checks"));
  REQUIRE_THROWS_WITH(read(R"("paths":{"production":[]})"), Contains("list of events"));
  REQUIRE_THROWS_WITH(read(R"("paths":{"monitorin":["issue-persists"]})"),
                      Contains("did you mean \"monitoring\""));
  REQUIRE_THROWS_WITH(read(R"("paths":{"candidate":["canary-launched"]})"),
                      Contains("takes traffic"));
  REQUIRE_THROWS_WITH(read(R"("path":["canary-fails"])"), Contains("paths"));
}

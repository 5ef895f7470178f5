#include "drift/monitor.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::drift;
using Catch::Contains;

namespace {

Policy shipped(const std::string& name) {
  for (const Policy& policy : shipped_policies()) {
    if (policy.name == name) return policy;
  }
  FAIL("no policy " << name);
  return {};
}

Policy policy_of(const std::string& text) { return read_policy(config::parse(text, "p.json")); }

/// Evenly spread over one unit from `shift` on.
std::vector<double> sample(double shift, int count = 200) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(i / double(count) + shift);
  return values;
}

std::vector<double> normal(stats::Stream& stream, std::size_t count, double mean) {
  std::vector<double> values(count);
  for (double& value : values) value = mean + stream.normal();
  return values;
}

Time at_day(int day) { return Time{Duration::days(day).ns}; }

/// Days (from 1) on which the monitor asks for the action.
std::vector<int> days_of(Monitor& monitor, ActionKind kind, const std::vector<double>& daily) {
  std::vector<int> days;
  for (std::size_t day = 1; day <= daily.size(); ++day) {
    const Time now{Duration::days(static_cast<int>(day)).ns};
    for (const Action& action : monitor.check_value(now, daily[day - 1]).actions) {
      if (action.kind == kind) days.push_back(static_cast<int>(day));
    }
  }
  return days;
}

}  // namespace

TEST_CASE("the monitoring table ships as six policies") {
  std::vector<std::string> names;
  for (const Policy& policy : shipped_policies()) names.push_back(policy.name);
  REQUIRE(names == std::vector<std::string>{"mdl-qual-data", "mdl-rec-data", "mdl-rec-concept",
                                            "mdl-rec-prediction", "mdl-search-data",
                                            "mdl-search-concept"});
  REQUIRE(shipped("mdl-rec-data").every == Duration::hours(1));
  REQUIRE(shipped("mdl-rec-concept").baseline.window == Duration::days(30));
  REQUIRE(shipped("mdl-search-concept").responses.front().checks == 5);
}

TEST_CASE("data drift of the recommender alerts at the third check and retrains after a day") {
  const auto reference = sample(0), shifted = sample(0.5);
  Monitor monitor(shipped("mdl-rec-data"), {Reference(reference)});
  std::vector<int> alerts, retrainings;
  for (int hour = 1; hour <= 30; ++hour) {
    const Check check =
        monitor.check_samples(Time{Duration::hours(hour).ns}, {hour < 3 ? reference : shifted});
    for (const Action& action : check.actions) {
      (action.kind == ActionKind::alert ? alerts : retrainings).push_back(hour);
    }
  }
  REQUIRE(alerts == std::vector<int>{5});        // checks 3, 4, 5
  REQUIRE(retrainings == std::vector<int>{28});  // 25 hours after check 3, longer than 24
}

TEST_CASE("a check without drift ends an episode") {
  const auto reference = sample(0), shifted = sample(0.5);
  Monitor monitor(shipped("mdl-rec-data"), {Reference(reference)});
  for (int hour = 1; hour <= 20; ++hour) {
    const Check check = monitor.check_samples(Time{Duration::hours(hour).ns},
                                              {hour % 3 == 0 ? reference : shifted});
    REQUIRE(check.actions.empty());
  }
}

TEST_CASE("engagement five percent under its rolling baseline for three days asks for retraining") {
  Monitor monitor(shipped("mdl-rec-concept"));
  std::vector<double> daily(30, 0.20);
  for (int i = 0; i < 6; ++i) daily.push_back(0.18);
  REQUIRE(days_of(monitor, ActionKind::retrain, daily) == std::vector<int>{33});
  Monitor steady(shipped("mdl-rec-concept"));
  std::vector<double> small(30, 0.20);
  for (int i = 0; i < 6; ++i) small.push_back(0.195);
  REQUIRE(days_of(steady, ActionKind::retrain, small).empty());
}

TEST_CASE("without enough values there is no baseline and no violation") {
  Monitor monitor(shipped("mdl-rec-concept"));
  REQUIRE(days_of(monitor, ActionKind::retrain, {1, 1, 0.1, 0.1, 0.1, 0.1}).empty());
}

TEST_CASE("one drift does not start a storm of retrainings") {
  const std::string base =
      R"("name":"p","every":"1d","conditions":[{"measure":"value","above":1}])";
  const std::vector<double> always(40, 2.0);
  Monitor uncapped(policy_of("{" + base + R"(,"responses":[{"action":"retrain"}]})"));
  REQUIRE(days_of(uncapped, ActionKind::retrain, always).size() == 40);
  Monitor cooled(
      policy_of("{" + base + R"(,"responses":[{"action":"retrain","cool_down":"10d"}]})"));
  REQUIRE(days_of(cooled, ActionKind::retrain, always) == std::vector<int>{1, 11, 21, 31});
  Monitor capped(policy_of(
      "{" + base +
      R"(,"responses":[{"action":"retrain","cool_down":"2d","cap":2,"cap_window":"30d"}]})"));
  REQUIRE(days_of(capped, ActionKind::retrain, always) == std::vector<int>{1, 3, 31, 33});
}

TEST_CASE("what is held back is said") {
  Monitor monitor(policy_of(R"({"name":"p","conditions":[{"measure":"value","above":1}],
      "responses":[{"action":"retrain","cool_down":"10d"}]})"));
  REQUIRE(monitor.check_value(Time{Duration::days(1).ns}, 2).actions.size() == 1);
  const Check second = monitor.check_value(Time{Duration::days(2).ns}, 2);
  REQUIRE(second.actions.empty());
  REQUIRE(second.held_back.size() == 1);
}

TEST_CASE("a check without data neither violates nor ends an episode") {
  Monitor monitor(policy_of(R"({"name":"p","conditions":[{"measure":"value","above":1}],
      "responses":[{"action":"alert","checks":2}]})"));
  REQUIRE(monitor.check_value(Time{Duration::days(1).ns}, 2).in_a_row == 1);
  const Check gap = monitor.check_value(Time{Duration::days(2).ns}, std::nan(""));
  REQUIRE_FALSE(gap.violated);
  REQUIRE(gap.in_a_row == 1);
  REQUIRE(monitor.check_value(Time{Duration::days(3).ns}, 2).actions.size() == 1);
}

TEST_CASE("a large sample alone is no reason to retrain the quality model") {
  std::vector<double> reference, current;
  for (int i = 0; i < 20'000; ++i) {
    reference.push_back(i / 20'000.0);
    current.push_back(i / 20'000.0 + 0.03);  // certain, and small
  }
  Monitor monitor(shipped("mdl-qual-data"), {Reference(reference)});
  const Check check = monitor.check_samples(Time{Duration::days(7).ns}, {current});
  REQUIRE(*check.measured[0] < 1e-6);
  REQUIRE_FALSE(check.violated);
}

TEST_CASE("all conditions have to hold for one and the same feature") {
  const Reference thousands(sample(0, 20'000)), dozens(sample(0, 40));
  const auto certain_but_small = sample(0.03, 20'000), large_but_not_certain = sample(0.2, 12);
  const auto both = sample(0.2, 20'000);
  Monitor monitor(shipped("mdl-qual-data"), {thousands, dozens});
  const Check apart = monitor.check_samples(at_day(7), {certain_but_small, large_but_not_certain});
  REQUIRE_FALSE(apart.violated);
  REQUIRE(apart.drifted.empty());
  const Check together = monitor.check_samples(at_day(14), {both, large_but_not_certain});
  REQUIRE(together.violated);
  REQUIRE(together.feature == 0);
  REQUIRE(together.drifted == std::vector<std::size_t>{0});
}

TEST_CASE("a check tells of the feature that has drifted most") {
  const Reference reference(sample(0));
  Monitor monitor(shipped("mdl-rec-data"), {reference, reference, reference, reference});
  const Check check =
      monitor.check_samples(at_day(1), {sample(0.3), sample(0), sample(0.6), sample(0.5)});
  REQUIRE(check.feature == 2);
  REQUIRE(check.drifted == std::vector<std::size_t>{0, 2, 3});
  REQUIRE(*check.measured[0] == *Monitor(shipped("mdl-rec-data"), {reference})
                                     .check_samples(at_day(1), {sample(0.6)})
                                     .measured[0]);
}

TEST_CASE("counts in the bins of a reference decide as the values do") {
  const std::string both = R"("conditions":[{"measure":"psi","above":0.05},
      {"measure":"tvd","above":0.1}],"responses":[{"action":"alert","checks":2}]})";
  const std::uint64_t seed = 89;
  stats::Stream stream(seed, 0, "features");
  int violated = 0, alerts = 0;
  for (int run = 0; run < 200; ++run) {
    CAPTURE(seed, run);
    std::vector<Reference> references;
    for (int i = 0; i < 3; ++i) references.emplace_back(normal(stream, 200, 0));
    Monitor by_values(policy_of(R"({"name":"v",)" + both), references);
    Monitor by_counts(policy_of(R"({"name":"c",)" + both), references);
    for (int check = 1; check <= 6; ++check) {
      PerFeature values(3), counts(3);
      for (std::size_t i = 0; i < 3; ++i) {
        if (stream.chance(0.2)) continue;  // no data on this feature
        values[i] = normal(stream, 100, 0.2 * static_cast<double>(i));
        references[i].count(values[i], counts[i]);
      }
      const Check one = by_values.check_samples(at_day(check), values);
      const Check other = by_counts.check_bins(at_day(check), counts);
      REQUIRE(one.measured == other.measured);
      REQUIRE(one.feature == other.feature);
      REQUIRE(one.drifted == other.drifted);
      REQUIRE(one.in_a_row == other.in_a_row);
      REQUIRE(one.actions.size() == other.actions.size());
      violated += one.violated ? 1 : 0;
      alerts += static_cast<int>(one.actions.size());
    }
  }
  REQUIRE(violated > 100);
  REQUIRE(alerts > 20);
}

TEST_CASE("a check goes by the features that have data") {
  const Reference reference(sample(0));
  Monitor monitor(shipped("mdl-rec-data"), {reference, reference});
  REQUIRE(monitor.check_samples(at_day(1), {{}, sample(0.5)}).feature == 1);
  const Check none = monitor.check_samples(at_day(2), {{}, {}});
  REQUIRE_FALSE(none.violated);
  REQUIRE(none.in_a_row == 1);
  REQUIRE(monitor.check_samples(at_day(3), {sample(0), {}}).in_a_row == 0);
}

TEST_CASE("another version renews the reference and ends the episode, but no cool-down") {
  const auto before = sample(0), after = sample(0.5);
  const std::string policy = R"({"name":"p","every":"1d",
      "conditions":[{"measure":"psi","above":0.2}],
      "responses":[{"action":"alert","checks":2,"cool_down":"10d"}]})";
  Monitor monitor(policy_of(policy), {Reference(before)});
  REQUIRE(monitor.check_samples(at_day(1), {after}).in_a_row == 1);
  monitor.renew({Reference(before)});
  REQUIRE(monitor.check_samples(at_day(2), {after}).in_a_row == 1);
  REQUIRE(monitor.check_samples(at_day(3), {after}).actions.size() == 1);
  monitor.renew({Reference(after)});
  REQUIRE(monitor.check_samples(at_day(4), {after}).in_a_row == 0);
  REQUIRE(monitor.check_samples(at_day(5), {before}).in_a_row == 1);
  const Check cooling = monitor.check_samples(at_day(6), {before});
  REQUIRE(cooling.actions.empty());
  REQUIRE(cooling.held_back.size() == 1);
}

TEST_CASE("the rolling baseline outlives another version") {
  Monitor monitor(shipped("mdl-rec-concept"));
  for (int day = 1; day <= 20; ++day) monitor.check_value(at_day(day), 0.2);
  monitor.renew();
  REQUIRE(*monitor.check_value(at_day(21), 0.15).measured[0] == Approx(0.25));
}

TEST_CASE("the shipped policies say what they watch") {
  const auto watched = [](const std::string& name) { return shipped(name).watch->what; };
  REQUIRE(watched("mdl-rec-data") == Watched::features);
  REQUIRE(shipped("mdl-rec-data").watch->features.empty());
  REQUIRE(watched("mdl-rec-concept") == Watched::engagement);
  REQUIRE(watched("mdl-rec-prediction") == Watched::score);
  REQUIRE(watched("mdl-search-data") == Watched::unmatched);
  REQUIRE(watched("mdl-search-concept") == Watched::engagement);
  REQUIRE(watched("mdl-qual-data") == Watched::features);
}

TEST_CASE("what is watched is said, told from the signal, or left open") {
  const auto watch = [](const std::string& members, const std::string& measure) {
    return policy_of(R"({"name":"p",)" + members + R"("conditions":[{"measure":")" + measure +
                     R"(","above":1}],"responses":[{"action":"alert"}]})")
        .watch;
  };
  REQUIRE(watch(R"("watch":{"features":["age","country"]},)", "psi")->features ==
          std::vector<std::string>{"age", "country"});
  REQUIRE(watch(R"("signal":"errors",)", "value")->what == Watched::errors);
  REQUIRE(watch(R"("signal":"top features","watch":"score",)", "psi")->what == Watched::score);
  REQUIRE_FALSE(watch(R"("signal":"ctr",)", "value"));
  REQUIRE_FALSE(watch(R"("signal":"engagement",)", "psi"));  // of single users, say
  REQUIRE_THROWS_WITH(watch(R"("watch":"featurs",)", "psi"), Contains("did you mean \"features\""));
  REQUIRE_THROWS_WITH(watch(R"("watch":"engagement",)", "psi"),
                      Contains("/watch") && Contains("compare samples"));
  REQUIRE_THROWS_WITH(watch(R"("watch":"features",)", "degradation"), Contains("single values"));
  REQUIRE_THROWS_WITH(watch(R"("watch":{"features":[]},)", "psi"), Contains("no feature"));
  REQUIRE_THROWS_WITH(watch(R"("watch":{"feature":["a"]},)", "psi"), Contains("features"));
}

TEST_CASE("a detector is a measure that says by itself when it is too much") {
  const std::string policy = R"({"name":"p","watch":"errors","every":"1h",
      "conditions":[{"measure":"page-hinkley","parameters":{"threshold":1,"mode":"up"}}],
      "responses":[{"action":"alert"}]})";
  const auto detector = make_detector("page-hinkley", {{"threshold", "1"}, {"mode", "up"}});
  Monitor monitor(policy_of(policy));
  stats::Stream stream(90, 0, "errors");
  int alerts = 0;
  for (int hour = 1; hour <= 400; ++hour) {
    const double share = (hour <= 200 ? 0.01 : 0.2) + 0.005 * stream.uniform();
    const Check check = monitor.check_value(Time{Duration::hours(hour).ns}, share);
    REQUIRE(check.violated == detector->update(share));
    alerts += static_cast<int>(check.actions.size());
    if (hour <= 200) REQUIRE(alerts == 0);
  }
  REQUIRE(alerts > 0);
}

TEST_CASE("another version starts a detector afresh, and a gap in the data does not") {
  const std::string policy = R"({"name":"p","conditions":[
      {"measure":"cusum","parameters":{"min_instances":4}}],"responses":[{"action":"alert"}]})";
  for (const bool renewed : {false, true}) {
    Monitor monitor(policy_of(policy));
    int day = 0;
    for (const double value : {-1, 1, -1, 1}) monitor.check_value(at_day(++day), value);
    monitor.check_value(at_day(++day), std::nan(""));
    if (renewed) monitor.renew();
    REQUIRE(monitor.check_value(at_day(++day), 100).violated == !renewed);
  }
}

TEST_CASE("a detector that cannot work on shares, or a response that it cannot reach, is refused") {
  const auto read = [](const std::string& condition, const std::string& response) {
    return policy_of(R"({"name":"p","conditions":[{)" + condition + R"(}],"responses":[{)" +
                     response + "}]}");
  };
  const std::string alert = R"("action":"alert")";
  REQUIRE_THROWS_WITH(read(R"("measure":"ddm")", alert), Contains("hddm-a"));
  REQUIRE_THROWS_WITH(read(R"("measure":"adwin","above":1)", alert), Contains("by itself"));
  REQUIRE_THROWS_WITH(read(R"("measure":"adwin","parameters":{"detla":1})", alert),
                      Contains("/conditions/0") && Contains("did you mean delta"));
  REQUIRE_THROWS_WITH(read(R"("measure":"psi","above":1,"parameters":{})", alert),
                      Contains("parameters"));
  REQUIRE_THROWS_WITH(read(R"("measure":"adwin")", alert + R"(,"checks":2)"),
                      Contains("/responses/0") && Contains("single checks"));
  REQUIRE_THROWS_WITH(read(R"("measure":"adwin")", alert + R"(,"longer_than":"1d")"),
                      Contains("single checks"));
}

TEST_CASE("a policy with a slip is refused with its place") {
  REQUIRE_THROWS_WITH(policy_of(R"({"name":"p","conditons":[]})"), Contains("conditions"));
  REQUIRE_THROWS_WITH(
      policy_of(
          R"({"name":"p","conditions":[{"measure":"pis","above":1}],"responses":[{"action":"alert"}]})"),
      Contains("psi"));
  REQUIRE_THROWS_WITH(
      policy_of(
          R"({"name":"p","conditions":[{"measure":"psi"}],"responses":[{"action":"alert"}]})"),
      Contains("above"));
  REQUIRE_THROWS_WITH(
      policy_of(
          R"({"name":"p","conditions":[{"measure":"psi","above":1},{"measure":"value","above":1}],"responses":[{"action":"alert"}]})"),
      Contains("samples"));
  REQUIRE_THROWS_WITH(
      policy_of(R"({"name":"p","every":"0s","conditions":[{"measure":"psi","above":1}],
                                    "responses":[{"action":"alert"}]})"),
      Contains("above 0"));
}

// Values at the ends of what a double holds, and files that say nothing: neither passes, whatever
// the configuration asks for.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "decision_files.hpp"

using namespace rehearse;
using namespace rehearse::test;
using Catch::Contains;
using nlohmann::json;

using Files = DecisionFiles;

TEST_CASE("drift of one value against one is no crash and no certainty") {
  Files files;
  files.write("a.csv", "x\n1\n");
  for (const std::string other : {"1", "2", "inf", "-inf", "1e308"}) {
    CAPTURE(other);
    files.write("b.csv", "x\n" + other + "\n");
    for (const std::string method : {"all", "cvm"}) {
      const Finished finished =
          files.run({"drift", "a.csv", "b.csv", "--method", method, "--format", "json"});
      REQUIRE(finished.status == 0);
      REQUIRE_THAT(finished.out, !Contains("nan"));
    }
  }
}

TEST_CASE("a difference that no double holds fails the canary in the direction it watches") {
  Files files;
  const std::string low = column({"-1e308"}, 6), high = column({"1e308"}, 6);
  for (const std::string more :
       {"",
        R"(, "effectSize": {"measure": "cles", "allowedIncrease": 0.6, "allowedDecrease": 0.4})",
        R"(, "outliers": {"strategy": "remove"})"}) {
    for (const std::string classifier :
         {"{}", R"({"classifier": "mean-inequality"})", R"({"classifier": "welch"})"}) {
      for (const bool up : {true, false}) {
        for (const bool either : {true, false}) {
          const std::string way = either ? "either" : up ? "increase" : "decrease";
          CAPTURE(more, classifier, way, up);
          files.write("c.json",
                      one_metric(fmt::format(R"("direction": "{}"{})", way, more), classifier));
          files.write("b.csv", up ? low : high);
          files.write("k.csv", up ? high : low);
          const Finished finished = files.judge();
          REQUIRE(finished.status == 1);
          const json one = json::parse(finished.out)["metrics"][0];
          REQUIRE(one["classification"] == (up ? "High" : "Low"));
          REQUIRE_THAT(finished.out, !Contains("nan") && !Contains("NaN"));
        }
      }
    }
  }
}

TEST_CASE("the mean of values whose sum no double holds is a mean") {
  Files files;
  files.write("c.json",
              one_metric(R"("direction": "increase", "effectSize": {"allowedIncrease": 1.2})"));
  files.write("b.csv", column({"1e308", "1.1e308", "0.9e308"}, 30));
  files.write("k.csv", column({"1.5e308", "1.6e308", "1.4e308"}, 30));
  const json one = files.metric();
  REQUIRE(one["classification"] == "High");
  REQUIRE(one["effect_size"].get<double>() == Approx(1.5));
}

TEST_CASE("a ratio of negative means lets nothing through") {
  Files files;
  files.write("b.csv", column({"-10", "-11", "-12"}, 30));
  files.write("k.csv", column({"-4", "-5", "-6"}, 30));
  for (const std::string effect : {"", R"(, "effectSize": {"allowedIncrease": 2})"}) {
    files.write("c.json", one_metric(R"("direction": "increase")" + effect));
    const json one = files.metric();
    CAPTURE(one.dump(1));
    REQUIRE(one["classification"] == "High");
    REQUIRE(one["effect_size"].is_null());
  }
  REQUIRE_THAT(files.metric()["reason"], Contains("not defined"));
  REQUIRE_THAT(files.judge({"--lint"}).out, Contains("effect-undefined"));
  REQUIRE(files.metric({"--kayenta"})["classification"] == "Pass");
}

TEST_CASE("a second series of a metric on one side is an error, whatever file holds it") {
  Files files;
  files.write("c.json", one_metric(R"("direction": "increase")"));
  files.write("b.csv", column({"10", "11", "12"}, 30));
  files.write("bad.csv", column({"90", "91", "92"}, 30));
  const std::vector<std::string> start = {"judge", "c.json", "--baseline", "b.csv"};
  for (const auto& more : std::vector<std::vector<std::string>>{
           {"--canary", "bad.csv", "--canary", "b.csv"},
           {"--canary", "errors=bad.csv", "--canary", "errors=b.csv"},
           {"--canary", "b.csv", "--canary", "errors=bad.csv"},
           {"--canary", "b.csv", "--baseline", "bad.csv"}}) {
    const Finished finished = files.run(with(start, more));
    REQUIRE(finished.status == 2);
    REQUIRE_THAT(finished.err, Contains("second series") && Contains("errors"));
  }
}

TEST_CASE("a side without a value passes no metric, zeros in place of it or not") {
  Files files;
  const std::string some = column({"10", "11", "12"}, 30), none = column({"NaN"}, 30);
  for (const std::string members :
       {R"("nanStrategy": "replace")", R"("nanStrategy": "replace", "sparse": true)",
        R"("sparse": true)"}) {
    files.write("c.json", one_metric(members + R"(, "direction": "increase")"));
    files.write("b.csv", some);
    files.write("k.csv", none);
    CAPTURE(members);
    const json judged = json::parse(files.judge().out);
    REQUIRE(judged["verdict"] == "inconclusive");
    REQUIRE(judged["metrics"][0]["classification"] == "Nodata");
  }
  files.write("c.json", one_metric(R"("nanStrategy": "replace", "direction": "decrease")"));
  files.write("b.csv", none);
  files.write("k.csv", some);
  REQUIRE(files.metric()["classification"] == "Nodata");
  files.write("c.json", one_metric(R"("nanStrategy": "replace", "direction": "increase")"));
  REQUIRE(files.metric()["classification"] == "High");
  files.write("b.csv", some);
  files.write("k.csv", none);
  REQUIRE(files.judge({"--kayenta"}).status == 0);
}

TEST_CASE("thresholds and limits that no canary can miss are errors or told") {
  Files files;
  files.write("c.json", one_metric(R"("direction": "increase")"));
  files.write("b.csv", column({"10", "11", "12"}, 30));
  files.write("k.csv", column({"90", "91", "92"}, 30));
  for (const auto& wrong : std::vector<std::vector<std::string>>{{"--pass", "nan"},
                                                                 {"--marginal", "nan"},
                                                                 {"--limit", "errors>inf"},
                                                                 {"--limit", "errors<-inf"}}) {
    CAPTURE(wrong);
    REQUIRE(files.judge(wrong).status == 2);
  }
  const Finished zero = files.judge({"--pass", "0"});
  REQUIRE(zero.status == 1);
  REQUIRE(json::parse(zero.out)["verdict"] == "fail");
  REQUIRE_THAT(zero.err, Contains("pass-zero"));
  files.write("c.json", one_metric(R"("direction": "increase")", R"({"tolerance": 1})"));
  REQUIRE_THAT(files.judge().err, Contains("tolerance-wide"));
}

TEST_CASE("of two things that say the same, none is taken unseen") {
  Files files;
  const std::string inner = one_metric(R"("direction": "increase")");
  files.write("c.json", "{\"canaryConfig\": " + inner + ", \"config\": " + inner + "}");
  files.write("b.csv", column({"10", "11", "12"}, 30));
  files.write("k.csv", column({"90", "91", "92"}, 30));
  const Finished configs = files.judge();
  REQUIRE(configs.status == 2);
  REQUIRE_THAT(configs.err, Contains("not both"));
  files.write("c.json", inner);
  const std::string pairs =
      R"([{"name": "errors", "values": {"control": [1, 2], "experiment": [1, 2]}}])";
  files.write("p.json", "{\"metricSetPairList\": " + pairs + ", \"results\": " + pairs + "}");
  const Finished sets = files.run({"judge", "c.json", "--data", "p.json"});
  REQUIRE(sets.status == 2);
  REQUIRE_THAT(sets.err, Contains("not both"));
}

TEST_CASE("a rule that no data can break is refused, with what was meant") {
  Files files;
  files.write("a.csv", column({"1", "2", "3"}, 30, "x"));
  const auto gate = [&](const std::string& rule) {
    return files.run({"drift", "a.csv", "a.csv", "--fail-on", rule});
  };
  for (const std::string rule :
       {"missing>5", "missing-rise>5", "new>=5", "infinite>1", "missing>100%", "ks>1", "js>=1.01",
        "tvd>1", "hellinger>2", "ks-p<0", "cvm-p>1", "psi<0", "psi>inf", "psi>=inf", "chi2<0",
        "wasserstein<=-1", "missing-rise<-1"}) {
    CAPTURE(rule);
    const Finished finished = gate(rule);
    REQUIRE(finished.status == 2);
    REQUIRE_THAT(finished.err, Contains("never fail"));
  }
  REQUIRE_THAT(gate("missing>5").err, Contains("did you mean 5%?"));
  for (const std::string rule : {"missing>0.05", "missing>5%", "missing>=100%", "ks>=1",
                                 "ks-p<1e-9", "psi>20", "missing-rise>0", "psi>=1e6"}) {
    CAPTURE(rule);
    REQUIRE(gate(rule).status == 0);
  }
}

TEST_CASE("a gate on a word does not pass what cannot be told") {
  Files files;
  files.write("some.csv", column({"1", "2", "3"}, 30, "x"));
  files.write("none.csv", column({"NA"}, 30, "x"));
  files.write("empty.csv", "x\n");
  for (const std::string word : {"unclear", "drift", "large"}) {
    for (const auto& [a, b] :
         std::vector<std::pair<std::string, std::string>>{{"some.csv", "empty.csv"},
                                                          {"empty.csv", "empty.csv"},
                                                          {"empty.csv", "some.csv"},
                                                          {"none.csv", "none.csv"},
                                                          {"some.csv", "none.csv"}}) {
      CAPTURE(word, a, b);
      REQUIRE(files.run({"drift", a, b, "--fail-on", word}).status == 1);
    }
  }
}

TEST_CASE("values far outside the reference's range are drift of their own, few as they are") {
  Files files;
  std::string reference = "x\n", current = "x\n", fewer = "x\n";
  for (int i = 0; i < 1000; ++i) reference += std::to_string(i) + "\n";
  for (int i = 0; i < 1000; ++i) {
    current += i < 940 ? std::to_string(i) + "\n" : "1e12\n";
    fewer += i < 997 ? std::to_string(i) + "\n" : "1e12\n";
  }
  files.write("a.csv", reference);
  files.write("b.csv", current);
  files.write("c.csv", fewer);
  const auto column = [&](const std::string& file) {
    return json::parse(files.run({"drift", "a.csv", file, "--format", "json"}).out)["columns"]["x"];
  };
  const json drifted = column("b.csv");
  CAPTURE(drifted["reading"].dump());
  REQUIRE(drifted["severity"] == "drift");
  REQUIRE(drifted["beyond"]["rows"] == 60);
  REQUIRE(drifted["new_rows"] == 60);
  REQUIRE(column("c.csv")["severity"] == "stable");  // 3 of 1000: one chance in eight
  REQUIRE(files.run({"drift", "a.csv", "b.csv", "--fail-on", "new>5%"}).status == 1);
  REQUIRE(files.run({"drift", "a.csv", "b.csv", "--fail-on", "drift"}).status == 1);
  REQUIRE(files.run({"drift", "a.csv", "c.csv", "--fail-on", "new>5%"}).status == 0);
}

TEST_CASE("extremes of the reference that the current data have lost are drift, too") {
  Files files;
  std::string reference = "x\n", cut = "x\n", fewer = "x\n";
  for (int i = 0; i < 1000; ++i) {
    reference += std::to_string(i) + "\n";
    cut += std::to_string(i % 940) + "\n";
    fewer += std::to_string(i % 997) + "\n";
  }
  files.write("a.csv", reference);
  files.write("b.csv", cut);
  files.write("c.csv", fewer);
  const auto column = [&](const std::string& file) {
    return json::parse(files.run({"drift", "a.csv", file, "--format", "json"}).out)["columns"]["x"];
  };
  const json drifted = column("b.csv");
  CAPTURE(drifted["reading"].dump());
  REQUIRE(drifted["severity"] == "drift");
  REQUIRE(drifted["lost"]["rows"] == 60);
  REQUIRE(drifted["beyond"]["rows"] == 0);
  REQUIRE(drifted["new_rows"] == 0);
  REQUIRE_THAT(files.run({"drift", "a.csv", "b.csv"}).out,
               Contains("6% of the reference outside the range of the current data"));
  REQUIRE(column("c.csv")["severity"] == "stable");
}

TEST_CASE("whole numbers that no double tells apart are labels, and it is said") {
  Files files;
  files.write("a.csv", column({"9007199254740992"}, 30, "x"));
  files.write("b.csv", column({"9007199254740993"}, 30, "x"));
  files.write("ids.csv", column({"100000000000000001", "100000000000000002"}, 30, "x"));
  files.write("far.csv", column({"100000000000000001", "100000000000100001"}, 30, "x"));
  files.write("most.csv", column({"1", "9223372036854775807", "9.223372036854775808e18"}, 30, "x"));
  const auto note = [&](const std::string& reference, const std::string& current) {
    return files.run({"drift", reference, current}).err;
  };
  CHECK(files.drift("a.csv", "b.csv")["severity"] == "large");
  CHECK_THAT(note("a.csv", "b.csv"), Contains("9007199254740993") && Contains("--numeric"));
  CHECK(files.drift("ids.csv", "ids.csv")["reference"]["distinct"] == 2);
  CHECK_THAT(note("ids.csv", "ids.csv"), Contains("read as labels"));
  CHECK(files.drift("a.csv", "b.csv", {"--numeric", "x"})["kind"] == "numeric");
  CHECK(files.drift("a.csv", "a.csv")["kind"] == "numeric");
  for (const std::string apart : {"far.csv", "most.csv"}) {
    CHECK(files.drift(apart, apart)["kind"] == "numeric");
    CHECK(note(apart, apart).empty());
  }
}

TEST_CASE("a new label that holds many rows is drift, however many labels there were") {
  Files files;
  std::string reference = "c\n", current = "c\n", fresh = "c\n";
  for (int i = 0; i < 1000; ++i) {
    reference += "r" + std::to_string(i) + "\n";
    current += i < 450 ? "unknown\n" : "c" + std::to_string(i) + "\n";
    fresh += "c" + std::to_string(i) + "\n";
  }
  files.write("a.csv", reference);
  files.write("b.csv", current);
  files.write("c.csv", fresh);
  const auto column = [&](const std::string& file) {
    return json::parse(files.run({"drift", "a.csv", file, "--format", "json"}).out)["columns"]["c"];
  };
  const json drifted = column("b.csv");
  CAPTURE(drifted.dump(1));
  REQUIRE(drifted["severity"] == "large");
  REQUIRE(drifted["changed_label"]["label"] == "unknown");
  REQUIRE(drifted["changed_label"]["current"] == 0.45);
  REQUIRE(column("c.csv")["severity"] == "unclear");
}

TEST_CASE("adwin sees a change whose square no double holds") {
  Files files;
  for (const std::string unit : {"", "e100", "e155", "e200", "e305"}) {
    files.write("x.csv", column({"1" + unit, "1.1" + unit}, 500, "x") +
                             column({"5" + unit, "5.1" + unit}, 500, "5" + unit));
    const json seen = json::parse(
        files.run({"drift", "--stream", "x.csv", "--column", "x", "--format", "json"}).out);
    CAPTURE(unit, seen.dump());
    REQUIRE(!seen["drifts"].empty());
  }
  files.write("x.csv", column({"0.1"}, 500, "x") + column({"1e155"}, 500, "1e155"));
  const Finished jump =
      files.run({"drift", "--stream", "x.csv", "--column", "x", "--format", "json"});
  REQUIRE(!json::parse(jump.out)["drifts"].empty());
}

TEST_CASE("what a stream cannot do and what contradicts itself are errors") {
  Files files;
  files.write("x.csv", column({"1", "2"}, 100, "x"));
  files.write("none.csv", column({"NA"}, 100, "x"));
  const auto stream = [&](const std::string& file, const std::vector<std::string>& more) {
    return files.run(with({"drift", "--stream", file, "--column", "x"}, more)).status;
  };
  REQUIRE(stream("x.csv", {}) == 0);
  REQUIRE(stream("x.csv", {"--junit", "out.xml"}) == 2);
  REQUIRE(stream("x.csv", {"--markdown", "out.md"}) == 2);
  REQUIRE(stream("none.csv", {}) == 2);
  REQUIRE(files.run({"drift", "x.csv", "x.csv", "--numeric", "x", "--categorical", "x"}).status ==
          2);
}

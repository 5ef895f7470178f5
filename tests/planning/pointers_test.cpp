#include "planning/sweep/pointers.hpp"

#include <catch2/catch.hpp>

#include "experiments/scenario/scenario_file.hpp"
#include "fixtures.hpp"

using namespace rehearse::planning;
using rehearse::InputError;

namespace {

const std::string kRate = "/mds/hydration/budgets/datasets/rate";
const std::string kConcurrency = "/mds/hydration/concurrency";

rehearse::config::Node scenario() {
  return rehearse::experiments::read_scenario(
      rehearse::test::source_path("scenarios/theory/budget-wait.json"));
}

std::vector<std::string> texts(const Grid& grid) {
  std::vector<std::string> texts;
  for (const Value& value : grid.values) texts.push_back(value.text);
  return texts;
}

Grid grid(const std::string& text) { return parse_grid(text, scenario(), "--vary"); }

std::string refusal(const std::string& text) {
  try {
    grid(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a list keeps the user's order and text, and knows the amounts") {
  const Grid rates = grid(kRate + "=2/s, 1/s,30/m,none");
  CHECK(texts(rates) == Texts{"2/s", "1/s", "30/m", "none"});
  CHECK(rates.parameter.unit == Unit::rate);
  CHECK(rates.values[2].amount == 0.5);
  CHECK_FALSE(rates.values[3].amount);
}

TEST_CASE("ranges are filled in equal ratios or steps and end where the user said") {
  CHECK(texts(grid(kRate + "=1/s..100/s log 3")) == Texts{"1/s", "10/s", "100/s"});
  CHECK(texts(grid(kRate + "=1/s..2/s lin 3")) == Texts{"1/s", "1.5/s", "2/s"});
  CHECK(texts(grid(kRate + "=1/s..10/s log 4")) == Texts{"1/s", "2.15443/s", "4.64159/s", "10/s"});
  CHECK(texts(grid("/mds/enrichment/every=1s..2m log 4")) ==
        Texts{"1s", "4.93242s", "24.3288s", "2m"});
  CHECK(texts(grid("/mds/enrichment/every=none,1h..3h lin 3")) == Texts{"none", "1h", "2h", "3h"});
  CHECK(texts(grid("/bus/drop=0..0.5 lin 3")) == Texts{"0", "0.25", "0.5"});
}

TEST_CASE("values between two whole ones are whole where the setting must be, and never twice") {
  const Grid servers = grid(kConcurrency + "=1..8 log 7");
  CHECK(servers.parameter.unit == Unit::whole);
  CHECK(texts(servers) == Texts{"1", "2", "3", "4", "6", "8"});
}

TEST_CASE("words and JSON values make lists too") {
  CHECK(texts(grid("/mds/hydration/coalescing=safe,unguarded")) == Texts{"safe", "unguarded"});
  const Grid json = grid(R"(/bus/delay={"constant":"1s"},{"uniform":["1s","2s"]})");
  CHECK(texts(json) == Texts{R"({"constant":"1s"})", R"({"uniform":["1s","2s"]})"});
  CHECK(json.parameter.unit == Unit::word);
}

TEST_CASE("a pointer that is not known is refused with the nearest that is") {
  CHECK_THAT(
      refusal("/mds/hydration/concurency=1,2"),
      Catch::StartsWith("--vary: /mds/hydration/concurency") && Catch::Contains("\"concurrency\""));
  CHECK_THAT(refusal("/mds/hydration/budgets/dataset/rate=1/s,2/s"), Catch::Contains("datasets"));
  CHECK_THAT(refusal("/duration/x=1,2"), Catch::Contains("cannot be inside"));
}

TEST_CASE("values of the wrong unit, empty ranges and repetitions are refused") {
  CHECK_THAT(refusal(kRate + "=1s,2s"), Catch::Contains("a rate is a text such as"));
  CHECK_THAT(refusal(kRate + "=1/s,2s"), Catch::Contains("another unit"));
  CHECK_THAT(refusal(kRate + "=1,2"), Catch::Contains("a rate is a text such as"));
  CHECK_THAT(refusal(kRate + "=5/s..1/s log 3"), Catch::Contains("the range is empty"));
  CHECK_THAT(refusal(kRate + "=5/s..300/m lin 3"), Catch::Contains("the range is empty"));
  CHECK_THAT(refusal(kRate + "=1/s..5/s"), Catch::Contains("\"log N\" or \"lin N\""));
  CHECK_THAT(refusal(kRate + "=1/s..5/s log 1"), Catch::Contains("2 to"));
  CHECK_THAT(refusal(kRate + "=1/s..5/s cubic 9"), Catch::Contains("\"log N\" or \"lin N\""));
  CHECK_THAT(refusal(kRate + "=0/s..5/s log 3"), Catch::Contains("above 0"));
  CHECK_THAT(refusal(kRate + "=1/s,60/m"), Catch::Contains("twice"));
  CHECK_THAT(refusal(kRate + "=1/s,,2/s"), Catch::Contains("empty value"));
  CHECK_THAT(refusal(kRate + "="), Catch::Contains("no value"));
  CHECK_THAT(refusal(kRate), Catch::Contains("POINTER=1/s,2/s"));
  CHECK_THAT(refusal("/seed=1,2"), Catch::Contains("--replications"));
  CHECK_THAT(refusal(kRate + "=1/s..x log 3"), Catch::Contains("high end"));
}

TEST_CASE("a planner's range has ends that the scenario takes") {
  const Range range = parse_range(kRate + "=30/m..4/s", scenario(), "--over");
  CHECK(range.low.amount == 0.5);
  CHECK(range.high.amount == 4.0);
  CHECK(range.parameter.unit == Unit::rate);
  CHECK(make_value(range.parameter, 2.0 / 3.0).text == "40/m");
  CHECK(make_value(range.parameter, 1.0 / 7.0).text == "8.57143/m");
  CHECK(parse_range(kConcurrency + "=1..9", scenario(), "--over").parameter.unit == Unit::whole);
  CHECK_THROWS_WITH(parse_range(kConcurrency + "=0..9", scenario(), "--over"),
                    Catch::StartsWith("--over: " + kConcurrency));
  CHECK_THROWS_WITH(parse_range(kRate + "=4/s", scenario(), "--over"),
                    Catch::Contains("LOW..HIGH is allowed"));
}

TEST_CASE("a value that is made reads back as its amount") {
  const Parameter every{"/mds/enrichment/every", Unit::duration, "m"};
  for (const double seconds : {1e-9, 1.0 / 3, 59.0, 60.0, 1234.5678, 1e7}) {
    const Value value = make_value(every, seconds, 12);
    CHECK(*value.amount == Approx(seconds).epsilon(1e-9));
    CHECK(read_quantity(value.text, {}).value == value);
  }
  CHECK(make_value(every, 90).text == "1.5m");
}

TEST_CASE("parameters inside of each other are refused") {
  CHECK_NOTHROW(check_apart({{"/a/b", {}, {}}, {"/a/bc", {}, {}}}, "--vary"));
  CHECK_THROWS_WITH(check_apart({{"/a", {}, {}}, {"/a", {}, {}}}, "--vary"),
                    Catch::Contains("twice"));
  CHECK_THROWS_WITH(check_apart({{"/a/b", {}, {}}, {"/a", {}, {}}}, "--vary"),
                    Catch::Contains("inside of /a"));
}

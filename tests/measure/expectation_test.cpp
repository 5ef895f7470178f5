#include "measure/expectation.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using namespace rehearse;
using namespace rehearse::measure;

namespace {

std::vector<Expectation> parse(const std::string& text) {
  return parse_expectations(config::parse(text, "scenario.json"), {{"datasets"}, {}});
}

bool holds(const std::string& text, double value) {
  const std::vector<Expectation> expectations = parse("[" + text + "]");
  return evaluate(expectations, {{expectations[0].metric, value}})[0].passed;
}

}  // namespace

TEST_CASE("bounds are inclusive and hold together") {
  const std::string share = R"({"metric":"entity.freshness.mean","at_least":0.79,"at_most":0.81})";
  CHECK(holds(share, 0.79));
  CHECK(holds(share, 0.81));
  CHECK_FALSE(holds(share, 0.7899));
  CHECK_FALSE(holds(share, 0.8101));
  CHECK(holds(R"({"metric":"converged","equals":1})", 1));
  CHECK_FALSE(holds(R"({"metric":"converged","equals":1})", 0));
  const std::string wait = R"({"metric":"hydration.wait.mean","equals":0.25,"tolerance":"10ms"})";
  CHECK(holds(wait, 0.2401));
  CHECK_FALSE(holds(wait, 0.2399));
}

TEST_CASE("a bound on a time may be a duration, one on a rate a rate") {
  const auto e = parse(R"([{"metric":"entity.age.p99","at_most":"5m"},
                           {"metric":"source.datasets.rate.mean","at_most":"30/m"}])");
  CHECK(*e[0].at_most == 300);
  CHECK(*e[1].at_most == 0.5);
  CHECK(bound_text(e[0]) == "at most 300");
  JsonWriter json;
  write(json, {e[0], 299, true});
  CHECK(json.take() ==
        R"({"metric":"entity.age.p99","bound":{"at_most":300},"value":299,"passed":true})");
  CHECK_THROWS_AS(parse(R"([{"metric":"ties","at_most":"5m"}])"), InputError);
}

TEST_CASE("an unknown metric is refused with the nearest known one and its place") {
  try {
    parse(R"([{"metric":"entity.age.p98","at_most":1}])");
    FAIL("no error");
  } catch (const InputError& error) {
    CHECK_THAT(error.what(), Catch::Contains("entity.age.p9"));
    CHECK(error.where().pointer == "/0/metric");
  }
  CHECK_THROWS_WITH(parse(R"([{"metric":"source.dataset.requests","at_most":1}])"),
                    Catch::Contains("source.datasets.requests"));
}

TEST_CASE("expectations that say nothing or contradict themselves are refused") {
  for (const char* text : {
           R"([{"metric":"ties"}])",
           R"([{"metric":"ties","at_least":2,"at_most":1}])",
           R"([{"metric":"ties","equals":2,"at_most":3}])",
           R"([{"metric":"ties","at_most":3,"tolerance":1}])",
           R"([{"metric":"ties","equals":3,"tolerance":-1}])",
           R"([{"metric":"ties","atmost":3}])",
           R"([{"at_most":3}])",
           R"({"metric":"ties","at_most":3})",
           R"([3])",
           R"([{"metric":"ties","at_most":-1}])",
           R"([{"metric":"entity.freshness.mean","at_least":2}])",
           R"([{"metric":"entity.freshness.mean","equals":1.2,"tolerance":0.1}])",
           R"([{"metric":"converged","equals":-1}])",
       }) {
    INFO(text);
    CHECK_THROWS_AS(parse(text), InputError);
  }
}

TEST_CASE("expectations of one metric that no value meets are refused with both places") {
  CHECK_THROWS_WITH(
      parse(R"([{"metric":"entity.freshness.mean","at_least":0.9},
                              {"metric":"ties","equals":0},
                              {"metric":"entity.freshness.mean","at_most":0.1}])"),
      Catch::Contains("/2") && Catch::Contains("at most 0.1 contradicts /0, at least 0.9"));
  CHECK(parse(R"([{"metric":"ties","at_least":1},{"metric":"ties","at_most":1}])").size() == 2);
}

TEST_CASE("all must pass for a run to pass, and none is as good as all") {
  const auto e = parse(R"([{"metric":"ties","at_most":3},{"metric":"converged","equals":1}])");
  CHECK(all_passed(evaluate(e, {{"ties", 2}, {"converged", 1}})));
  CHECK_FALSE(all_passed(evaluate(e, {{"ties", 4}, {"converged", 1}})));
  CHECK(all_passed({}));
  CHECK_THROWS_AS(evaluate(e, {{"ties", 2}}), std::logic_error);
}

#include "planning/sweep/condition.hpp"

#include <catch2/catch.hpp>

using namespace rehearse::planning;

namespace {

const std::vector<Parameter> kParameters = {{"/budgets/datasets/rate", Unit::rate, "/s"},
                                            {"/budgets/model-registry/rate", Unit::rate, "/s"},
                                            {"/reconciliation/every", Unit::duration, "h"},
                                            {"/hydration/coalescing", Unit::word, ""},
                                            {"/hydration/concurrency", Unit::whole, ""}};

Value value(const std::string& text) { return read_quantity(text, {}).value; }

bool holds(const std::string& condition,
           const std::vector<std::string>& texts = {"2/s", "5/s", "30m", "safe", "8"}) {
  std::vector<Value> values;
  for (const std::string& text : texts) values.push_back(value(text));
  return Condition(condition, kParameters, "--where").holds(values);
}

std::string refusal(const std::string& condition) {
  try {
    Condition(condition, kParameters, "--where");
  } catch (const rehearse::InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("conditions compare parameters by pointer or by the end of it, in their units") {
  CHECK(holds("/budgets/datasets/rate < /budgets/model-registry/rate"));
  CHECK(holds("datasets/rate<model-registry/rate"));
  CHECK_FALSE(holds("datasets/rate >= model-registry/rate"));
  CHECK(holds("datasets/rate + model-registry/rate <= 420/m"));
  CHECK_FALSE(holds("datasets/rate + model-registry/rate < 420/m"));
  CHECK(holds("3 * datasets/rate > model-registry/rate"));
  CHECK(holds("model-registry/rate - datasets/rate == 3/s"));
  CHECK(holds("every < 1h"));
  CHECK(holds("concurrency != 7"));
}

TEST_CASE("words are compared for being equal, and none is beyond every quantity") {
  CHECK(holds("coalescing == safe"));
  CHECK_FALSE(holds("coalescing != safe"));
  const std::vector<std::string> none = {"none", "5/s", "none", "unguarded", "8"};
  CHECK(holds("datasets/rate > model-registry/rate", none));
  CHECK_FALSE(holds("every <= 30d", none));
  CHECK(holds("every == none", none));
  CHECK(holds("coalescing != safe", none));
}

TEST_CASE("a condition that cannot be meant is refused") {
  CHECK_THAT(refusal("datasets/rate"), Catch::Contains("a comparison"));
  CHECK_THAT(refusal("rate < 5/s"), Catch::Contains("may be any of"));
  CHECK_THAT(refusal("dataset/rate < 5/s"), Catch::Contains("none of the parameters"));
  CHECK_THAT(refusal("datasets/rate < 5m"), Catch::Contains("different units"));
  CHECK_THAT(refusal("datasets/rate + every < 5m"), Catch::Contains("one unit"));
  CHECK_THAT(refusal("coalescing < safe"), Catch::Contains("== and !="));
  CHECK_THAT(refusal("2/s * datasets/rate < 5/s"), Catch::Contains("plain number"));
  CHECK_THAT(refusal("datasets/rate < "), Catch::Contains("a sum"));
  CHECK_THAT(refusal("datasets/rate < 5x"), Catch::Contains("units of a duration"));
}

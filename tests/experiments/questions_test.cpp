#include "experiments/scenario/questions.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using namespace rehearse;
using namespace rehearse::experiments;

namespace {

std::vector<PeriodicQuestion> parse(const std::string& text) {
  return parse_questions(config::parse(text, "scenario.json"));
}

}  // namespace

TEST_CASE("a question has a period, what is asked and an entity") {
  const auto q =
      parse(R"([{"every":"10m","ask":"ab-tests","entity":"aip://model/registry/ranking-v5"}])");
  REQUIRE(q.size() == 1);
  CHECK(q[0].question.ask == "ab-tests");
  CHECK(q[0].every == Duration::minutes(10));
  CHECK(q[0].question.entity == "aip://model/registry/ranking-v5");
}

TEST_CASE("questions that cannot be asked are refused with their place") {
  for (const char* text : {
           R"([{"every":"0s","ask":"models","entity":"aip://ab-test/experimentation/1"}])",
           R"([{"every":"1m","ask":"modles","entity":"aip://ab-test/experimentation/1"}])",
           R"([{"every":"1m","ask":"models","entity":"ranking-v5"}])",
           R"([{"every":"1m","ask":"models","entity":"aip://model/registry/"}])",
           R"([{"ask":"models","entity":"aip://ab-test/experimentation/1"}])",
           R"([{"every":"1m","entity":"aip://ab-test/experimentation/1"}])",
           R"([{"every":"1m","ask":"models","entity":"aip://a/b/c","at":"1h"}])",
           R"("models")",
       }) {
    INFO(text);
    CHECK_THROWS_AS(parse(text), InputError);
  }
  CHECK_THROWS_WITH(
      parse(R"([{"every":"1m","ask":"modles","entity":"aip://ab-test/experimentation/1"}])"),
      Catch::Contains("models"));
}

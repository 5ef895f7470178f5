#include "reports/question.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "history.hpp"

using namespace rehearse;
using namespace rehearse::reports;
using namespace rehearse::test;

namespace {

std::vector<Question> parse(const std::string& text) {
  return parse_questions(config::parse(text, "scenario.json"));
}

// "old" was verified at 0 s, "never" never, everything else at 90 s.
std::optional<Time> verified(const std::string& uri) {
  if (uri == "never") return std::nullopt;
  return uri == "old" ? at(0) : at(90);
}

Metrics metrics_of(const Answers& answers) {
  Metrics metrics;
  answers.add_to(metrics);
  return metrics;
}

}  // namespace

TEST_CASE("a question has a period, what is asked and an entity") {
  const auto q =
      parse(R"([{"every":"10m","ask":"ab-tests","entity":"aip://model/registry/ranking-v5"}])");
  REQUIRE(q.size() == 1);
  CHECK(q[0].ask == "ab-tests");
  CHECK(q[0].every == Duration::minutes(10));
  CHECK(q[0].entity == "aip://model/registry/ranking-v5");
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

TEST_CASE("an answer may miss something, hold something outdated, or both") {
  Answers answers(Duration::minutes(1));
  CHECK_FALSE(answers.judge("m", {"a", "b"}, {"a", "b"}, verified, at(100)).wrong());
  const Verdict both = answers.judge("m", {"a", "c"}, {"a", "b"}, verified, at(100));
  CHECK(both.missed == std::vector<std::string>{"b"});
  CHECK(both.outdated == std::vector<std::string>{"c"});
  answers.judge("m", {}, {"a"}, verified, at(100));
  const Metrics m = metrics_of(answers);
  CHECK(m.at("answers.asked") == 3);
  CHECK(m.at("answers.wrong") == 2);
  CHECK(m.at("answers.missed") == 2);
  CHECK(m.at("answers.outdated") == 1);
}

TEST_CASE("a wrong answer misleads when all that it shows was verified lately") {
  Answers answers(Duration::minutes(1));
  CHECK(answers.judge("m", {}, {"a"}, verified, at(100)).misleading);
  CHECK(answers.judge("m", {"c"}, {}, verified, at(150)).misleading);
  CHECK_FALSE(answers.judge("m", {"c"}, {}, verified, at(151)).misleading);
  CHECK_FALSE(answers.judge("m", {"old"}, {}, verified, at(100)).misleading);
  CHECK_FALSE(answers.judge("old", {}, {"a"}, verified, at(100)).misleading);
  CHECK_FALSE(answers.judge("never", {}, {"a"}, verified, at(100)).misleading);
  CHECK_FALSE(answers.judge("m", {"a"}, {"a"}, verified, at(100)).misleading);
  CHECK(metrics_of(answers).at("answers.misleading") == 2);
}

#include "measure/answer_log.hpp"

#include <catch2/catch.hpp>

#include "history.hpp"

using namespace rehearse;
using namespace rehearse::measure;
using namespace rehearse::test;

TEST_CASE("answers are counted by what is wrong with them") {
  AnswerLog answers;
  answers.asked({"models", "x", {}, {}}, at(1));
  answers.asked({"models", "x", {"b"}, {"c"}, at(1), true}, at(2));
  answers.asked({"models", "x", {"a"}, {}, at(1)}, at(3));
  answers.stop_counting();
  answers.asked({"models", "x", {}, {"d"}}, at(4));
  Metrics m;
  answers.add_to(m);
  CHECK(m.at("answers.asked") == 3);
  CHECK(m.at("answers.wrong") == 2);
  CHECK(m.at("answers.missed") == 2);
  CHECK(m.at("answers.outdated") == 1);
  CHECK(m.at("answers.misleading") == 1);
  CHECK(m.at("answers.cached") == 2);
  CHECK(answers.last().at({"x", "models"}).at.to_seconds() == 4);
}

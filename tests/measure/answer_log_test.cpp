#include "measure/answer_log.hpp"

#include <catch2/catch.hpp>

#include "history.hpp"

using namespace rehearse;
using namespace rehearse::measure;
using namespace rehearse::test;

TEST_CASE("answers are counted by what is wrong with them") {
  AnswerLog answers;
  const world::Question question{"models", "x"};
  answers.asked({question, {}}, at(1));
  answers.asked({question, {{"b"}, {"c"}, true}, at(1)}, at(2));
  answers.asked({question, {{"a"}, {}}, at(1)}, at(3));
  answers.stop_counting();
  answers.asked({question, {{}, {"d"}}}, at(4));
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

TEST_CASE("answers to models are counted by occasion, too, and each occasion has its counts") {
  AnswerLog answers({"drift", "rollback"});
  answers.asked({{"consumers", "f"}, {}}, at(1));
  answers.asked({{"active-ab-tests", "v"}, {{"t"}, {}, true}, std::nullopt, "rollback"}, at(2));
  answers.asked({{"active-ab-tests", "v"}, {{}, {"t"}}, std::nullopt, "rollback"}, at(3));
  answers.asked({{"active-ab-tests", "v"}, {}, std::nullopt, "rollback"}, at(4));
  Metrics m;
  answers.add_to(m);
  CHECK(m.at("answers.asked") == 4);
  CHECK(m.at("answers.wrong") == 2);
  CHECK(m.at("answers.rollback.asked") == 3);
  CHECK(m.at("answers.rollback.wrong") == 2);
  CHECK(m.at("answers.rollback.missed") == 1);
  CHECK(m.at("answers.rollback.outdated") == 1);
  CHECK(m.at("answers.rollback.misleading") == 1);
  CHECK(m.at("answers.drift.asked") == 0);
  CHECK(m.count("answers.canary.asked") == 0);
  const Subjects subjects{{}, {}, {"drift", "rollback"}};
  for (const auto& [name, value] : m) {
    INFO(name);
    CHECK(find_metric(name, subjects) != nullptr);
  }
}

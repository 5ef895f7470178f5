// What is made of a schedule that violates a property.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "explore/tell/schedule_file.hpp"
#include "explore/tell/shrink.hpp"
#include "explore/tell/story.hpp"
#include "fixtures.hpp"
#include "plain_search.hpp"
#include "setups.hpp"

using namespace rehearse;
using namespace rehearse::explore;

namespace {

/// Three models, of which the second changes twice: one change is enough for what goes wrong.
const std::string kSources = R"({"model-registry": {"script": [
  {"at": "1s", "op": "create", "type": "Model", "id": "other"},
  {"at": "2s", "op": "create", "type": "Model", "id": "ranking", "fields": {"name": "first"}},
  {"at": "3s", "op": "update", "type": "Model", "id": "other", "fields": {"name": "x"}},
  {"at": "4s", "op": "update", "type": "Model", "id": "ranking", "fields": {"name": "second"}}]}})";

Setup setup_with(const std::string& mds, const std::string& explore) {
  return test::explore_setup("{\"sources\": " + kSources + ", \"mds\": " + mds +
                             ", \"explore\": " + explore + "}");
}

Setup unguarded() { return setup_with(R"({"hydration": {"coalescing": "unguarded"}})", "{}"); }
Setup without_repair() { return setup_with("{}", R"({"drops": 1, "reconciliation": "none"})"); }

Shrunk shrunk(const Setup& setup) {
  const ScriptedTruth truth(setup);
  const auto found = test::first_violation(setup, truth);
  REQUIRE(found);
  return shrink(setup, *found);
}

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
  return longest;
}

/// In one line.
std::string unwrapped(const std::string& text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) line += word + " ";
  return line;
}

std::string error_of(const Setup& setup, const std::string& text) {
  try {
    replay(setup, config::parse(text, "schedule.json"));
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  REQUIRE(text.find(what) != text.npos);
  return text.replace(text.find(what), what.size(), by);
}

}  // namespace

TEST_CASE("a lost event shrinks to what it takes to lose it, and nothing else") {
  const Setup setup = without_repair();
  const auto change = [](std::size_t n) { return Choice{Action::change, n, {}, {}, 0}; };
  const auto deliver = [](std::size_t n) { return Choice{Action::deliver, n, {}, {}, 0}; };
  const Choice drop{Action::drop, 1, {}, {}, 0};
  const std::string path = "/api/v1/models/ranking";
  const Choice answer{Action::answer, 0, "model-registry", path, 0};
  // The first model is created and lost; all that happens to the second is beside the point.
  Setup first = setup;
  std::swap(first.script[2], first.script[3]);
  first.script.pop_back();
  const std::vector<Choice> steps{change(1),  drop,   change(2), change(3), deliver(3),
                                  deliver(2), answer, answer,    Choice{}};
  const Shrunk example = shrink(first, steps);
  CHECK(example.violation.property == Property::p2);
  CHECK(example.steps == std::vector<Choice>{change(1), drop});
  CHECK(example.excerpt->changes() == std::vector<std::size_t>{0});
  CHECK(example.critical == 2);
}

TEST_CASE("no step of a shrunk schedule can be left out, and its file runs again exactly") {
  for (const Setup& setup : {unguarded(), without_repair()}) {
    const Shrunk example = shrunk(setup);
    CHECK(example.steps.size() <= 8);
    for (std::size_t i = 0; i < example.steps.size(); ++i) {
      INFO("without step " << i + 1);
      CHECK_FALSE(test::fails_without(example, i));
    }
    const std::string text = schedule_text(example);
    const Replay again = replay(setup, config::parse(text, "schedule.json"));
    CHECK(again.exact);
    CHECK(again.trial.taken == example.steps);
    CHECK(again.critical == example.critical);
    REQUIRE(example.critical);
    const std::string recorded = "\"critical\": ";
    const Replay other =
        replay(setup, config::parse(replaced(text, recorded + std::to_string(*example.critical),
                                             recorded + (*example.critical == 1 ? "2" : "1")),
                                    "schedule.json"));
    CHECK_FALSE(other.exact);
    CHECK(other.critical == example.critical);
  }
}

TEST_CASE("before the critical step some continuation comes out right, after it none does") {
  const Setup setup = unguarded();
  const Shrunk example = shrunk(setup);
  REQUIRE(example.critical);
  REQUIRE(*example.critical >= 1);
  constexpr Property kP1 = Property::p1;
  REQUIRE(example.violation.property == kP1);
  const auto before = example.steps.begin();
  const auto decided = before + static_cast<std::ptrdiff_t>(*example.critical);
  const Excerpt& excerpt = *example.excerpt;
  CHECK(critical_step(excerpt, {before, decided - 1}, kP1, 100'000) == *example.critical - 1);
  CHECK(critical_step(excerpt, {before, decided}, kP1, 100'000) == *example.critical);
  CHECK(critical_step(excerpt, example.steps, kP1, 3) == std::nullopt);
}

TEST_CASE("a file of another scenario, world, format or schedule is refused at its place") {
  const Setup setup = unguarded();
  const std::string text = schedule_text(shrunk(setup));
  CHECK(error_of(setup, text).empty());
  CHECK(
      error_of(setup, replaced(text, "\"test\"", "\"other\"")).find("of the scenario \"other\"") !=
      std::string::npos);
  CHECK(error_of(without_repair(), replaced(text, "answer-old", "crash")).find("\"source\"") !=
        std::string::npos);
  CHECK(error_of(setup, replaced(text, "\"version\": 1", "\"version\": 2")).find("/version") !=
        std::string::npos);
  CHECK(error_of(setup, replaced(text, "\"deliver\"", "\"delver\"")).find("\"deliver\"") !=
        std::string::npos);
  const std::string property = error_of(setup, replaced(text, "\"P1\"", "\"P9\""));
  CHECK(property.find("/violates") != std::string::npos);
  CHECK(property.find("\"P1\"") != std::string::npos);
  const std::string behind =
      error_of(setup, replaced(text, "\n  ]\n", ",\n    {\"do\": \"close\"}\n  ]\n"));
  CHECK(behind.find("(close) is not possible there") != std::string::npos);
  CHECK(behind.find(" violates P1 (") != std::string::npos);
  const std::string first =
      error_of(setup, replaced(text, "[\n    ", "[\n    {\"do\": \"crash\"},\n    "));
  CHECK(first.find("step 1 (crash) is not possible there") != std::string::npos);
  CHECK(first.find("possible: change 1") != std::string::npos);
  Setup other = setup;
  other.script.pop_back();
  CHECK(error_of(other, text).find("another script") != std::string::npos);
  // With safe settings the same steps are not possible, which is said at the step.
  const Setup safe = setup_with("{}", "{}");
  const std::string refused = error_of(safe, text);
  INFO(refused);
  CHECK(refused.find("/steps/") != std::string::npos);
  CHECK(refused.find("is not possible there") != std::string::npos);
}

TEST_CASE("a story has a line of 80 columns at most per step and marks the critical one") {
  const Setup setup = unguarded();
  const Shrunk example = shrunk(setup);
  const std::string text = story(example);
  INFO(text);
  CHECK(longest_line(text) <= 80);
  CHECK(text.find("2 of the script's 4 changes are enough for that.") != std::string::npos);
  CHECK(text.find("\n  *" + std::to_string(*example.critical) + "  ") != std::string::npos);
  CHECK(unwrapped(text).find("as things were when the call was made") != std::string::npos);
  CHECK(unwrapped(text).find("The graph stores model ranking version 1.") != std::string::npos);
  const Diagram diagram = sequence(example);
  CHECK(diagram.steps.size() == example.steps.size() + 1);
  CHECK(diagram.steps.back().messages.front().kind == DiagramMessage::Kind::wrong);
}

TEST_CASE("the worlds in which mutants are found hold for the service as it is") {
  std::ifstream in(test::source_path("tests/explore/mutants/mutants.json"));
  const nlohmann::json all = nlohmann::json::parse(in);
  REQUIRE(all.at("mutants").size() >= 12);
  for (const nlohmann::json& mutant : all.at("mutants")) {
    INFO(mutant.at("name"));
    Setup setup = test::explore_setup(mutant.at("world").dump());
    setup.service.store.index = true;
    const ScriptedTruth truth(setup);
    CHECK_FALSE(test::first_violation(setup, truth));
  }
}

// Why a version was trained, what it passed and what ended it.
#include "reports/version_story.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "base/error.hpp"
#include "fixtures.hpp"
#include "lifecycle_results.hpp"
#include "measure/trace_writer.hpp"
#include "reports/explain.hpp"

namespace rehearse::test {
namespace {

using lifecycle::What;
using reports::VersionStory;

/// The story of an instance as far as the records go.
VersionStory story_of(const std::string& id, const std::vector<lifecycle::Record>& records) {
  VersionStory story("aip://model/registry/" + id);
  for (const lifecycle::Record& record : records) story.on(record, record.at);
  return story;
}

/// Of the versions of tests/reports/lifecycle_results.hpp: 2 is promoted, replaced by 5 and brought
/// back, 3 is stopped by its gates, 4 by its canary, 6 is a canary.
std::string sentence_of(const std::string& id) {
  return story_of(id, made_up_lifecycle(1).lineage).sentence();
}

std::string last_lines(const std::string& text, std::size_t lines) {
  std::size_t at = text.size() - 1;
  for (; lines > 0; --lines) at = text.rfind('\n', at - 1);
  return text.substr(at + 1);
}

}  // namespace

TEST_CASE("the sentence about a version says why it was trained, what it passed and its end") {
  CHECK(sentence_of("rec-v1") ==
        "Version 1 of rec was trained before the start; it served from 00:00:00 to 22d 00:00:00, "
        "when v2 was promoted.");
  CHECK(sentence_of("rec-v2") ==
        "Version 2 of rec was trained after an alert at 21d 00:00:00 (mdl-rec-data: retrain); its "
        "gates passed it at 21d 03:50:24; its canary ended at 22d 00:00:00 (pass, score 100); it "
        "served from 22d 00:00:00 to 41d 09:36:00, when v5 was promoted; again since 48d "
        "00:00:00.");
  CHECK(sentence_of("rec-v3") ==
        "Version 3 of rec was trained on schedule at 27d 00:00:00 (no trigger for so long); its "
        "gates rejected it at 28d 04:48:00 (leak: an AUC of 0.97).");
  CHECK(sentence_of("rec-v5") ==
        "Version 5 of rec was trained after an alert at 40d 00:00:00 (mdl-rec-concept: retrain); "
        "its gates passed it at 40d 03:50:24; its canary ended at 41d 04:48:00 (marginal, score "
        "80); a person approves the candidate at 41d 09:36:00; it served from 41d 09:36:00 to 48d "
        "00:00:00, when serving-errors rolled it back, after an alert at 48d 00:00:00 "
        "(serving-errors: more errors than allowed).");
  CHECK_THAT(sentence_of("rec-v6"), Catch::EndsWith("its canary is under way since 49d 04:04:48."));
}

TEST_CASE("the end of a version that never served is what came last") {
  Scribe scribe;
  scribe.write(1, "rec", 1, What::schedule, "no trigger for so long");
  const auto then = [&](double day, What what, const std::string& detail) {
    scribe.write(day, "rec", 2, what, detail);
    Scribe so_far = scribe;
    const std::string sentence = story_of("rec-v2", so_far.take()).sentence();
    return sentence.substr(sentence.rfind("; ") + 2);
  };
  CHECK(then(1, What::run, "waits for a slot") == "it waits for a slot since 1d 00:00:00.");
  CHECK(then(2, What::run, "failed") == "its training failed at 2d 00:00:00.");
  CHECK(then(2, What::signal, "model_trained") == "its training failed at 2d 00:00:00.");
  CHECK(then(3, What::version, "registered") == "it waits for its canary since 3d 00:00:00.");
  CHECK(then(4, What::version, "superseded by v3") == "it was superseded by v3 at 4d 00:00:00.");
  CHECK(then(5, What::rollback, "canary-failure begins") ==
        "it was taken back: canary-failure begins at 5d 00:00:00.");
}

TEST_CASE("the lines of a version go back to the origin, and each says what led to it") {
  const std::vector<reports::StoryLine> lines =
      story_of("rec-v3", made_up_lifecycle(1).lineage).lines();
  std::vector<std::string> words;
  for (const reports::StoryLine& line : lines) words.push_back(line.where + ": " + line.text);
  CHECK(words == std::vector<std::string>{"schedule: no trigger for so long, of v2 (15)",
                                          "run: waits for a slot (16, from 15)",
                                          "run: succeeded (17, from 16)",
                                          "gate: leak: an AUC of 0.97 (18, from 17)"});
}

TEST_CASE("only instances of models have a version's story") {
  const std::vector<lifecycle::Record> records = made_up_lifecycle(1).lineage;
  for (const char* id : {"rec", "rec-v", "rec-v2x", "rec-v0", "search-v2", "rec-v99", "-v2"}) {
    INFO(id);
    CHECK_FALSE(story_of(id, records).begun());
  }
}

TEST_CASE("a record whose cause a trace does not tell of, or that is its own, ends the chain") {
  std::vector<lifecycle::Record> records(2);
  records[0] = {{7}, {5}, at(1), "rec", 2, What::run, "", "", "waits for a slot"};
  records[1] = {{8}, {8}, at(2), "rec", 2, What::gate, "", "", "rows: 12"};
  const VersionStory story = story_of("rec-v2", records);
  CHECK(story.lines().size() == 2);
  CHECK_THAT(story.sentence(), Catch::StartsWith("Version 2 of rec was trained after a record "
                                                 "\"run\" at 00:00:01 (waits for a slot)"));
}

TEST_CASE("explain tells of a version before what became of its copy, at 80 columns") {
  const reports::RunResult result = made_up_lifecycle(1);
  const TemporaryFolder folder;
  const auto path = folder.path() / "trace.jsonl";
  measure::TraceHeader header;
  header.scenario = result.scenario;
  header.run.window = result.window;
  header.run.sources = {{"model-registry", 1}};
  measure::TraceWriter writer(path, header);
  writer.start({truth("aip://model/registry/rec-v2", 1, 5)}, {}, {});
  for (const lifecycle::Record& record : result.lineage) writer.on(record, record.at);
  writer.finish();

  const auto explain = [&](const std::string& id, std::optional<Time> when = std::nullopt) {
    return reports::explain(path, {"aip://model/registry/" + id, std::nullopt}, when);
  };
  const std::string text = explanation_text(explain("rec-v2"));
  CHECK_THAT(text, Catch::Contains("\n\nVersion 2 of rec was trained after an alert at 21d "
                                   "00:00:00 (mdl-rec-data:\nretrain); its gates"));
  CHECK_THAT(text,
             Catch::Contains("\n21d 00:00:00  alert      mdl-rec-data: retrain, of v1 (3)\n"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 80);
  CHECK_THAT(
      explanation_json(explain("rec-v2")),
      Catch::Contains("\"version\": {\n") && Catch::Contains("\"sentence\": \"Version 2 of"));

  // As of the time asked for, and of versions that never came into the registry.
  CHECK_THAT(explain("rec-v2", Time{} + Duration::days(21)).version_sentence,
             Catch::EndsWith("; it waits for a slot since 21d 00:00:00."));
  CHECK(explain("rec-v2", Time{} + Duration::days(20)).version_story.empty());
  const reports::Explanation rejected = explain("rec-v3");
  CHECK(rejected.state == "absent");
  CHECK_THAT(last_lines(explanation_text(rejected), 1),
             Catch::Equals("it was never registered: there is no such entity.\n"));
  CHECK_THROWS_AS(explain("rec-v99"), InputError);
}

}  // namespace rehearse::test

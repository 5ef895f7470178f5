// `rehearse query`: what practitioners ask, put to the graph of a run by one command each.
#include <SQLiteCpp/Database.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <sstream>

#include "query_fixture.hpp"

using namespace rehearse::test;

namespace {

const std::string kTreatment = "aip://ab-test-cell/experimentation/12345:2";
const std::string kRun = "aip://pipeline-run/orchestrator/train-weekly-ranking-20XX0101";
const std::string kPipeline = "aip://pipeline/orchestrator/weekly-ranking-trainer";

// When the instance's edge to the A/B test was written, in nanoseconds.
long long edge_written_at(const Ran& ran) {
  for (const json& row : ran.answer({"history", kInstance})) {
    for (const json& change : row.at("changes")) {
      if (change.at("attribute") == "associatedAbTest")
        return std::llround(row.at("at").get<double>() * 1e9);
    }
  }
  FAIL("the edge was never written");
  return 0;
}

}  // namespace

TEST_CASE("which A/B tests use this model, and which models are in experiment 12345") {
  const Ran ran;
  CHECK(values(ran.answer({"ab-tests", kInstance})) == Words{kTest});
  const json models = ran.answer({"models", kTest});
  CHECK(values(models) == Words{kInstance});
  CHECK(models[0].at("type") == "ModelInstance");
  CHECK(models[0].at("life") == "enriched");
  CHECK(models[0].at("last_verified").get<double>() >= 300);
  CHECK(models[0].at("last_enriched").get<double>() >= 360);
}

TEST_CASE("a moment before the inferred edge was written it is not in the answer, and then it is") {
  const Ran ran;
  const long long at = edge_written_at(ran);
  const auto then = [](long long ns) { return std::to_string(ns) + "ns"; };
  CHECK(ran.answer({"ab-tests", kInstance, "--as-of", then(at - 1)}) == json::array());
  CHECK(ran.answer({"models", kTest, "--as-of", then(at - 1)}) == json::array());
  CHECK(values(ran.answer({"ab-tests", kInstance, "--as-of", then(at)})) == Words{kTest});
  CHECK(values(ran.answer({"models", kTest, "--as-of", then(at)})) == Words{kInstance});
  const std::string before = ran.text({"ab-tests", kInstance, "--as-of", "00:05:30"});
  CHECK_THAT(before, Catch::Contains("not enriched yet\nas of 00:05:30\n\nnone\n"));
}

TEST_CASE("an entity is not enriched before its first facts, and may change after") {
  const Ran ran("tests/app/lineage.json");
  const std::string model = "aip://model/registry/ranker";
  const auto about = [&](const char* when) {
    return ran.document({"entity", model, "--as-of", when}).at("about").at(0);
  };
  CHECK(about("11s").at("last_enriched").is_null());
  CHECK_THAT(ran.text({"entity", model, "--as-of", "11s"}), Catch::Contains("not enriched yet"));
  const json changed = about("190s");
  CHECK(changed.at("life") == "hydrated");
  CHECK(std::floor(changed.at("last_enriched").get<double>()) == 120);
  CHECK_THAT(ran.text({"entity", model, "--as-of", "190s"}),
             Catch::Contains("verified 00:03:00, enriched 00:02:00 and changed since"));
  CHECK(about("5m").at("life") == "enriched");
}

TEST_CASE("what nothing was known of yet is told apart from what was known by reference only") {
  const Ran ran;
  const auto about = [&](const std::string& uri, const std::string& when) {
    return ran.document({"entity", uri, "--as-of", when}).at("about").at(0);
  };
  CHECK(about(kInstance, "4m").at("life") == "unheard");
  CHECK(about(kInstance, "4m").at("type").is_null());
  CHECK(about(kAlice, "4m").at("life") == "unheard");
  CHECK(about(kAlice, "330s").at("life") == "referenced");
  CHECK(about(kAlice, "330s").at("type") == "User");
  CHECK_THAT(ran.text({"neighbours", kInstance, "--as-of", "4m"}),
             Catch::Contains("not heard of yet\nas of 00:04:00\n\nnone\n"));
}

TEST_CASE("the lineage of the worked example, with depths, and how far a walk may go") {
  const Ran ran;
  const json down = ran.answer({"downstream", kPipeline});
  CHECK(values(down) == Words{kRun, kInstance, kTest});
  CHECK(down[2].at("depth") == 3);
  CHECK(values(ran.answer({"upstream", kTest})) == Words{kInstance, kRun, kPipeline});
  CHECK(values(ran.answer({"upstream", kTest, "--depth", "1"})) == Words{kInstance});
}

TEST_CASE("impact names the models a change affects and those who own them") {
  const Ran ran;
  const json impact = ran.answer({"impact", kPipeline});
  CHECK(values(impact.at("models")) == Words{kInstance});
  CHECK(values(impact.at("owners")) == Words{kAlice});
  CHECK(impact.at("teams").empty());
}

TEST_CASE("who owns something is asked by URI or by words") {
  const Ran ran;
  CHECK(values(ran.answer({"owners", kInstance})) == Words{kAlice});
  CHECK(values(ran.answer({"owners", "ranking", "type:ModelInstance"})) == Words{kAlice});
  CHECK(values(ran.answer({"people", "ali"})) == Words{kAlice});
}

TEST_CASE("search finds by words, filters and with typing errors") {
  const Ran ran;
  const json exact = ran.answer({"search", "Ranking Model v5 vs v4"});
  REQUIRE_FALSE(exact.empty());
  CHECK(exact[0].at("uri") == kTest);
  CHECK(exact[0].at("match") == "name");
  const json typo = ran.answer({"search", "rankng", "tag:team=personalization"});
  CHECK(values(typo) == Words{kInstance});
  CHECK(typo[0].at("match") == "similar");
  CHECK(values(ran.answer({"search", "type:ModelInstance", "owner:alice"})) == Words{kInstance});
  CHECK(ran.answer({"search", "ranking", "--limit", "2"}).size() == 2);
  CHECK(ran.answer({"search", "nothing-like-this"}).empty());
  CHECK(ran.answer({"search", "ranking", "--as-of", "1m"}).empty());
  CHECK(ran.answer({"search", "ranking", "--as-of", "00:01"}).empty());
}

TEST_CASE("history tells every change with its cause, and as of a time those before it") {
  const Ran ran;
  const json history = ran.answer({"history", kInstance});
  REQUIRE(history.size() == 2);
  CHECK(history[0].at("cause") == "event");
  CHECK(values(history[0].at("changes"), "attribute") ==
        Words{"created_at", "name", "owners", "pipeline_run", "tags", "version"});
  CHECK(history[1].at("cause") == "enrichment");
  CHECK(values(history[1].at("changes"), "value") == Words{kTest, kPipeline});
  CHECK(ran.answer({"history", kInstance, "--as-of", "330s"}).size() == 1);
}

TEST_CASE("an entity shows facts and relations, and a derived edge what it rests on") {
  const Ran ran;
  const json entity = ran.answer({"entity", kInstance});
  CHECK(entity.at("facts")[1] ==
        json{{"attribute", "name"}, {"value", "ranking-model-v5-20XX0101"}});
  CHECK(values(entity.at("relations")) == Words{kTest, kAlice, kRun, kPipeline});
  CHECK(ran.answer({"neighbours", kInstance}) == entity.at("relations"));
  const json provenance = ran.answer({"provenance", kInstance});
  REQUIRE(provenance.size() == 2);
  CHECK(provenance[0].at("path") == json{kInstance, kRun, kTreatment, kTest});
  CHECK(values(provenance[0].at("facts"), "attribute") ==
        Words{"pipeline_run", "ab_test_cells", "ab_test"});
  CHECK(values(ran.answer({"path", kAlice, kTest})) == Words{kInstance, kTest});
}

TEST_CASE("models that share features, a model's page, impact on teams, data and unused things") {
  const Ran ran("tests/app/lineage.json");
  const std::string registry = "aip://model/registry/", store = "aip://feature/feature-store/";
  const json shared = ran.answer({"shared-features", store + "age", store + "taste"});
  CHECK(values(shared) == Words{registry + "ranker-2", registry + "ranker-1"});
  CHECK(shared[0].at("shared") == 2);
  const json page = ran.answer({"model", registry + "ranker-1"});
  CHECK(values(page.at("current")) == Words{registry + "ranker-2"});
  CHECK(values(page.at("instances")) == Words{registry + "ranker-1", registry + "ranker-2"});
  const json deployments = page.at("deployments");
  CHECK(values(deployments) == Words{registry + "ranker-1", registry + "ranker-2"});
  CHECK(deployments[0].at("until") == deployments[1].at("from"));
  CHECK(deployments[1].at("until").is_null());
  const json impact = ran.answer({"impact", "aip://dataset/datasets/plays"});
  CHECK(values(impact.at("models")) ==
        Words{registry + "ranker", registry + "ranker-1", registry + "ranker-2"});
  CHECK(values(impact.at("teams")) == Words{"aip://team/identity/ranking"});
  CHECK(values(ran.answer({"sources-of", registry + "ranker-2"})) ==
        Words{"aip://dataset/datasets/plays"});
  // The replaced instance is no longer anybody's current one.
  CHECK(values(ran.answer({"unused"})) ==
        Words{"aip://dataset/datasets/orphan", registry + "ranker-1"});
}

TEST_CASE("a model instance that belongs to no model has an empty page") {
  const Ran ran;
  const json page = ran.answer({"model", kInstance});
  CHECK(page.at("instances").empty());
  CHECK(page.at("deployments").empty());
}

TEST_CASE("quality names what lacks an owner, whose owner left, and what was never found") {
  const Ran ran("tests/app/lineage.json");
  const std::string registry = "aip://model/registry/";
  const json quality = ran.answer({"quality", "--unverified-for", "1m"});
  CHECK(values(quality.at("without_owner")).size() == 4);
  CHECK(values(quality.at("owner_left")) ==
        Words{registry + "ranker", registry + "ranker-1", registry + "ranker-2"});
  CHECK(values(quality.at("unresolved_references"), "value") == Words{"aip://user/identity/ghost"});
  const json earlier = ran.answer({"quality", "--as-of", "2m"});
  CHECK(values(earlier.at("not_verified")).empty());
  const Words old = values(quality.at("not_verified"));
  CHECK(std::find(old.begin(), old.end(), registry + "ranker-1") != old.end());
  CHECK(std::find(old.begin(), old.end(), "aip://user/identity/bob") == old.end());
}

TEST_CASE("tables fit 80 columns and show URIs whole") {
  const Ran ran;
  for (const Words& words :
       {Words{"search", "ranking"}, Words{"entity", kInstance}, Words{"downstream", kPipeline},
        Words{"impact", kRun}, Words{"provenance", kInstance}, Words{"history", kInstance},
        Words{"quality"}, Words{"path", kAlice, kTest}}) {
    std::istringstream lines(ran.text(words));
    for (std::string line; std::getline(lines, line);) {
      INFO(words.front() << ": " << line);
      CHECK(line.size() <= 80);
      CHECK((line.empty() || line.back() != ' '));
    }
  }
  CHECK(ran.text({"ab-tests", kInstance}) ==
        kInstance +
            "\n  ModelInstance, verified 00:05:00, enriched 00:08:00\n\n"
            "name                    type    verified  enriched\n"
            "Ranking Model v5 vs v4  ABTest  00:06:00  00:08:00\n"
            "  " +
            kTest + "\n");
}

TEST_CASE("tests that run and models that use a feature in production have questions") {
  const Ran example;
  CHECK(values(example.answer({"active-ab-tests", kInstance})) == Words{kTest});
  const Ran ran("tests/app/lineage.json");
  const std::string ranker = "aip://model/registry/ranker";
  const std::string taste = "aip://feature/feature-store/taste";
  CHECK(values(ran.answer({"consumers", taste})) == Words{ranker});
  CHECK(ran.answer({"consumers", taste, "--as-of", "2m"}) == json::array());
  CHECK(values(ran.answer({"consumers", "aip://feature/feature-store/age", "--as-of", "2m"})) ==
        Words{ranker});
}

TEST_CASE("owners who left are marked, also those that their source has no longer") {
  const Ran ran("tests/app/lineage.json");
  const std::string bob = "aip://user/identity/bob", ghost = "aip://user/identity/ghost";
  const json owners = ran.answer({"impact", "aip://dataset/datasets/plays"}).at("owners");
  CHECK(values(owners) == Words{bob, ghost});
  CHECK(owners[0].at("left") == true);
  CHECK(owners[1].at("left") == true);
  CHECK(owners[1].at("life") == "deleted");
  CHECK_THAT(ran.text({"impact", "aip://dataset/datasets/plays"}), Catch::Contains("Bob (left)"));
  CHECK(ran.answer({"owners", "aip://model/registry/ranker"})[0].at("left") == true);
  CHECK(ran.answer({"owners", "ranker"})[0].at("left") == true);
  const json before = ran.answer({"impact", "aip://dataset/datasets/plays", "--as-of", "3m"});
  CHECK(before.at("owners")[0].at("left") == false);
}

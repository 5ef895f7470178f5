// The six shipped providers against payloads as docs/source-systems.md describes them, and payloads
// that must be refused.
#include "mds/contract/normaliser.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

using namespace rehearse::mds;

namespace {

const TypeDeclaration& type_of(const Provider& provider, const std::string& name) {
  for (const TypeDeclaration& type : provider.types) {
    if (type.type == name) return type;
  }
  throw std::logic_error("no type " + name);
}

Document read(const std::string& source, const std::string& type, const std::string& id,
              const std::string& payload) {
  const Provider* provider = shipped_provider(source);
  REQUIRE(provider != nullptr);
  return normalise(*provider, type_of(*provider, type), id, payload);
}

std::string refusal(const std::string& payload, const std::string& id = "m1") {
  try {
    read("model-registry", "ModelInstance", id, payload);
  } catch (const Refusal& refused) {
    return refused.reason;
  }
  return "accepted";
}

/// All values of an attribute as text.
std::vector<std::string> values(const EntityFacts& entity, const std::string& attribute) {
  std::vector<std::string> found;
  for (const Fact& fact : entity.facts) {
    if (fact.attribute != attribute) continue;
    if (const auto* text = std::get_if<std::string>(&fact.value)) found.push_back(*text);
    if (const auto* number = std::get_if<std::int64_t>(&fact.value)) {
      found.push_back(std::to_string(*number));
    }
    if (const auto* reference = std::get_if<Reference>(&fact.value)) {
      found.push_back(reference->uri);
    }
  }
  return found;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a model instance is normalised as the article shows") {
  const Document document =
      read("model-registry", "ModelInstance", "ranking-model-v5-20XX0101", R"({
        "id": "ranking-model-v5-20XX0101", "version": 3, "created_at": 0,
        "pipeline_run_id": "train-weekly-ranking-20XX0101", "model_id": "ranking-v5",
        "owner_emails": ["alice@netflix.com"], "feature_ids": ["f2", "f1", "f2"],
        "labels": [{"key": "team", "value": "personalization"}], "unknown": {"a": [1]}})");
  CHECK(document.root.uri == "aip://model/registry/ranking-model-v5-20XX0101");
  CHECK(document.root.type == "ModelInstance");
  CHECK(values(document.root, "pipeline_run") ==
        Texts{"aip://pipeline-run/orchestrator/train-weekly-ranking-20XX0101"});
  CHECK(values(document.root, "owners") == Texts{"aip://user/identity/alice"});
  CHECK(values(document.root, "tags") == Texts{"team::personalization"});
  CHECK(values(document.root, "features") ==
        Texts{"aip://feature/feature-store/f1", "aip://feature/feature-store/f2"});
  CHECK(values(document.root, "version") == Texts{"3"});
  CHECK(values(document.root, "unknown").empty());
  CHECK(std::is_sorted(document.root.facts.begin(), document.root.facts.end()));
}

TEST_CASE("an A/B test brings its cells and a run refers to them by the same URI") {
  const Document test = read("experimentation", "ABTest", "12345", R"({
    "test_id": "12345", "version": 1, "created_at": 5, "name": "Ranking Model v5 vs v4",
    "status": "ACTIVE", "cells": [{"cell_number": 2, "name": "treatment_ranking_v5"},
                                  {"cell_number": 1, "name": "control_ranking_v4"}]})");
  REQUIRE(test.parts.size() == 2);
  CHECK(test.parts[0].uri == "aip://ab-test-cell/experimentation/12345:1");
  CHECK(test.parts[1].uri == "aip://ab-test-cell/experimentation/12345:2");
  CHECK(values(test.parts[1], "ab_test") == Texts{"aip://ab-test/experimentation/12345"});
  CHECK(values(test.parts[1], "cell_number") == Texts{"2"});
  CHECK(values(test.parts[1], "name") == Texts{"treatment_ranking_v5"});
  CHECK(test.parts[1].facts.size() == 3);

  const Document run = read("pipeline-orchestrator", "PipelineRun", "r", R"({
    "run_id": "r", "version": 1, "created_at": 0, "pipeline": "weekly", "attempt": 2,
    "ab_test_cells": [{"test_id": "12345", "cell_number": 2, "cell_name": "ignored"}]})");
  CHECK(values(run.root, "ab_test_cells") == Texts{"aip://ab-test-cell/experimentation/12345:2"});
  CHECK(values(run.root, "pipeline") == Texts{"aip://pipeline/orchestrator/weekly"});
  CHECK(values(run.root, "attempt") == Texts{"2"});
}

TEST_CASE("every shipped type reads the fields and references of the payload contract") {
  // type -> (payload key -> attribute) as in docs/source-systems.md, beside the common ones.
  const std::map<std::string, std::map<std::string, std::string>> contract{
      {"Pipeline", {{"schedule", "schedule"}, {"input_dataset_ids", "inputs"}}},
      {"PipelineRun",
       {{"state", "state"},
        {"attempt", "attempt"},
        {"pipeline", "pipeline"},
        {"ab_test_cells", "ab_test_cells"}}},
      {"Model", {{"current_instance_id", "current_instance"}}},
      {"ModelInstance",
       {{"state", "state"},
        {"model_version", "model_version"},
        {"model_id", "model"},
        {"pipeline_run_id", "pipeline_run"},
        {"feature_ids", "features"}}},
      {"Feature", {{"data_type", "data_type"}, {"dataset_ids", "datasets"}}},
      {"FeatureVersion", {{"feature_id", "feature"}}},
      {"ABTest", {{"status", "status"}}},
      {"Dataset", {{"producer_pipeline_id", "producer"}}},
      {"DatasetVersion", {{"dataset_id", "dataset"}, {"run_id", "pipeline_run"}}},
      {"User",
       {{"email", "email"}, {"status", "status"}, {"team_id", "team"}, {"group_ids", "groups"}}},
      {"Team", {{"organization_id", "organization"}}},
      {"Group", {}},
      {"Organization", {}}};
  std::size_t seen = 0;
  for (const std::string& name : shipped_provider_names()) {
    for (const TypeDeclaration& type : shipped_provider(name)->types) {
      std::map<std::string, std::string> expected = contract.at(type.type);
      for (const char* common : {"version", "created_at", "name", "description"}) {
        expected[common] = common;
      }
      expected["owner_emails"] = "owners";
      std::map<std::string, std::string> declared;
      for (const auto& field : type.fields) {
        declared[field.pointer.text().substr(1)] = field.attribute;
      }
      for (const auto& reference : type.references) {
        declared[reference.pointer.text().substr(1)] = reference.attribute;
      }
      INFO(type.type);
      CHECK(declared == expected);
      CHECK(type.tags->text() == "/labels");
      CHECK(type.path == type.list_path + "/{id}");
      CHECK(type.events.size() == 3);
      ++seen;
    }
  }
  CHECK(seen == contract.size());
}

TEST_CASE("hostile ids stay inside their URI and read back the same") {
  for (const std::string id : {"a/b", "a b", "x'; DROP TABLE datoms;--", "\"q\"", "100%",
                               "caf\xc3\xa9", "a\nb", "?x=1#y"}) {
    const nlohmann::json payload{{"id", id}, {"version", 1}, {"created_at", 0}};
    const Document document = read("model-registry", "Model", id, payload.dump());
    INFO(document.root.uri);
    CHECK(std::count(document.root.uri.begin(), document.root.uri.end(), '/') == 4);
    CHECK(document.root.uri.find_first_of(" '\"?#\n") == std::string::npos);
  }
}

TEST_CASE("a payload that is not as declared is refused whole, with the reason") {
  CHECK(refusal(R"({"id":"m1","version":1})") == "accepted");
  CHECK(refusal(R"({"id":"m1","version":1,"name":null})") == "accepted");
  CHECK(refusal("") == "payload is not JSON in UTF-8");
  CHECK(refusal("{") == "payload is not JSON in UTF-8");
  CHECK(refusal("[]") == "payload is not a JSON object but array");
  CHECK(refusal("{\"id\":\"m1\",\"version\":1,\"name\":\"\xff\xfe\"}") ==
        "payload is not JSON in UTF-8");
  CHECK(refusal(R"({"id":"m1"})") == "payload \"/version\" is missing");
  CHECK(refusal(R"({"id":"m2","version":1})") == "payload \"/id\" is not the id asked for");
  CHECK(refusal(R"({"id":7,"version":1})") == "payload \"/id\" is not text");
  CHECK(refusal(R"({"version":1})") == "payload \"/id\" is missing");
  CHECK(refusal(R"({"id":"m1","version":"1"})") == "payload \"/version\" is not an integer");
  CHECK(refusal(R"({"id":"m1","version":1.5})") == "payload \"/version\" is not an integer");
  CHECK(refusal(R"({"id":"m1","version":18446744073709551615})") ==
        "payload \"/version\" is too large");
  CHECK(refusal(R"({"id":"m1","version":1e999})") == "payload is not JSON in UTF-8");
  CHECK(refusal(R"({"id":"m1","version":1,"state":5})") == "payload \"/state\" is not text");
  CHECK(refusal(R"({"id":"m1","version":1,"feature_ids":"f1"})") ==
        "payload \"/feature_ids\" is not an array");
  CHECK(refusal(R"({"id":"m1","version":1,"feature_ids":[""]})") ==
        "payload \"/feature_ids\" holds no id");
  CHECK(refusal(R"({"id":"m1","version":1,"feature_ids":[{}]})") ==
        "payload \"/feature_ids\" holds no id");
  CHECK(refusal(R"({"id":"m1","version":1,"model_id":["a"]})") ==
        "payload \"/model_id\" holds no id");
  CHECK(refusal(R"({"id":"m1","version":1,"owner_emails":["alice"]})") ==
        "payload \"/owner_emails\" does not end with \"@netflix.com\"");
  CHECK(refusal(R"({"id":"m1","version":1,"owner_emails":["@netflix.com"]})") ==
        "payload \"/owner_emails\" the id is empty");
  CHECK(refusal(R"({"id":"m1","version":1,"labels":[{"key":"a"}]})")
            .find("has an entry that is not") != std::string::npos);
  CHECK(refusal(R"({"id":"m1","version":1,"labels":["a"]})").find("has an entry that is not") !=
        std::string::npos);
  const std::string megabyte(1 << 20, 'x');
  CHECK(refusal(R"({"id":"m1","version":1,"name":")" + megabyte + "\"}") ==
        "payload \"/name\" is longer than 64 KiB");
  CHECK(refusal(R"({"id":"m1","version":1,"model_id":")" + megabyte + "\"}") ==
        "payload \"/model_id\" the id is longer than 1024 bytes");
  CHECK(refusal(R"({"id":"m1","version":1,"x":)" + std::string(100000, '[') +
                std::string(100000, ']') + "}") == "payload is nested more than 64 deep");
  CHECK(refusal(std::string(5U << 20U, ' ')) == "payload is longer than 4 MiB");
}

TEST_CASE("two cells of one number refuse the test") {
  CHECK_THROWS_AS(read("experimentation", "ABTest", "1",
                       R"({"test_id":"1","version":1,
                           "cells":[{"cell_number":1,"name":"a"},{"cell_number":1,"name":"b"}]})"),
                  Refusal);
  CHECK_THROWS_AS(read("experimentation", "ABTest", "1",
                       R"({"test_id":"1","version":1,"cells":[{"name":"a"}]})"),
                  Refusal);
}

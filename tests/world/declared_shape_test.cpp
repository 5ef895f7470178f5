#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.hpp"
#include "fixtures.hpp"
#include "random_edits.hpp"
#include "world/oracle.hpp"
#include "world/uri.hpp"

using namespace rehearse;
using namespace rehearse::world;
using namespace rehearse::test;
using nlohmann::json;

namespace {

/// The JSON blocks of docs/providers.md that declare a provider.
std::vector<std::string> documented_providers() {
  std::ifstream file(source_path("docs/providers.md"));
  std::vector<std::string> found;
  std::string block;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("```", 0) == 0) {
      if (inside && block.find("\"platform\"") != block.npos) found.push_back(block);
      inside = line == "```json";
      block.clear();
    } else if (inside) {
      block += line + "\n";
    }
  }
  return found;
}

SourceShape documented(std::size_t k) {
  return declared_shape(config::parse(documented_providers().at(k), "providers.md"));
}

std::string refused(const std::string& from, const std::string& to) {
  std::string text = documented_providers().at(0);
  const std::size_t at = text.find(from);
  if (at == text.npos) return "nothing to replace";
  text.replace(at, from.size(), to);
  try {
    declared_shape(config::parse(text, "p.json"));
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

json read(const World& world, std::size_t source, const std::string& path) {
  json payload = json::parse(world.get(source, path, at_second(1'000'000)).body);
  // Declared references to cells carry no names, and their numbers as text.
  payload.erase("ab_test_cells");
  return payload;
}

}  // namespace

TEST_CASE("the shipped provider files, turned round, make what the shipped shapes make") {
  std::vector<SourceShape> declared;
  for (const std::string& name : shipped_shape_names()) {
    declared.push_back(
        declared_shape(config::load(source_path("mds/providers/" + name + ".json"))));
  }
  stats::Stream stream(5, 0, "declared");
  World ours = shipped_world();
  World theirs(declared);
  for (int i = 0; i < 3000; ++i) {
    const Operation op = random_operation(ours.sources(), stream, 4);
    const auto a = ours.apply(op, at_second(i));
    const auto b = theirs.apply(op, at_second(i));
    REQUIRE(a.has_value() == b.has_value());
    if (!a) continue;
    REQUIRE(a->uri == b->uri);
    REQUIRE(a->facts == b->facts);
    REQUIRE(json::parse(a->event) == json::parse(b->event));
    const std::string path =
        find_type(ours.sources()[a->source], a->type)->list_path + "/" + percent_encode(op.id);
    REQUIRE(read(ours, a->source, path) == read(theirs, a->source, path));
  }
  const config::Node rules = config::load(source_path("mds/rules/default.json"));
  REQUIRE(Oracle(ours, rules).edges() == Oracle(theirs, rules).edges());
}

TEST_CASE("a declared source puts values where its provider looks for them") {
  World world({documented(0)});
  Operation prompt = create("prompt-registry", "Prompt", "greeting");
  prompt.fields = {{"name", "Greeting"}, {"temperature", std::int64_t{1}}};
  prompt.refs = {{"model", {"ranking"}}};
  const auto change = world.apply(prompt, at_second(1));
  REQUIRE(change->event == R"({"event_type":"prompt_saved","slug":"greeting"})");
  REQUIRE(json::parse(world.get(0, "/v2/prompts/greeting", at_second(2)).body) ==
          json::parse(R"({"slug":"greeting","version":1,"title":"Greeting",
                          "settings":{"temperature":1},"model":"ranking"})"));
  const auto facts = world.expected_facts("aip://prompt/prompts/greeting");
  REQUIRE(facts.size() == 4);
  REQUIRE(facts[0].text == "aip://model/registry/ranking");
  REQUIRE(world.apply(removal("prompt-registry", "Prompt", "greeting"), at_second(3))->event ==
          R"({"event_type":"prompt_removed","slug":"greeting"})");
}

TEST_CASE("a second provider of a domain stands beside the first") {
  World world({*shipped_shape("model-registry"), documented(1)});
  world.apply(create("model-registry", "ModelInstance", "m"), at_second(1));
  Operation edge = create("edge-registry", "ModelInstance", "m");
  edge.fields = {{"state", "live"}};
  edge.refs = {{"pipeline_run", {"run"}}};
  edge.tags = {"team::edge"};
  edge.replace_tags = true;
  const auto change = world.apply(edge, at_second(1));
  REQUIRE(change->uri == "aip://model/edge/m");
  REQUIRE(change->event == R"({"kind":"artifact.registered","subject":"m"})");
  REQUIRE(json::parse(world.get(1, "/artifacts/m", at_second(2)).body) == json::parse(R"({
    "artifact":{"uuid":"m"},"revision":1,"stage":"live","lineage":{"job":"run"},
    "annotations":[{"key":"team","value":"edge"}]})"));
  REQUIRE(world.get(1, "/artifacts", at_second(2)).status == 400);
  REQUIRE(world.count("ModelInstance", "edge-registry") == 1);
  REQUIRE(world.all().size() == 2);
}

TEST_CASE("a provider that simulated sources cannot serve is refused with its place") {
  using Catch::Contains;
  REQUIRE_THAT(refused("\"/settings/temperature\"", "\"/settings/0\""),
               Contains("/types/0/fields/2/pointer"));
  REQUIRE_THAT(refused("\"/title\"", "\"/slug\""), Contains("/types/0") && Contains("/slug/"));
  REQUIRE_THAT(refused("\"/title\"", "\"title\""), Contains("a JSON pointer is needed"));
  REQUIRE_THAT(refused("registry/{}", "registry/x{}"), Contains("/references/0/uri"));
  REQUIRE_THAT(refused("\"attribute\": \"version\"", "\"attribute\": \"revision\""),
               Contains("has no field version"));
  REQUIRE_THAT(refused("/v2/prompts/{id}", "/v2/prompts"), Contains("{id} is missing"));
}

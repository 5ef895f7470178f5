// The two examples of docs/providers.md, taken from the page itself and run: a seventh source, and
// a second provider of an existing domain.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "fixtures.hpp"
#include "service_rig.hpp"

using namespace rehearse;
using namespace rehearse::mds;
using namespace rehearse::test;

namespace {

/// The JSON block of the page that declares the provider `name`.
Provider example(const std::string& name) {
  std::ifstream file(source_path("docs/providers.md"));
  std::stringstream page;
  page << file.rdbuf();
  const std::string text = page.str();
  const auto at = text.find("\"name\": \"" + name + "\"");
  REQUIRE(at != std::string::npos);
  const auto start = text.rfind("```json\n", at) + 8;
  return parse_provider(config::parse(text.substr(start, text.find("```", start) - start), name));
}

}  // namespace

TEST_CASE("a seventh source needs a provider file and no code") {
  ServiceConfig config = service_config({"model-registry"});
  config.providers.push_back(example("prompt-registry"));
  ServiceRig rig(config);
  rig.put_model("ranking", 1);
  rig.payloads["/v2/prompts/greet%20politely"] =
      payload("slug", "greet politely", 3,
              R"("title":"Greeting","settings":{"temperature":0.25},"model":"ranking")");
  rig.event("prompt_saved", "slug", "greet politely", 1);
  rig.run_until(seconds(300));
  const std::string prompt = "aip://prompt/prompts/greet%20politely";
  CHECK(rig.live() == std::vector<std::string>{model_uri("ranking"), prompt});
  CHECK(rig.fact(prompt, "name") == "Greeting");
  CHECK(rig.fact(prompt, "temperature") == "0.25");
  CHECK(rig.fact(prompt, "model") == model_uri("ranking"));
  CHECK(Graph(*rig.store).answer("upstream", prompt) ==
        std::vector<std::string>{model_uri("ranking")});
  rig.payloads.erase("/v2/prompts/greet%20politely");
  rig.event("prompt_removed", "slug", "greet politely", 1);
  rig.run_for(Duration::seconds(1));
  CHECK(rig.live().size() == 1);
}

TEST_CASE("a second model registry with other field names gets its derived edges like the first") {
  ServiceConfig config =
      service_config({"model-registry", "pipeline-orchestrator", "experimentation"});
  config.providers.push_back(example("edge-registry"));
  ServiceRig rig(config);
  rig.payloads["/artifacts/e1"] =
      R"({"artifact":{"uuid":"e1","label":"Edge ranker"},"revision":4,"stage":"live",
          "lineage":{"job":"r"},"annotations":[{"key":"team","value":"edge"}]})";
  rig.payloads["/api/v1/instances/m1"] = payload("id", "m1", 1, R"("pipeline_run_id":"r")");
  rig.payloads["/api/v1/pipeline-runs/r"] =
      payload("run_id", "r", 1, R"("ab_test_cells":[{"test_id":"12345","cell_number":2}])");
  rig.payloads["/api/v1/tests/12345"] =
      payload("test_id", "12345", 1, R"("cells":[{"cell_number":2,"name":"t"}])");
  rig.event(R"({"kind":"artifact.registered","subject":"e1"})", 3);
  rig.event("model_instance_created", "instance_id", "m1", 0);
  rig.run_until(seconds(300));
  const std::string edge = "aip://model/edge/e1";
  CHECK(rig.fact(edge, "version") == "4");
  CHECK(rig.fact(edge, "state") == "live");
  CHECK(rig.fact(edge, "tags") == "team::edge");
  const Graph graph(*rig.store);
  const std::vector<std::string> test{"aip://ab-test/experimentation/12345"};
  CHECK(graph.answer("ab-tests", edge) == test);
  CHECK(graph.answer("ab-tests", "aip://model/registry/m1") == test);
  CHECK(graph.answer("models", test[0]) ==
        std::vector<std::string>{edge, "aip://model/registry/m1"});
}

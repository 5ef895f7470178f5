#include "mds/contract/provider.hpp"

#include <catch2/catch.hpp>

#include "base/config.hpp"
#include "mds/contract/uri.hpp"

using namespace rehearse;
using namespace rehearse::mds;

namespace {

const std::string kGood = R"({
  "name": "prompts", "domain": "prompts", "platform": "prompts",
  "types": [{
    "type": "Prompt", "component": "prompt", "path": "/p/{id}", "id": "/id",
    "events": {"saved": "update"}, "event_id": "/id",
    "fields": [{"attribute": "version", "pointer": "/v", "kind": "integer", "required": true}],
    "references": [{"attribute": "model", "relation": "writtenFor", "pointer": "/m",
                    "type": "Model", "uri": "aip://model/registry/{}"}],
    "parts": [{"type": "Line", "component": "line", "pointer": "/lines", "id": "{parent}:{/n}",
               "parent": {"attribute": "prompt", "relation": "lineOf"}}]
  }]
})";

std::string error_of(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  try {
    parse_provider(config::parse(text, "p.json"));
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("six providers ship, one for each source system") {
  CHECK(shipped_provider_names() ==
        std::vector<std::string>{"datasets", "experimentation", "feature-store", "identity",
                                 "model-registry", "pipeline-orchestrator"});
  CHECK(shipped_provider("nothing") == nullptr);
}

TEST_CASE("the schema of the shipped providers marks lineage and resolves every relation") {
  std::vector<Provider> providers;
  for (const auto& name : shipped_provider_names()) providers.push_back(*shipped_provider(name));
  const Schema schema = make_schema(providers, {});
  std::size_t upstream = 0;
  for (const RelationDeclaration& relation : schema.relations) {
    if (relation.upstream) ++upstream;
    if (relation.type == "ABTestCell") CHECK(relation.relation == "belongsTo");
  }
  CHECK(upstream == 10);
  CHECK(schema.relations.size() == 10 + 6 + 13);  // lineage, other references, owners
}

TEST_CASE("a mistake in a provider file is an error that says where") {
  CHECK(error_of(kGood, "prompts", "prompts") == "accepted");
  CHECK(error_of(kGood, "\"name\": \"prompts\"", "\"name\": \"a b\"").find("/name") !=
        std::string::npos);
  CHECK(error_of(kGood, "/p/{id}", "/p/").find("/types/0/path") != std::string::npos);
  CHECK(error_of(kGood, "\"/v\"", "\"v\"").find("JSON pointer") != std::string::npos);
  CHECK(error_of(kGood, "\"update\"", "\"updated\"").find("update") != std::string::npos);
  CHECK(error_of(kGood, ", \"required\": true", "").find("version") != std::string::npos);
  CHECK(error_of(kGood, "registry/{}", "registry").find("/references/0/uri") != std::string::npos);
  CHECK(error_of(kGood, "aip://model/registry/{}", "x{}").find("aip://") != std::string::npos);
  CHECK(error_of(kGood, "{parent}:{/n}", "{/n}").find("/parts/0/id") != std::string::npos);
  CHECK(error_of(kGood, "\"attribute\": \"model\"", "\"attribute\": \"version\"").find("twice") !=
        std::string::npos);
  CHECK(error_of(kGood, "\"domain\"", "\"domains\"").find("domain") != std::string::npos);
  CHECK(error_of(kGood, "{\"saved\": \"update\"}", "{}").find("event") != std::string::npos);
}

TEST_CASE("two providers of one domain must agree about its relations") {
  const Provider first = parse_provider(config::parse(kGood, "p.json"));
  Provider second = first;
  second.name = "other";
  CHECK_NOTHROW(make_schema({first, second}, {}));
  second.types[0].references[0].relation = "madeFor";
  CHECK_THROWS_AS(make_schema({first, second}, {}), InputError);
}

TEST_CASE("ids and their encoding are inverse to each other") {
  for (const std::string id : {"a", "a/b", "%41", "12345:2", "\x01\xff", "-._~:@+=,"}) {
    CHECK(decode_id(encode_id(id)) == id);
  }
  CHECK(encode_id("a b/\xc3\xa9") == "a%20b%2F%C3%A9");
  for (const char* wrong : {"", "%", "%4", "%41", "%zz", "a b", "%2f"}) {
    INFO(wrong);
    CHECK(!decode_id(wrong));
  }
  CHECK(split_uri("aip://model/registry/x")->encoded_id == "x");
  for (const char* wrong :
       {"", "aip://", "aip://a/b", "aip://a/b/", "aip://a/b/c/d", "http://a/b/c"}) {
    INFO(wrong);
    CHECK(!split_uri(wrong));
  }
}

TEST_CASE("a part's id names its parent, whatever the parent is called") {
  const auto id = IdTemplate::parse("{parent}:{/n}");
  REQUIRE(id);
  CHECK(id->parent_of("12345:2") == "12345");
  CHECK(id->parent_of("a:b:2") == "a:b");
  CHECK(!id->parent_of("12345"));
  CHECK(!id->parent_of(":2"));
  CHECK(!id->parent_of("12345:"));
}

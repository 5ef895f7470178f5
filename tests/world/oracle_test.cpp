#include "world/oracle.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/fact_hash.hpp"
#include "random_edits.hpp"
#include "worlds.hpp"

using namespace rehearse;
using namespace rehearse::world;
using namespace rehearse::test;

namespace {

using Strings = std::vector<std::string>;

/// The shipped rules, one against the direction of its relations, one through a cycle, and one that
/// may visit an entity twice.
const char* const kRules = R"({"rules": [
  {"name": "associatedAbTest", "inverse": "i1", "from": "ModelInstance", "path": [
    {"relation": "producedBy", "to": "PipelineRun"},
    {"relation": "executedFor", "to": "ABTestCell"},
    {"relation": "belongsTo", "to": "ABTest"}]},
  {"name": "trainedOnDataset", "inverse": "i2", "from": "ModelInstance", "path": [
    {"relation": "uses", "to": "Feature"}, {"relation": "derivedFrom", "to": "Dataset"}]},
  {"name": "feeds", "inverse": "i3", "from": "Dataset", "path": [
    {"relation": "derivedFrom", "to": "Feature", "direction": "in"},
    {"relation": "uses", "to": "ModelInstance", "direction": "in"}]},
  {"name": "sibling", "inverse": "i4", "from": "Model", "path": [
    {"relation": "currentInstance", "to": "ModelInstance"},
    {"relation": "instanceOf", "to": "Model"},
    {"relation": "currentInstance", "to": "ModelInstance"},
    {"relation": "instanceOf", "to": "Model"}]},
  {"name": "usedBeside", "inverse": "i5", "from": "Feature", "path": [
    {"relation": "uses", "to": "ModelInstance", "direction": "in"},
    {"relation": "uses", "to": "Feature"},
    {"relation": "uses", "to": "ModelInstance", "direction": "in"}]}
]})";

struct NaiveStep {
  std::string relation;
  std::string to;
  bool backwards;
};
struct NaiveRule {
  std::string name;
  std::string from;
  std::vector<NaiveStep> path;
};

const std::vector<NaiveRule>& naive_rules() {
  static const std::vector<NaiveRule> rules = {
      {"associatedAbTest",
       "ModelInstance",
       {{"producedBy", "PipelineRun", false},
        {"executedFor", "ABTestCell", false},
        {"belongsTo", "ABTest", false}}},
      {"trainedOnDataset",
       "ModelInstance",
       {{"uses", "Feature", false}, {"derivedFrom", "Dataset", false}}},
      {"feeds", "Dataset", {{"derivedFrom", "Feature", true}, {"uses", "ModelInstance", true}}},
      {"sibling",
       "Model",
       {{"currentInstance", "ModelInstance", false},
        {"instanceOf", "Model", false},
        {"currentInstance", "ModelInstance", false},
        {"instanceOf", "Model", false}}},
      {"usedBeside",
       "Feature",
       {{"uses", "ModelInstance", true},
        {"uses", "Feature", false},
        {"uses", "ModelInstance", true}}},
  };
  return rules;
}

/// Everything that holds, from the printed facts alone and by brute force.
class Naive {
 public:
  explicit Naive(const World& world) {
    for (const Truth& truth : world.all()) {
      for (const auto& fact : world.expected_facts(truth.uri)) {
        type_[fact.uri] = fact.uri == truth.uri ? truth.type : "ABTestCell";
      }
    }
    for (const Truth& truth : world.all()) {
      for (const auto& fact : world.expected_facts(truth.uri)) {
        const std::string relation = relation_of(world, type_[fact.uri], fact.attribute);
        if (!relation.empty() && type_.count(fact.text) > 0) {
          out_.push_back({fact.uri, relation, fact.text});
        }
      }
    }
  }

  std::vector<Edge> edges() const {
    std::set<Edge> found;
    for (const NaiveRule& rule : naive_rules()) {
      for (const auto& [uri, type] : type_) {
        if (type == rule.from) walk(rule, 0, uri, uri, found);
      }
    }
    return {found.begin(), found.end()};
  }

 private:
  static std::string relation_of(const World& world, const std::string& type,
                                 const std::string& attribute) {
    for (const SourceShape& source : world.sources()) {
      const TypeShape* shape = find_type(source, type);
      const RefShape* ref = shape == nullptr ? nullptr : find_ref(*shape, attribute);
      if (ref != nullptr) return ref->relation;
    }
    return {};
  }

  void walk(const NaiveRule& rule, std::size_t step, const std::string& start,
            const std::string& at, std::set<Edge>& found) const {
    if (step == rule.path.size()) {
      found.insert({start, rule.name, at});
      return;
    }
    const NaiveStep& taken = rule.path[step];
    for (const Edge& edge : out_) {
      const std::string& from = taken.backwards ? edge.to : edge.from;
      const std::string& to = taken.backwards ? edge.from : edge.to;
      if (from == at && edge.relation == taken.relation && type_.at(to) == taken.to) {
        walk(rule, step + 1, start, to, found);
      }
    }
  }

  std::map<std::string, std::string> type_;
  std::vector<Edge> out_;
};

Operation with_refs(Operation op, std::map<std::string, Strings> refs) {
  op.refs = std::move(refs);
  return op;
}

config::Node rules() { return config::parse(kRules, "rules.json"); }

const std::string kInstance = "aip://model/registry/ranking-v5";
const std::string kTest = "aip://ab-test/experimentation/12345";

struct Ranking {
  World world = shipped_world();
  Oracle oracle{world, rules()};

  EdgeDelta apply(const Operation& op) {
    const auto change = world.apply(op, at_second(1));
    REQUIRE(change);
    return oracle.on_change(*change);
  }
  void build() {
    apply(with_refs(create("model-registry", "ModelInstance", "ranking-v5"),
                    {{"pipeline_run", {"run"}}, {"model", {"ranking"}}, {"features", {"f"}}}));
    Operation test = create("experimentation", "ABTest", "12345");
    test.parts = {{"1", "control"}, {"2", "treatment"}};
    test.replace_parts = true;
    apply(test);
    apply(with_refs(create("model-registry", "Model", "ranking"),
                    {{"current_instance", {"ranking-v5"}}}));
    apply(with_refs(create("feature-store", "Feature", "f"), {{"datasets", {"d"}}}));
    apply(with_refs(create("datasets", "Dataset", "d"), {{"producer", {"p"}}}));
    apply(create("pipeline-orchestrator", "Pipeline", "p"));
  }
};

}  // namespace

TEST_CASE("an edge begins with the last part of its path and ends with any") {
  Ranking r;
  r.build();
  const Edge edge = {kInstance, "associatedAbTest", kTest};
  const auto run = [&](Op op) {
    return with_refs(operation(op, "pipeline-orchestrator", "PipelineRun", "run"),
                     {{"ab_test_cells", {"12345:2"}}});
  };
  EdgeDelta delta = r.apply(run(Op::create));
  REQUIRE(delta.begun == std::vector<Edge>{edge});
  REQUIRE(delta.ended.empty());
  delta = r.apply(run(Op::update));
  REQUIRE(delta.begun.empty());
  REQUIRE(delta.ended.empty());

  Operation cells = update("experimentation", "ABTest", "12345");
  cells.parts = {{"1", "control"}};
  cells.replace_parts = true;
  delta = r.apply(cells);
  REQUIRE(delta.ended == std::vector<Edge>{edge});
  cells.parts.push_back({"2", "treatment again"});
  delta = r.apply(cells);
  REQUIRE(delta.begun == std::vector<Edge>{edge});

  delta = r.apply(removal("experimentation", "ABTest", "12345"));
  REQUIRE(delta.ended == std::vector<Edge>{edge});
  REQUIRE(r.oracle.answer({"ab-tests", kInstance}).empty());
}

TEST_CASE("an edge with two paths ends with the second") {
  Ranking r;
  r.build();
  r.apply(with_refs(create("pipeline-orchestrator", "PipelineRun", "run"),
                    {{"ab_test_cells", {"12345:1", "12345:2"}}}));
  Operation cells = update("experimentation", "ABTest", "12345");
  cells.replace_parts = true;
  cells.parts = {{"1", "control"}};
  REQUIRE(r.apply(cells).ended.empty());
  cells.parts.clear();
  REQUIRE(r.apply(cells).ended.size() == 1);
}

TEST_CASE("an edge's route is its first path, and changes that touch it tell it when asked to") {
  Ranking r;
  r.build();
  const Edge edge = {kInstance, "associatedAbTest", kTest};
  const auto run = [](const std::string& id) { return "aip://pipeline-run/orchestrator/" + id; };
  const auto test_run = [&](Op op, const Strings& cells) {
    return with_refs(operation(op, "pipeline-orchestrator", "PipelineRun", "run"),
                     {{"ab_test_cells", cells}});
  };
  REQUIRE(r.oracle.route(edge).empty());
  REQUIRE(r.apply(test_run(Op::create, {"12345:2"})).routes.empty());
  r.oracle.follow_routes();
  const Strings documents = {kInstance, run("run"), kTest};
  REQUIRE(r.oracle.route(edge) == documents);
  REQUIRE(r.oracle.route({kInstance, "no such relation", kTest}).empty());
  REQUIRE(r.oracle.route({kInstance, "associatedAbTest", "aip://nobody/at/all"}).empty());

  const EdgeDelta moved = r.apply(test_run(Op::update, {"12345:1"}));
  REQUIRE(moved.begun.empty());
  REQUIRE(moved.routes.size() == 1);
  REQUIRE(moved.routes[0].edge == edge);
  REQUIRE(moved.routes[0].documents == documents);
  REQUIRE(r.apply(test_run(Op::update, {})).routes.empty());
}

TEST_CASE("questions have the answers that the article's example has") {
  Ranking r;
  r.build();
  r.apply(with_refs(create("pipeline-orchestrator", "PipelineRun", "run"),
                    {{"ab_test_cells", {"12345:2"}}, {"pipeline", {"p"}}}));
  const std::string model = "aip://model/registry/ranking";
  const std::string run = "aip://pipeline-run/orchestrator/run";
  const std::string pipeline = "aip://pipeline/orchestrator/p";
  const std::string feature = "aip://feature/feature-store/f";
  const std::string dataset = "aip://dataset/datasets/d";
  REQUIRE(r.oracle.answer({"ab-tests", kInstance}) == Strings{kTest});
  REQUIRE(r.oracle.answer({"ab-tests", model}) == Strings{kTest});
  REQUIRE(r.oracle.answer({"models", kTest}) == Strings{kInstance});
  REQUIRE(r.oracle.answer({"upstream", kInstance}) == Strings{dataset, feature, run, pipeline});
  REQUIRE(r.oracle.answer({"upstream", model}) ==
          Strings{dataset, feature, kInstance, run, pipeline});
  REQUIRE(r.oracle.answer({"upstream", kTest}) ==
          Strings{dataset, feature, kInstance, run, pipeline});
  REQUIRE(r.oracle.answer({"downstream", dataset}) == Strings{kTest, feature, model, kInstance});
  REQUIRE(r.oracle.answer({"impact", pipeline}) == Strings{model, kInstance});
  REQUIRE(r.oracle.answer({"impact", kInstance}).empty());
  REQUIRE(r.oracle.answer({"upstream", "aip://model/registry/nobody"}).empty());
  REQUIRE_THROWS_WITH(r.oracle.answer({"ab-test", kInstance}),
                      Catch::Contains("did you mean ab-tests?"));
}

TEST_CASE("tests that run, owners who are there, and models in production are told from others") {
  Ranking r;
  r.build();
  const std::string model = "aip://model/registry/ranking";
  const Operation run = create("pipeline-orchestrator", "PipelineRun", "run");
  r.apply(with_refs(run, {{"ab_test_cells", {"12345:2"}}}));
  const auto status = [&](Operation op, const char* value) {
    op.fields["status"] = value;
    r.apply(op);
  };
  const Operation test = update("experimentation", "ABTest", "12345");
  const Operation ben = update("identity", "User", "ben");
  status(test, "ACTIVE");
  REQUIRE(r.oracle.answer({"active-ab-tests", model}) == Strings{kTest});
  status(test, "PAUSED");
  REQUIRE(r.oracle.answer({"active-ab-tests", kInstance}).empty());
  REQUIRE(r.oracle.answer({"ab-tests", kInstance}) == Strings{kTest});
  for (const char* user : {"ann", "ben", "cho"}) r.apply(create("identity", "User", user));
  const Operation ranking = update("model-registry", "Model", "ranking");
  r.apply(with_refs(ranking, {{"owners", {"ann", "ben", "cho", "nobody"}}}));
  status(ben, "left");
  r.apply(removal("identity", "User", "cho"));
  REQUIRE(r.oracle.answer({"owners", model}) == Strings{"aip://user/identity/ann"});
  status(ben, "active");
  REQUIRE(r.oracle.answer({"owners", model}).size() == 2);
  const Question consumers{"consumers", "aip://feature/feature-store/f"};
  REQUIRE(r.oracle.answer(consumers) == Strings{model});
  r.apply(with_refs(ranking, {{"current_instance", {}}}));
  REQUIRE(r.oracle.answer(consumers).empty());
}

TEST_CASE("lineage stops at what does not exist") {
  Ranking r;
  r.build();
  r.apply(removal("feature-store", "Feature", "f"));
  REQUIRE(r.oracle.answer({"upstream", kInstance}).empty());
  REQUIRE(r.oracle.answer({"upstream", "aip://feature/feature-store/f"}).empty());
}

TEST_CASE("the oracle's edges stay those of a fresh walk over the printed facts") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    stats::Stream stream(seed, 0, "oracle");
    World world = shipped_world();
    const std::uint64_t ids = 2 + stream.below(3);
    const auto step = [&](int second) {
      return world.apply(random_operation(world.sources(), stream, ids), at_second(second));
    };
    for (int i = 0; i < 40; ++i) step(0);
    Oracle oracle(world, rules());
    oracle.follow_routes();
    const std::vector<Edge> start = oracle.edges();
    std::set<Edge> followed(start.begin(), start.end());
    std::map<Edge, Strings> routes;
    for (const Edge& edge : start) routes[edge] = oracle.route(edge);
    for (int i = 0; i < 120; ++i) {
      const auto change = step(i);
      if (!change) continue;
      const EdgeDelta delta = oracle.on_change(*change);
      for (const Edge& edge : delta.begun) REQUIRE(followed.insert(edge).second);
      for (const Edge& edge : delta.ended) REQUIRE(followed.erase(edge) == 1);
      for (const Edge& edge : delta.ended) routes.erase(edge);
      for (const Route& route : delta.routes) routes[route.edge] = route.documents;
      const std::vector<Edge> expected = Naive(world).edges();
      REQUIRE(std::vector<Edge>(followed.begin(), followed.end()) == expected);
      REQUIRE(oracle.edges() == expected);
    }
    for (const Edge& edge : oracle.edges()) {  // what was told is what holds now
      REQUIRE(routes.at(edge) == oracle.route(edge));
      REQUIRE(routes.at(edge).front() == edge.from);
      REQUIRE(routes.at(edge).size() >= 2);
    }
    REQUIRE(routes.size() == oracle.edges().size());
    REQUIRE(Oracle(world, rules()).edges() == oracle.edges());
  }
}

TEST_CASE("an oracle for a copy of the world leaves the original alone") {
  Ranking r;
  r.build();
  World copy = r.world;
  Oracle branch = r.oracle.for_copy(copy);
  const auto before = r.oracle.edges();
  const auto change = copy.apply(removal("feature-store", "Feature", "f"), at_second(9));
  REQUIRE(branch.on_change(*change).ended.size() == 3);
  REQUIRE(r.oracle.edges() == before);
  REQUIRE(r.oracle.answer({"upstream", kInstance}).size() == 3);
  REQUIRE(branch.answer({"upstream", kInstance}).empty());
}

TEST_CASE("rules over relations that no source has derive nothing") {
  World world({*shipped_shape("identity")});
  world.apply(create("identity", "User", "alice"), at_second(0));
  REQUIRE(Oracle(world, rules()).edges().empty());
}

TEST_CASE("a broken rule file is refused with its place") {
  const World world = shipped_world();
  const auto error = [&](const std::string& text) {
    const config::Node node = config::parse(text, "rules.json");
    try {
      Oracle oracle(world, node);
    } catch (const InputError& refused) {
      return std::string(refused.what());
    }
    return std::string();
  };
  REQUIRE_THAT(error(R"({"rules": [{"name": "a"}]})"), Catch::Contains("inverse"));
  REQUIRE_THAT(error(R"({"rules": [{"name":"a","inverse":"b","from":"Model","path":[]}]})"),
               Catch::Contains("/rules/0/path"));
  REQUIRE_THAT(error(R"({"rules": [{"name":"a","inverse":"b","from":"Model","path":[
                     {"relation":"x","to":"y","direction":"up"}]}]})"),
               Catch::Contains("/rules/0/path/0/direction"));
}

TEST_CASE("the sum of facts kept step by step is right after any random edits") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    stats::Stream stream(seed, 0, "facts");
    World world = shipped_world();
    for (int i = 0; i < 400; ++i) {
      const auto change = world.apply(random_operation(world.sources(), stream, 3), at_second(i));
      if (!change) continue;
      std::uint64_t sum = 0;
      for (const auto& fact : world.expected_facts(change->uri)) {
        sum += fact_hash(fact.uri, fact.attribute, fact.text);
      }
      REQUIRE(sum == change->facts);
    }
  }
}

#include "store_fixture.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace rehearse::mds::test {
namespace {

std::vector<RelationDeclaration> example_relations() {
  return {{"Pipeline", "inputs", "reads", "Dataset", true},
          {"PipelineRun", "pipeline", "runOf", "Pipeline", true},
          {"PipelineRun", "ab_test_cells", "executedFor", "ABTestCell", false},
          {"Model", "current_instance", "currentInstance", "ModelInstance", true},
          {"ModelInstance", "model", "instanceOf", "Model", false},
          {"ModelInstance", "pipeline_run", "producedBy", "PipelineRun", true},
          {"ModelInstance", "features", "uses", "Feature", true},
          {"Feature", "datasets", "derivedFrom", "Dataset", true},
          {"ABTestCell", "ab_test", "belongsTo", "ABTest", false},
          {"Dataset", "producer", "writtenBy", "Pipeline", true},
          {"User", "team", "memberOf", "Team", false},
          {"Team", "organization", "partOf", "Organization", false},
          {"*", "owners", "ownedBy", "User", false}};
}

std::vector<Rule> example_rules() {
  return {{"associatedAbTest",
           "associatedModelInstance",
           "ModelInstance",
           {{"producedBy", false, "PipelineRun"},
            {"executedFor", false, "ABTestCell"},
            {"belongsTo", false, "ABTest"}}},
          {"trainedByPipeline",
           "trainsModelInstance",
           "ModelInstance",
           {{"producedBy", false, "PipelineRun"}, {"runOf", false, "Pipeline"}}},
          {"trainedOnDataset",
           "feedsModelInstance",
           "ModelInstance",
           {{"uses", false, "Feature"}, {"derivedFrom", false, "Dataset"}}}};
}

}  // namespace

Schema example_schema() { return {example_relations(), example_rules()}; }

std::string uri(const std::string& type, const std::string& id) {
  static const std::map<std::string, std::string> prefixes = {
      {"Pipeline", "pipeline/orchestrator"},
      {"PipelineRun", "pipeline-run/orchestrator"},
      {"Model", "model/registry"},
      {"ModelInstance", "model/registry"},
      {"Feature", "feature/feature-store"},
      {"ABTest", "ab-test/experimentation"},
      {"ABTestCell", "ab-test-cell/experimentation"},
      {"Dataset", "dataset/datasets"},
      {"User", "user/identity"},
      {"Team", "team/identity"},
      {"Organization", "organization/identity"}};
  return "aip://" + prefixes.at(type) + "/" + id;
}

EntityFacts entity(const std::string& type, const std::string& id) {
  return {uri(type, id), type, {}};
}

EntityFacts with(EntityFacts entity, std::initializer_list<Fact> facts) {
  entity.facts.insert(entity.facts.end(), facts.begin(), facts.end());
  std::sort(entity.facts.begin(), entity.facts.end());
  return entity;
}

Fact text(const std::string& attribute, const std::string& value) { return {attribute, value}; }

Fact number(const std::string& attribute, std::int64_t value) { return {attribute, value}; }

Fact reference(const std::string& attribute, const std::string& type, const std::string& id) {
  return {attribute, Reference{uri(type, id), type}};
}

bool put(Store& store, const Document& document, Time at) {
  store.begin(at, {});
  const bool changed = store.put(document, at);
  store.commit();
  return changed;
}

bool remove(Store& store, const std::string& uri, Time at) {
  store.begin(at, {});
  const bool was_live = store.remove(uri, at);
  store.commit();
  return was_live;
}

void enrich(Store& store, Time at) {
  store.begin(at, {CauseKind::enrichment, {}, {}});
  store.enrich(std::numeric_limits<std::size_t>::max());
  store.commit();
}

void put_worked_example(Store& store, Time at) {
  put(store,
      {with(entity("ModelInstance", "ranking-model-v5-20XX0101"),
            {number("version", 1), text("name", "ranking-model-v5"),
             text("tags", "team::personalization"), reference("owners", "User", "alice"),
             reference("pipeline_run", "PipelineRun", "train-weekly-ranking-20XX0101")}),
       {}},
      at);
  put(store,
      {with(entity("PipelineRun", "train-weekly-ranking-20XX0101"),
            {number("version", 1), reference("pipeline", "Pipeline", "weekly-ranking-trainer"),
             reference("ab_test_cells", "ABTestCell", "12345:2")}),
       {}},
      at);
  put(store,
      {with(entity("ABTest", "12345"),
            {number("version", 1), text("name", "Ranking Model v5 vs v4")}),
       {with(entity("ABTestCell", "12345:1"),
             {text("name", "control_ranking_v4"), number("cell_number", 1),
              reference("ab_test", "ABTest", "12345")}),
        with(entity("ABTestCell", "12345:2"),
             {text("name", "treatment_ranking_v5"), number("cell_number", 2),
              reference("ab_test", "ABTest", "12345")})}},
      at);
}

}  // namespace rehearse::mds::test

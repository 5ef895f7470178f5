// The six source systems as docs/source-systems.md describes them.
#include <stdexcept>
#include <string_view>
#include <utility>

#include "world/shape.hpp"

namespace rehearse::world {
namespace {

FieldShape text(const char* name) { return {name, name, FieldKind::text}; }

/// Component and platform of the URIs of a type. The orchestrator's runs refer to cells of the
/// experimentation platform whether or not it is there, so this is known without the other source.
struct Home {
  const char* type;
  const char* component;
  const char* platform;
};
constexpr Home kHomes[] = {
    {"Pipeline", "pipeline", "orchestrator"},
    {"PipelineRun", "pipeline-run", "orchestrator"},
    {"Model", "model", "registry"},
    {"ModelInstance", "model", "registry"},
    {"Feature", "feature", "feature-store"},
    {"FeatureVersion", "feature-version", "feature-store"},
    {"ABTest", "ab-test", "experimentation"},
    {"ABTestCell", "ab-test-cell", "experimentation"},
    {"Dataset", "dataset", "datasets"},
    {"DatasetVersion", "dataset-version", "datasets"},
    {"User", "user", "identity"},
    {"Team", "team", "identity"},
    {"Group", "group", "identity"},
    {"Organization", "organization", "identity"},
};

const Home& home_of(std::string_view type) {
  for (const Home& home : kHomes) {
    if (home.type == type) return home;
  }
  throw std::logic_error("a shipped shape names an unknown type");
}

RefShape one(const char* attribute, const char* relation, const char* key, const char* type) {
  RefShape ref;
  ref.attribute = attribute;
  ref.relation = relation;
  ref.key = key;
  ref.type = type;
  ref.component = home_of(type).component;
  ref.platform = home_of(type).platform;
  return ref;
}

RefShape many(RefShape ref) {
  ref.many = true;
  return ref;
}

/// The holder was made from the target.
RefShape made_from(RefShape ref) {
  ref.upstream = true;
  return ref;
}

RefShape owners() {
  RefShape ref = many(one("owners", "ownedBy", "owner_emails", "User"));
  ref.suffix = "@netflix.com";
  return ref;
}

struct Names {
  const char* type;
  const char* path;  // of the list; entities are below it
  const char* id_key;
  const char* event_prefix;
  const char* event_id_key;
};

TypeShape make_type(const Names& names, std::vector<FieldShape> fields,
                    std::vector<RefShape> refs) {
  TypeShape shape;
  shape.type = names.type;
  shape.component = home_of(names.type).component;
  shape.list_path = names.path;
  shape.path = shape.list_path + "/{id}";
  shape.id_key = names.id_key;
  const std::string prefix = names.event_prefix;
  shape.created_event = prefix + "_created";
  shape.updated_event = prefix + "_updated";
  shape.deleted_event = prefix + "_deleted";
  shape.event_id_key = names.event_id_key;
  shape.fields = {text("name"), text("description")};
  shape.fields.insert(shape.fields.end(), fields.begin(), fields.end());
  shape.refs = std::move(refs);
  shape.refs.push_back(owners());
  return shape;
}

SourceShape pipeline_orchestrator() {
  RefShape cells = many(one("ab_test_cells", "executedFor", "ab_test_cells", "ABTestCell"));
  cells.parent_key = "test_id";
  cells.part_key = "cell_number";
  cells.part_name_key = "cell_name";
  cells.numeric_part = true;
  return {"pipeline-orchestrator",
          "orchestrator",
          {make_type({"Pipeline", "/api/v1/pipelines", "pipeline_id", "pipeline", "pipeline_id"},
                     {text("schedule")},
                     {made_from(many(one("inputs", "reads", "input_dataset_ids", "Dataset")))}),
           make_type({"PipelineRun", "/api/v1/pipeline-runs", "run_id", "pipeline_run", "run_id"},
                     {text("state"), {"attempt", "attempt", FieldKind::integer}},
                     {made_from(one("pipeline", "runOf", "pipeline", "Pipeline")), cells})}};
}

SourceShape model_registry() {
  return {
      "model-registry",
      "registry",
      {make_type({"Model", "/api/v1/models", "id", "model", "model_id"}, {},
                 {made_from(one("current_instance", "currentInstance", "current_instance_id",
                                "ModelInstance"))}),
       make_type({"ModelInstance", "/api/v1/instances", "id", "model_instance", "instance_id"},
                 {text("state"), text("model_version")},
                 {one("model", "instanceOf", "model_id", "Model"),
                  made_from(one("pipeline_run", "producedBy", "pipeline_run_id", "PipelineRun")),
                  made_from(many(one("features", "uses", "feature_ids", "Feature")))})}};
}

SourceShape feature_store() {
  return {"feature-store",
          "feature-store",
          {make_type({"Feature", "/api/v1/features", "feature_id", "feature", "feature_id"},
                     {text("data_type")},
                     {made_from(many(one("datasets", "derivedFrom", "dataset_ids", "Dataset")))}),
           make_type({"FeatureVersion", "/api/v1/feature-versions", "feature_version_id",
                      "feature_version", "feature_version_id"},
                     {}, {made_from(one("feature", "versionOf", "feature_id", "Feature"))})}};
}

SourceShape experimentation() {
  TypeShape test =
      make_type({"ABTest", "/api/v1/tests", "test_id", "ab_test", "test_id"}, {text("status")}, {});
  test.parts =
      PartShape{"ABTestCell", "cells", "cell_number", "cell_number", "name", "ab_test", ":", true};
  TypeShape cell;
  cell.type = "ABTestCell";
  cell.component = "ab-test-cell";
  cell.fields = {text("name"), {"cell_number", "cell_number", FieldKind::integer}};
  cell.refs = {one("ab_test", "belongsTo", "", "ABTest")};
  cell.tags_key.clear();
  return {"experimentation", "experimentation", {std::move(test), std::move(cell)}};
}

SourceShape datasets() {
  return {"datasets",
          "datasets",
          {make_type({"Dataset", "/api/v1/datasets", "dataset_id", "dataset", "dataset_id"}, {},
                     {made_from(one("producer", "writtenBy", "producer_pipeline_id", "Pipeline"))}),
           make_type({"DatasetVersion", "/api/v1/dataset-versions", "dataset_version_id",
                      "dataset_version", "dataset_version_id"},
                     {},
                     {made_from(one("dataset", "versionOf", "dataset_id", "Dataset")),
                      made_from(one("pipeline_run", "producedBy", "run_id", "PipelineRun"))})}};
}

SourceShape identity() {
  return {"identity",
          "identity",
          {make_type({"User", "/api/v1/users", "user_id", "user", "user_id"},
                     {text("email"), text("status")},
                     {one("team", "memberOf", "team_id", "Team"),
                      many(one("groups", "memberOf", "group_ids", "Group"))}),
           make_type({"Team", "/api/v1/teams", "team_id", "team", "team_id"}, {},
                     {one("organization", "partOf", "organization_id", "Organization")}),
           make_type({"Group", "/api/v1/groups", "group_id", "group", "group_id"}, {}, {}),
           make_type({"Organization", "/api/v1/organizations", "organization_id", "organization",
                      "organization_id"},
                     {}, {})}};
}

const std::vector<SourceShape>& shipped() {
  static const std::vector<SourceShape> shapes = {
      pipeline_orchestrator(), model_registry(), feature_store(),
      experimentation(),       datasets(),       identity()};
  return shapes;
}

}  // namespace

const SourceShape* shipped_shape(const std::string& name) {
  for (const SourceShape& shape : shipped()) {
    if (shape.name == name) return &shape;
  }
  return nullptr;
}

std::vector<std::string> shipped_shape_names() {
  std::vector<std::string> names;
  for (const SourceShape& shape : shipped()) names.push_back(shape.name);
  return names;
}

}  // namespace rehearse::world

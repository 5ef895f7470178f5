#include "lifecycle/deeds.hpp"

#include <cassert>

namespace rehearse::lifecycle {
namespace {

Deed created(DeedSource source, const char* type, std::string id, RecordId cause) {
  Deed deed{source, true, type, std::move(id)};
  deed.cause = cause;
  return deed;
}

Deed of_run(const std::string& model, std::int64_t version, const char* state, RecordId cause) {
  Deed deed{DeedSource::pipeline_orchestrator, false, "PipelineRun", run_id(model, version)};
  deed.fields = {{"state", state}};
  deed.cause = cause;
  return deed;
}

Deed new_run(const std::string& model, std::int64_t version, const char* state, RecordId cause) {
  Deed deed = of_run(model, version, state, cause);
  deed.creates = true;
  deed.fields.emplace_back("attempt", "1");
  deed.references = {{"pipeline", {"train-" + model}}};
  return deed;
}

Deed of_instance(const std::string& model, std::int64_t version, const char* state,
                 RecordId cause) {
  Deed deed{DeedSource::model_registry, false, "ModelInstance", instance_id(model, version)};
  deed.fields = {{"state", state}};
  deed.cause = cause;
  return deed;
}

Deed new_instance(const ModelEntities& entities, std::int64_t version, const char* state,
                  RecordId cause) {
  Deed deed = of_instance(entities.model, version, state, cause);
  deed.creates = true;
  deed.fields.emplace_back("model_version", std::to_string(version));
  deed.references = {{"model", {entities.model}},
                     {"pipeline_run", {run_id(entities.model, version)}},
                     {"features", entities.features},
                     {"owners", entities.owners}};
  deed.tags = {"team::" + entities.team};
  return deed;
}

Deed of_pointer(const std::string& model, std::int64_t version, RecordId cause) {
  Deed deed{DeedSource::model_registry, false, "Model", model};
  deed.references = {{"current_instance", {instance_id(model, version)}}};
  deed.cause = cause;
  return deed;
}

}  // namespace

std::string to_string(DeedSource source) {
  switch (source) {
    case DeedSource::pipeline_orchestrator:
      return "pipeline-orchestrator";
    case DeedSource::model_registry:
      return "model-registry";
    case DeedSource::datasets:
      return "datasets";
    case DeedSource::feature_store:
      return "feature-store";
    case DeedSource::identity:
      return "identity";
  }
  assert(false);
  return "";
}

std::string instance_id(const std::string& model, std::int64_t version) {
  return model + "-v" + std::to_string(version);
}

std::string run_id(const std::string& model, std::int64_t version) {
  return model + "-run-" + std::to_string(version);
}

Deeds begun(const ModelEntities& entities, RecordId cause) {
  const std::string& model = entities.model;
  Deed named = of_pointer(model, 1, cause);
  named.creates = true;
  Deeds deeds = {named};
  deeds.push_back(created(DeedSource::pipeline_orchestrator, "Pipeline", "train-" + model, cause));
  deeds.back().references = {{"inputs", {model + "-training"}}};
  deeds.push_back(created(DeedSource::datasets, "Dataset", model + "-training", cause));
  for (const std::string& feature : entities.features) {
    deeds.push_back(created(DeedSource::feature_store, "Feature", feature, cause));
  }
  deeds.push_back(new_run(model, 1, "SUCCEEDED", cause));
  deeds.push_back(new_instance(entities, 1, "PRODUCTION", cause));
  for (const std::string& owner : entities.owners) {
    deeds.push_back(created(DeedSource::identity, "User", owner, cause));
    deeds.back().fields = {{"status", "active"}};
    deeds.back().references = {{"team", {entities.team}}};
  }
  deeds.push_back(created(DeedSource::identity, "Team", entities.team, cause));
  return deeds;
}

Deeds training_started(const std::string& model, std::int64_t version, int attempt,
                       RecordId cause) {
  if (attempt == 1) return {new_run(model, version, "RUNNING", cause)};
  Deed run = of_run(model, version, "RUNNING", cause);
  run.fields.emplace_back("attempt", std::to_string(attempt));
  return {run};
}

Deeds training_ended(const std::string& model, std::int64_t version, bool succeeded,
                     RecordId cause) {
  Deeds deeds = {of_run(model, version, succeeded ? "SUCCEEDED" : "FAILED", cause)};
  if (!succeeded) return deeds;
  deeds.push_back(created(DeedSource::datasets, "DatasetVersion",
                          model + "-training-" + std::to_string(version), cause));
  deeds.back().references = {{"dataset", {model + "-training"}},
                             {"pipeline_run", {run_id(model, version)}}};
  return deeds;
}

Deeds gates_failed(const std::string& model, std::int64_t version, RecordId cause) {
  return {of_run(model, version, "REJECTED", cause)};
}

Deeds gates_passed(const ModelEntities& entities, std::int64_t version, RecordId cause) {
  return {new_instance(entities, version, "CANDIDATE", cause)};
}

Deeds shadow_launched(const std::string& model, std::int64_t version, RecordId cause) {
  return {of_instance(model, version, "SHADOW", cause)};
}

Deeds canary_launched(const std::string& model, std::int64_t version, RecordId cause) {
  return {of_instance(model, version, "CANARY", cause)};
}

Deeds candidate_rolled_back(const std::string& model, std::int64_t version, RecordId cause) {
  return {of_instance(model, version, "ROLLED_BACK", cause)};
}

Deeds promoted(const std::string& model, std::int64_t version, RecordId cause) {
  return {of_pointer(model, version, cause), of_instance(model, version, "PRODUCTION", cause)};
}

Deeds retired(const std::string& model, std::int64_t version, RecordId cause) {
  return {of_instance(model, version, "RETIRED", cause)};
}

Deeds production_rolled_back(const std::string& model, std::int64_t version, std::int64_t before,
                             RecordId cause) {
  return {of_pointer(model, before, cause), of_instance(model, version, "QUARANTINED", cause),
          of_instance(model, before, "PRODUCTION", cause)};
}

}  // namespace rehearse::lifecycle

#include "lifecycle/deeds.hpp"

namespace rehearse::lifecycle {
namespace {

Deed of_run(const std::string& model, std::int64_t version, const char* state, RecordId cause) {
  return {DeedSource::pipeline_orchestrator,
          false,
          "PipelineRun",
          run_id(model, version),
          {{"state", state}},
          cause};
}

Deed of_instance(const std::string& model, std::int64_t version, const char* state,
                 RecordId cause) {
  return {DeedSource::model_registry, false, "ModelInstance", instance_id(model, version),
          {{"state", state}},         cause};
}

Deed of_pointer(const std::string& model, std::int64_t version, RecordId cause) {
  return {DeedSource::model_registry,
          false,
          "Model",
          model,
          {{"current_instance", instance_id(model, version)}},
          cause};
}

}  // namespace

std::string instance_id(const std::string& model, std::int64_t version) {
  return model + "-v" + std::to_string(version);
}

std::string run_id(const std::string& model, std::int64_t version) {
  return model + "-run-" + std::to_string(version);
}

Deeds training_started(const std::string& model, std::int64_t version, int attempt,
                       RecordId cause) {
  Deed run = of_run(model, version, "RUNNING", cause);
  run.members.emplace_back("attempt", std::to_string(attempt));
  run.creates = attempt == 1;
  if (run.creates) run.members.emplace_back("pipeline", "train-" + model);
  return {run};
}

Deeds training_ended(const std::string& model, std::int64_t version, bool succeeded,
                     RecordId cause) {
  Deeds deeds = {of_run(model, version, succeeded ? "SUCCEEDED" : "FAILED", cause)};
  if (!succeeded) return deeds;
  deeds.push_back({DeedSource::datasets,
                   true,
                   "DatasetVersion",
                   model + "-training-" + std::to_string(version),
                   {{"dataset", model + "-training"}, {"pipeline_run", run_id(model, version)}},
                   cause});
  return deeds;
}

Deeds gates_failed(const std::string& model, std::int64_t version, RecordId cause) {
  return {of_run(model, version, "REJECTED", cause)};
}

Deeds gates_passed(const std::string& model, std::int64_t version, RecordId cause) {
  Deed instance = of_instance(model, version, "CANDIDATE", cause);
  instance.creates = true;
  instance.members.emplace_back("model_version", std::to_string(version));
  instance.members.emplace_back("model", model);
  instance.members.emplace_back("pipeline_run", run_id(model, version));
  return {instance};
}

Deeds canary_launched(const std::string& model, std::int64_t version, RecordId cause) {
  return {of_instance(model, version, "CANARY", cause)};
}

Deeds candidate_rolled_back(const std::string& model, std::int64_t version, RecordId cause) {
  return {of_instance(model, version, "ROLLED_BACK", cause)};
}

Deeds promoted(const std::string& model, std::int64_t version, std::int64_t old, RecordId cause) {
  return {of_pointer(model, version, cause), of_instance(model, version, "PRODUCTION", cause),
          of_instance(model, old, "RETIRED", cause)};
}

Deeds production_rolled_back(const std::string& model, std::int64_t version, std::int64_t before,
                             RecordId cause) {
  return {of_pointer(model, before, cause), of_instance(model, version, "QUARANTINED", cause),
          of_instance(model, before, "PRODUCTION", cause)};
}

}  // namespace rehearse::lifecycle

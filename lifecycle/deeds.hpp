// What operations do at the sources of the metadata graph: the rows of the release table, in its
// order. A deed says which entity is created or changed and which of its attributes get which
// value; whoever drives the lifecycle turns it into an operation at that source. Types and
// attributes are those of the shipped sources (mds/providers); a field's kind is what its source
// says.
//
// For a model m: Model m, ModelInstance m-vN, PipelineRun m-run-N of Pipeline train-m,
// DatasetVersion m-training-N of Dataset m-training, and User m-owner-K.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lifecycle/lineage.hpp"

namespace rehearse::lifecycle {

enum class DeedSource { pipeline_orchestrator, model_registry, datasets, feature_store, identity };

/// "pipeline-orchestrator", "model-registry", ...: the source's name.
std::string to_string(DeedSource source);

struct Deed {
  DeedSource source = DeedSource::model_registry;
  bool creates = false;  ///< else it changes what is there
  std::string type, id;
  std::vector<std::pair<std::string, std::string>> fields = {};
  std::vector<std::pair<std::string, std::vector<std::string>>> references = {};  ///< to ids
  std::vector<std::string> tags = {};  ///< "key::value"; of what is created
  RecordId cause = {};

  bool operator==(const Deed&) const = default;
};
using Deeds = std::vector<Deed>;

/// What the entities of a model name.
struct ModelEntities {
  std::string model;
  std::string team = {};                   ///< its tag is on every version
  std::vector<std::string> owners = {};    ///< of every version
  std::vector<std::string> features = {};  ///< that every version uses
};

std::string instance_id(const std::string& model, std::int64_t version);
std::string run_id(const std::string& model, std::int64_t version);

/// Time 0: everything that is there with the first version. A team, a user or a feature that
/// another model has named before is there already.
///   MR create Model m (current_instance m-v1); PO create Pipeline train-m (inputs m-training);
///   DS create Dataset m-training; FS create each Feature; PO create PipelineRun m-run-1
///   {SUCCEEDED, attempt 1} (pipeline); MR create ModelInstance m-v1 {PRODUCTION, model_version 1}
///   (model, pipeline_run, features, owners; tag team); ID create each User {active} (team), and
///   the Team
Deeds begun(const ModelEntities& entities, RecordId cause);
/// A run, or the next attempt of it, has got its slot.
///   PO create PipelineRun m-run-N {RUNNING, attempt} (pipeline); a further attempt: PO update
Deeds training_started(const std::string& model, std::int64_t version, int attempt, RecordId cause);
///   PO update m-run-N {SUCCEEDED or FAILED}; if it succeeded DS create DatasetVersion m-training-N
///   (dataset, pipeline_run)
Deeds training_ended(const std::string& model, std::int64_t version, bool succeeded,
                     RecordId cause);
///   PO update m-run-N {REJECTED}
Deeds gates_failed(const std::string& model, std::int64_t version, RecordId cause);
///   MR create ModelInstance m-vN {CANDIDATE, model_version N} (model, pipeline_run, features,
///   owners; tag team)
Deeds gates_passed(const ModelEntities& entities, std::int64_t version, RecordId cause);
///   MR update m-vN {SHADOW}
Deeds shadow_launched(const std::string& model, std::int64_t version, RecordId cause);
///   MR update m-vN {CANARY}
Deeds canary_launched(const std::string& model, std::int64_t version, RecordId cause);
/// A canary has failed, or was ended.
///   MR update m-vN {ROLLED_BACK}
Deeds candidate_rolled_back(const std::string& model, std::int64_t version, RecordId cause);
///   MR update m (current_instance m-vN), m-vN {PRODUCTION}
Deeds promoted(const std::string& model, std::int64_t version, RecordId cause);
/// Goes with the promotion of another version.
///   MR update m-vN {RETIRED}
Deeds retired(const std::string& model, std::int64_t version, RecordId cause);
///   MR update m (current_instance the version before), m-vN {QUARANTINED}, the one before
///   {PRODUCTION}
Deeds production_rolled_back(const std::string& model, std::int64_t version, std::int64_t before,
                             RecordId cause);

}  // namespace rehearse::lifecycle

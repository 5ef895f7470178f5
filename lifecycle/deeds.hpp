// What operations do at the sources of the metadata graph: the rows of the release table, in its
// order. A deed says which entity is created or changed and which of its members get which value;
// whoever drives the lifecycle turns it into an operation at that source.
//
// For a model m: Model m, ModelInstance m-vN, PipelineRun m-run-N of Pipeline train-m, and
// DatasetVersion m-training-N of Dataset m-training.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lifecycle/lineage.hpp"

namespace rehearse::lifecycle {

enum class DeedSource { pipeline_orchestrator, model_registry, datasets };

struct Deed {
  DeedSource source = DeedSource::model_registry;
  bool creates = false;  ///< else it changes what is there
  std::string type, id;
  std::vector<std::pair<std::string, std::string>> members = {};
  RecordId cause = {};

  bool operator==(const Deed&) const = default;
};
using Deeds = std::vector<Deed>;

std::string instance_id(const std::string& model, std::int64_t version);
std::string run_id(const std::string& model, std::int64_t version);

/// A run, or the next attempt of it, has got its slot.
Deeds training_started(const std::string& model, std::int64_t version, int attempt, RecordId cause);
Deeds training_ended(const std::string& model, std::int64_t version, bool succeeded,
                     RecordId cause);
Deeds gates_failed(const std::string& model, std::int64_t version, RecordId cause);
Deeds gates_passed(const std::string& model, std::int64_t version, RecordId cause);
Deeds canary_launched(const std::string& model, std::int64_t version, RecordId cause);
/// A canary has failed, or was ended.
Deeds candidate_rolled_back(const std::string& model, std::int64_t version, RecordId cause);
Deeds promoted(const std::string& model, std::int64_t version, std::int64_t old, RecordId cause);
Deeds production_rolled_back(const std::string& model, std::int64_t version, std::int64_t before,
                             RecordId cause);

}  // namespace rehearse::lifecycle

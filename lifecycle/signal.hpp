// What parts of a lifecycle tell each other: something has ended or was found, with what the next
// part has to know of it.
//
//   drift_detected   any response of a monitor             -> a training
//   model_trained    the end of a training, before gates   -> offline gates
//   canary_passed    a verdict, or a person's approval     -> promotion
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "lifecycle/lineage.hpp"

namespace rehearse::lifecycle {

struct DriftDetected {
  std::string policy;
  std::string drift;                  ///< "data", "concept" or "prediction"
  std::vector<std::size_t> features;  ///< those for which all conditions held
  double severity = 0;                ///< what was measured over its threshold
  std::string action;                 ///< of the response
  std::string emphasis;               ///< on which data a training should rest
  // What all responses ask for that are due together, as they start one training.
  bool recent = false;  ///< recent data
  bool more = false;    ///< more of them
};

struct ModelTrained {
  std::int64_t version = 0;
  std::size_t rows = 0;   ///< with a label, before the holdout was split off
  double auc = 0;         ///< on the holdout; NaN where it holds one class alone
  double log_loss = 0;    ///< likewise; NaN of no rows
  Duration latency_p99;   ///< of the artefact
  bool artefact = false;  ///< without one nothing follows
};

struct CanaryPassed {
  std::int64_t version = 0;
  double score = 0;
  double share = 0;
  Duration lasted;
  bool by_person = false;
};

using Metadata = std::variant<DriftDetected, ModelTrained, CanaryPassed>;

enum class SignalType { drift_detected, model_trained, canary_passed };

/// "drift_detected", "model_trained", "canary_passed".
std::string to_string(SignalType type);
SignalType type_of(const Metadata& metadata);

struct Signal {
  RecordId id;         ///< its record in the lineage, where its cause stands
  std::string source;  ///< the model it comes from
  Time at;
  Metadata metadata;
};

}  // namespace rehearse::lifecycle

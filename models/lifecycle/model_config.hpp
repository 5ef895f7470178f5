// The settings of one model line, or of several alike: an entry of the section's "models".
//
//   { "name": "rec", "count": 1, "learner": "logistic", "objective": "rec", "team": "rec-team",
//     "owners": 2, "features": ..., "relation": ..., "drifts": [...] (or "population": ...),
//     "candidates": 5, "exploration": 0.05, "traffic": ..., "label_delay": DIST,
//     "artefact": { "errors": 0.001, "latency": DIST, "deadline": "500ms" },
//     "training": ..., "gates": ..., "release": ..., "monitors": [...], "samples": ...,
//     "defects": [...] }
//
// Of a count above 1 the models are called rec-000, rec-001 and so on.
#pragma once

#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "lifecycle/model_settings.hpp"

namespace rehearse::models {

struct ModelLine {
  std::string objective;  ///< the name by which clients ask
  lifecycle::ModelSettings settings;
};

/// As many as the entry counts. Throws InputError.
std::vector<ModelLine> parse_model(const config::Node& node, Duration duration);

}  // namespace rehearse::models

// A trained version of a model: how it ranks, how it answers, and on what it was trained.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "learning/linear_model.hpp"
#include "stats/lognormal.hpp"

namespace rehearse::lifecycle {

/// What serves a version's answers: how often it fails, and how long it takes.
struct Artefact {
  double errors = 0.001;  ///< chance that an answer is an error
  stats::Distribution latency = stats::Distribution(
      stats::lognormal(Duration::milliseconds(40), Duration::milliseconds(160)));
  double slowness = 1;  ///< factor on every latency
  Duration deadline = Duration::milliseconds(500);
};

/// Further errors that begin some time after a version's promotion.
struct LateErrors {
  double errors = 0;
  Duration after;
};

struct Version {
  std::int64_t number = 1;
  learning::LinearModel model;
  Artefact artefact;
  std::optional<LateErrors> late_errors;
  Time window_begin, window_end;                ///< of its training data
  Time median;                                  ///< when the median row of them was served
  std::map<std::size_t, std::size_t> moved_by;  ///< rows of them by their world (WorldPart)
};

}  // namespace rehearse::lifecycle

// A model whose first version was trained before the start: what tests of candidates begin with.
#pragma once

#include <cstdint>
#include <utility>
#include <variant>

#include "learning/changing_world.hpp"
#include "learning/training_window.hpp"
#include "lifecycle/version.hpp"

namespace rehearse::lifecycle {

/// The relation of all scenarios with pinned weights, so that bands mean the same world.
inline learning::WorldSettings pinned_world() {
  learning::WorldSettings settings;
  settings.relation.weights = {0.6, -0.9, 0.4, 0.5, -0.3, 0.45, -0.55, 0.35};
  return settings;
}

inline learning::RequestSettings labelled_late() {
  learning::RequestSettings requests;
  requests.label_delay = stats::Distribution(stats::Distribution::Exponential{Duration::hours(1)});
  return requests;
}

struct TrainedModel {
  explicit TrainedModel(std::uint64_t seed, learning::WorldSettings settings = pinned_world())
      : world("rec", std::move(settings)),
        streams(seed, 0, "rec"),
        log(world, learning::Traffic{}, labelled_late(), streams) {
    const learning::TrainingData rows = data(Time{}, {});
    first.model = std::get<learning::LinearModel>(learning::train(rows, {}));
    first.median = rows.median;
    first.moved_by = rows.moved_by;
    first.window_begin = Time{} - Duration::days(14);
  }

  /// Before the start a uniform candidate is shown, after it the first version's choice.
  learning::TrainingData data(Time cut, const learning::TrainingSettings& how) const {
    const auto served = [this](learning::Hour hour) {
      return hour < learning::Hour{0} ? learning::Served{} : learning::Served{&first.model, {}};
    };
    return learning::gather(log, served, cut, how);
  }

  learning::ChangingWorld world;
  learning::Streams streams;
  learning::RowLog log;
  Version first;
};

}  // namespace rehearse::lifecycle

// Everything that a scenario may say of one model's lifecycle.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "learning/changing_world.hpp"
#include "learning/recorded_rows.hpp"
#include "learning/requests.hpp"
#include "learning/traffic.hpp"
#include "learning/training_window.hpp"
#include "lifecycle/cluster.hpp"
#include "lifecycle/defects.hpp"
#include "lifecycle/gates.hpp"
#include "lifecycle/model_monitors.hpp"
#include "lifecycle/release_flow.hpp"
#include "lifecycle/version.hpp"

namespace rehearse::lifecycle {

/// No more than so many trainings in any span of that length, whatever asks for them.
struct TrainingCap {
  int runs = 8;
  Duration per = Duration::days(7);
};

struct TrainingPlan {
  bool on_drift = true;                ///< when drift_detected asks for it
  std::optional<Duration> every = {};  ///< when nothing has asked for so long
  learning::TrainingSettings data = {};
  Duration recent_window = Duration::days(2);  ///< where a response's emphasis is on recent data
  double ridge = 1;
  bool warm_start = true;
  JobSettings job = {};
  TrainingCap cap = {};
};

/// A version that will have something wrong, or a share of all that are trained, each by a draw of
/// its own. The first that strikes a version, in their order, is the only one.
struct DefectOf {
  std::int64_t version = 0;  ///< none: by share
  Defect defect;
  double share = 0;
};

struct ModelSettings {
  std::string name = "rec";
  std::string team = {};  ///< none: NAME-team
  int owners = 2;         ///< NAME-owner-1, ...
  /// Ids of the features, one each; none: NAME-x0, ...
  std::vector<std::string> feature_names = {};
  learning::WorldSettings world = {};
  /// Rows of a file, in the place of the world. Shared, as they are many and every replication has
  /// these settings.
  std::shared_ptr<const learning::RecordedRows> recorded = {};
  learning::RequestSettings requests = {
      {}, 100000, stats::Distribution(stats::Distribution::Exponential{Duration::hours(1)})};
  learning::Traffic traffic = {};
  Artefact artefact = {};
  Duration overhead = Duration::milliseconds(15);  ///< mean routing time of a request
  TrainingPlan training = {};
  GateSettings gates = {};
  ReleaseSettings release = {};
  std::vector<WatchingPolicy> monitors = {};
  SampleSettings samples = {};
  std::vector<DefectOf> defects = {};
};

std::size_t features_of(const ModelSettings& settings);

/// Where the model's requests come from. Throws InputError for a world that cannot be.
std::unique_ptr<const learning::Population> population_of(const ModelSettings& settings);

/// What the model's entities name.
ModelEntities entities_of(const ModelSettings& settings);

}  // namespace rehearse::lifecycle

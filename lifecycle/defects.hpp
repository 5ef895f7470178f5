// What may be wrong with a candidate, on purpose: to see at which stage it is found.
//
//   leak          training rows hold a feature's latest value, which reacts to the outcome
//   stale-window  the training window ends some time before its cut
//
// strike the data that a version is trained on. The others strike after the gates, and put the
// version in production, made worse, in the place of what was trained:
//
//   copy      nothing is worse
//   swap      two coefficients changed places: by default the largest and the smallest
//   drop      coefficients are 0
//   scale     coefficients are multiplied by a factor
//   turn      the coefficients point elsewhere, by an angle, or by as much as loses a given part of
//             the expected engagement
//   slow      every latency is multiplied by a factor
//   crash     answers fail, from the first on or from some time after the promotion
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "learning/engagement.hpp"
#include "learning/training_window.hpp"
#include "lifecycle/version.hpp"
#include "stats/random.hpp"

namespace rehearse::lifecycle {

struct Leak {
  std::size_t feature = 0;
  double reacts = 0;  ///< what a click adds to it
};
struct StaleWindow {
  Duration age;
};
struct Copy {};
struct Swap {
  std::optional<std::pair<std::size_t, std::size_t>> features;
};
struct Drop {
  std::vector<std::size_t> features;
};
struct Scale {
  std::vector<std::size_t> features;
  double factor = 1;
};
struct Turn {
  double degrees = 0;
};
/// A turn by the angle at which expected engagement has changed by this part, for example -0.02.
struct TurnTo {
  double engagement = 0;
};
struct Slow {
  double factor = 1;
};
struct Crash {
  double errors = 0;
  std::optional<stats::Distribution> after;  ///< of the promotion; none: from the first answer on
};

using Defect = std::variant<Leak, StaleWindow, Copy, Swap, Drop, Scale, Turn, TurnTo, Slow, Crash>;

/// "leak", "stale-window", "copy", "swap", "drop", "scale", "turn", "slow", "crash".
std::string to_string(const Defect& defect);

/// Whether it is in the data that a version is trained on.
bool strikes_training(const Defect& defect);

/// How such data are gathered. REQUIRES: strikes_training(defect), features below `features`.
learning::TrainingSettings strike(const Defect& defect, learning::TrainingSettings settings,
                                  std::size_t features);

/// What is true when a candidate is launched; no worlds where none are drawn, which TurnTo needs.
struct AtLaunch {
  learning::Worlds worlds;
  learning::ServingPolicy serving;
};

/// What is launched in the place of a candidate. `stream` is the version's own. REQUIRES:
/// !strikes_training(defect), features that there are.
Version strike(const Defect& defect, Version candidate, const Version& production,
               const AtLaunch& launch, stats::Stream stream);

}  // namespace rehearse::lifecycle

// How far a drift has come: it moves some parameters of a world by the factor f(t) of its full size
// (Gama et al. 2014, "A survey on concept drift adaptation", for the kinds).
//
//   sudden        1
//   incremental   min(1, (t - at) / over)
//   gradual       the share min(1, (t - at) / over) of requests follows the fully moved world
//   recurring     sine: (1 - cos(2 pi (t - at) / period)) / 2; square: 1 in the second half of each
//                 period
//
// from `at` on; 0 before, and from `until` on.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/time.hpp"
#include "learning/hour.hpp"

namespace rehearse::learning {

enum class DriftKind { sudden, incremental, gradual, recurring };
enum class DriftOf { covariate, concept_, label, missing };
enum class Wave { sine, square };

struct Drift {
  Time at;
  DriftKind kind = DriftKind::sudden;
  DriftOf of = DriftOf::covariate;
  Duration over = {};    ///< incremental and gradual
  Duration period = {};  ///< recurring
  Wave shape = Wave::sine;
  Time until = Time::never();
  std::vector<std::size_t> features = {};  ///< covariate and missing
  double shift = 0;                        ///< covariate: of the mean, in initial deviations
  double scale = 1;                        ///< covariate: of the deviation, by this factor
  double rotate = 0;                       ///< concept: the turn of the weights, in degrees
  double logit = 0;                        ///< label: of the intercept
  double rate = 0;                         ///< missing: chance of absence for a whole request
  bool benign = false;                     ///< nobody has to answer it
};

/// f at an instant; of a gradual drift the share of moved requests.
double progress(const Drift& drift, Time at);

/// When it has moved as far as it will; nullopt of a recurring drift, which never has.
std::optional<Time> completed(const Drift& drift);

/// The first hour after `hour` at whose beginning f may differ from what it is at the beginning of
/// `hour`; nullopt when it stays.
std::optional<Hour> next_move(const Drift& drift, Hour hour);

}  // namespace rehearse::learning

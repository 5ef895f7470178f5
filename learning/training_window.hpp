// What a version is trained on: logged rows of a window of time, joined with the values that their
// features had at one of three moments, and cut where their labels are not known yet.
//
// A training that begins at the cut t_c looks at [t_c - W, t_c). From each hour come the first
// ceil(rows / hours) rows, the newest `rows` of all; then those without a label are dropped. The
// last part by time is held out for the gates. A join is point-in-time-correct when no value is
// later than the row:
//
//   as-served    the value logged at serving: what the version will see
//   as-of-event  the true one then: skew where serving is stale
//   latest       the one at t_c, mean(t_c) + decay (x - mean(t)) + noise + reacts (y - P(click)):
//                leakage through features that react to the outcome
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <variant>
#include <vector>

#include "learning/examples.hpp"
#include "learning/linear_model.hpp"
#include "learning/logistic.hpp"
#include "learning/row_log.hpp"

namespace rehearse::learning {

enum class Join { as_served, as_of_event, latest };

/// How a feature changes after it was served, for the join `latest`.
struct FeatureTraits {
  Duration memory = {};  ///< a value decays towards the mean by exp(-age / memory); 0: it stays
  double reacts = 0;     ///< what a click adds to it, beyond what was to be expected
};

struct TrainingSettings {
  Duration window = Duration::days(14);
  std::size_t rows = 2000;
  double holdout = 0.2;
  Join join = Join::as_served;
  bool unlabelled_negative = false;          ///< instead of dropping them
  Duration stale = {};                       ///< by so much the window ends before the cut
  std::vector<FeatureTraits> features = {};  ///< empty: none decays or reacts
};

struct TrainingData {
  Examples train, holdout;           ///< oldest first
  std::vector<double> mean;          ///< of the columns of `train`
  std::size_t of_class[2] = {0, 0};  ///< labelled rows without and with a click, before the split
  std::size_t unlabelled = 0;        ///< rows whose label was not known
  double absent = 0;                 ///< share of the holdout in which the worst feature was absent
  Time median;                       ///< when the median row of `train` was served
  std::map<std::size_t, std::size_t> moved_by;  ///< rows of `train` by their world (WorldPart)

  std::size_t rows() const { return of_class[0] + of_class[1]; }
};

/// What served an hour; production at its start.
using ServedAt = std::function<Served(Hour)>;

/// REQUIRES: rows > 0, window > 0, 0 <= holdout < 1; for `latest`, a population that is drawn.
TrainingData gather(const RowLog& log, const ServedAt& served_at, Time cut,
                    const TrainingSettings& settings);

/// The version that the data give.
std::variant<LinearModel, FitRefused> train(const TrainingData& data, const FitSettings& settings);

/// Where a fit starts to go on from a version.
std::vector<double> warm_start(const LinearModel& model);

}  // namespace rehearse::learning

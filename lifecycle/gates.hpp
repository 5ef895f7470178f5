// Offline gates: what a trained version has to show on data before it may meet traffic.
//
//   rows      enough rows with a label, before the holdout is split off
//   class     enough of them of each class; the fit succeeded; both classes in the holdout
//   missing   no feature absent too often in the holdout
//   leak      AUC on the holdout not higher than is credible
//   auc       AUC on the holdout high enough, and not far below production's on the same rows
//
// The first gate that is not passed, in this order, rejects.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "learning/logistic.hpp"
#include "learning/training_window.hpp"
#include "stats/duration_distribution.hpp"

namespace rehearse::lifecycle {

struct GateSettings {
  std::size_t rows = 1000;
  std::size_t of_each = 25;
  double auc_at_least = 0.55;
  double auc_below_production = 0.02;
  double auc_at_most = 0.9;
  double missing_at_most = 0.02;
  stats::Distribution duration = stats::Distribution::constant(Duration::minutes(10));
};

enum class Gate { rows, class_, missing, leak, auc };

/// "rows", "class", "missing", "leak", "auc": the ends of the metrics' names.
std::string to_string(Gate gate);

struct Rejection {
  Gate gate = Gate::rows;
  std::string reason;
};

struct GateReport {
  std::optional<Rejection> rejection;
  std::optional<double> auc;  ///< on the holdout; nullopt without a fit, or where it has one class
  std::optional<double> production_auc;  ///< on the same rows
  std::optional<double> log_loss;

  bool passed() const { return !rejection; }
};

GateReport pass_gates(const GateSettings& settings, const learning::TrainingData& data,
                      const std::variant<learning::LinearModel, learning::FitRefused>& trained,
                      const learning::LinearModel& production);

}  // namespace rehearse::lifecycle

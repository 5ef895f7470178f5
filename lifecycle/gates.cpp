#include "lifecycle/gates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <vector>

#include "learning/fit_quality.hpp"

namespace rehearse::lifecycle {
namespace {

using learning::FitRefused;
using learning::LinearModel;
using learning::TrainingData;

std::optional<Rejection> too_few_rows(const GateSettings& settings, const TrainingData& data) {
  if (data.rows() >= settings.rows) return std::nullopt;
  return Rejection{Gate::rows, fmt::format("{} labelled rows, fewer than {}; {} have no label yet",
                                           data.rows(), settings.rows, data.unlabelled)};
}

std::optional<Rejection> too_few_of_class(const GateSettings& settings, const TrainingData& data) {
  const std::size_t least = std::min(data.of_class[0], data.of_class[1]);
  if (least >= settings.of_each) return std::nullopt;
  return Rejection{Gate::class_, fmt::format("{} rows without and {} with a click, fewer than {} "
                                             "of one class",
                                             data.of_class[0], data.of_class[1], settings.of_each)};
}

std::optional<Rejection> refused_by(const FitRefused& refused) {
  const bool rows = refused.why == FitRefused::Why::no_rows;
  return Rejection{rows ? Gate::rows : Gate::class_, refused.reason};
}

std::optional<Rejection> too_often_missing(const GateSettings& settings, const TrainingData& data) {
  if (data.absent <= settings.missing_at_most) return std::nullopt;
  return Rejection{Gate::missing, fmt::format("a feature is absent in {:.3g} of the holdout, more "
                                              "than {:.3g}",
                                              data.absent, settings.missing_at_most)};
}

/// REQUIRES: AUCs.
std::optional<Rejection> auc_out_of_bounds(const GateSettings& settings, const GateReport& report) {
  const double auc = *report.auc, production = *report.production_auc;
  if (auc > settings.auc_at_most) {
    return Rejection{Gate::leak, fmt::format("AUC {:.4f}, above {:.4f}: a feature may know the "
                                             "outcome",
                                             auc, settings.auc_at_most)};
  }
  if (auc < settings.auc_at_least) {
    return Rejection{Gate::auc,
                     fmt::format("AUC {:.4f}, below {:.4f}", auc, settings.auc_at_least)};
  }
  if (auc < production - settings.auc_below_production) {
    return Rejection{Gate::auc,
                     fmt::format("AUC {:.4f}, more than {:.4f} below production's {:.4f}", auc,
                                 settings.auc_below_production, production)};
  }
  return std::nullopt;
}

}  // namespace

std::string to_string(Gate gate) {
  switch (gate) {
    case Gate::rows:
      return "rows";
    case Gate::class_:
      return "class";
    case Gate::missing:
      return "missing";
    case Gate::leak:
      return "leak";
    case Gate::auc:
      return "auc";
  }
  assert(false);
  return "";
}

GateReport pass_gates(const GateSettings& settings, const TrainingData& data,
                      const std::variant<LinearModel, FitRefused>& trained,
                      const LinearModel& production) {
  GateReport report;
  const auto* model = std::get_if<LinearModel>(&trained);
  if (model) {
    const std::vector<double> b = learning::warm_start(*model);
    const std::vector<double> scores = learning::linear_scores(data.holdout, b);
    report.auc = learning::auc(data.holdout, scores);
    report.log_loss = learning::log_loss(data.holdout, scores);
    const std::vector<double> old = learning::warm_start(production);
    report.production_auc = learning::auc(data.holdout, learning::linear_scores(data.holdout, old));
  }
  report.rejection = too_few_rows(settings, data);
  if (!report.rejection) report.rejection = too_few_of_class(settings, data);
  if (!report.rejection && !model) report.rejection = refused_by(std::get<FitRefused>(trained));
  if (!report.rejection && !report.auc) {
    report.rejection = Rejection{Gate::class_, "the holdout has rows of one class alone"};
  }
  if (!report.rejection) report.rejection = too_often_missing(settings, data);
  if (!report.rejection) report.rejection = auc_out_of_bounds(settings, report);
  return report;
}

}  // namespace rehearse::lifecycle

// What `rehearse judge` prints: the verdict and how its score came about, then the metrics, those
// that ask most of a reader first and each with its reason before its numbers; lint warnings; and
// power tables.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/data_options.hpp"
#include "rollout/canary_judge.hpp"
#include "rollout/lint.hpp"
#include "rollout/power.hpp"

namespace rehearse::app {

using SeriesByMetric = std::map<std::string, rollout::Series>;

/// The metrics as they are shown: critical failures, failures, what could not be judged, passes;
/// muted ones last.
std::vector<rollout::MetricResult> by_severity(std::vector<rollout::MetricResult> metrics);

/// "High, critical", "Pass, muted".
std::string label_text(const rollout::MetricResult& metric);
/// p-value, shift, effect and points of a metric in words.
std::string numbers_text(const rollout::MetricResult& metric);
/// The verdict in a line, with why.
std::string verdict_text(const rollout::Judgement& judgement);
/// How the score came about, a line each.
std::vector<std::string> score_lines(const rollout::Judgement& judgement);

std::string judgement_text(const rollout::Judgement& judgement);
/// With histograms of both sides.
std::string judgement_json(const rollout::Judgement& judgement, const SeriesByMetric& series);
Checklist judgement_checklist(const rollout::Judgement& judgement);

std::string warnings_text(const std::vector<rollout::Warning>& warnings);
std::string warnings_json(const std::vector<rollout::Warning>& warnings);

std::string power_text(const std::vector<rollout::PowerRow>& rows);
std::string power_json(const std::vector<rollout::PowerRow>& rows);

}  // namespace rehearse::app

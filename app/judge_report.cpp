#include "app/judge_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/utf8.hpp"
#include "base/text/wrap.hpp"
#include "stats/p_value.hpp"

namespace rehearse::app {
namespace {

using rollout::Judgement;
using rollout::Label;
using rollout::MetricResult;
using rollout::Weight;

int rank(const MetricResult& metric) {
  if (metric.muted) return 5;
  if (metric.label == Label::pass) return 4;
  const bool failed = metric.label == Label::high || metric.label == Label::low ||
                      metric.label == Label::nodata_fail_metric;
  return metric.critical ? 0 : failed ? 1 : metric.label == Label::error ? 2 : 3;
}

std::string share_line(const rollout::GroupShare& share) {
  const std::string what = share.judged == 0
                               ? "no metric judged, counts as passed"
                               : fmt::format("{} of {} metrics passed", share.passed, share.judged);
  return fmt::format("group {}: {}, gave {:.4g} of {:.4g}{}", printable(share.group), what,
                     share.gave, share.weight, share.weighted ? "" : " (what the weights leave)");
}

std::string percent(int part, int all) {
  return all == 0 ? "-" : fmt::format("{:.1f}%", 100.0 * part / all);
}

std::string warning_line(const rollout::Warning& warning) {
  return fmt::format("{}: {} [{}]", printable(warning.subject), printable(warning.message, 400),
                     warning.code);
}

}  // namespace

std::vector<MetricResult> by_severity(std::vector<MetricResult> metrics) {
  std::stable_sort(metrics.begin(), metrics.end(),
                   [](const MetricResult& a, const MetricResult& b) { return rank(a) < rank(b); });
  return metrics;
}

std::string label_text(const MetricResult& metric) {
  return rollout::to_string(metric.label) + (metric.critical ? ", critical" : "") +
         (metric.muted ? ", muted" : "");
}

std::string numbers_text(const MetricResult& metric) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (metric.p_value) add(stats::p_value_text(*metric.p_value, 4));
  if (metric.shift) {
    add(fmt::format("shift {:.4g} in [{:.4g}, {:.4g}]", *metric.shift, *metric.low, *metric.high));
  }
  if (metric.effect_size) add(fmt::format("effect {:.4g}", *metric.effect_size));
  add(fmt::format("points {} and {}", metric.baseline_points, metric.canary_points));
  const auto side = [&](const char* name, std::size_t before, std::size_t now) {
    if (before + now > 0) add(fmt::format("{} {} and {}", name, before, now));
  };
  side("missing", metric.baseline.missing, metric.canary.missing);
  side("infinite", metric.baseline.above + metric.baseline.below,
       metric.canary.above + metric.canary.below);
  return text;
}

bool all_muted(const Judgement& judgement) {
  return std::all_of(judgement.metrics.begin(), judgement.metrics.end(),
                     [](const MetricResult& metric) { return metric.muted; });
}

std::string verdict_text(const Judgement& judgement) {
  const rollout::Scores& scores = judgement.scores;
  std::string text = fmt::format("score {:.4g}: {}", scores.score, to_string(scores.verdict));
  if (scores.reason == "critical") text += " (a critical metric failed)";
  if (scores.reason == "nodata") text += " (half of the metrics or more have no data)";
  if (all_muted(judgement)) text += " (every metric is muted, so nothing is judged)";
  return text;
}

std::vector<std::string> score_lines(const Judgement& judgement) {
  std::vector<std::string> lines;
  double gave = 0, weights = 0;
  for (const rollout::GroupShare& share : judgement.scores.shares) {
    lines.push_back(share_line(share));
    gave += share.gave;
    weights += share.weight;
  }
  lines.push_back(fmt::format("sum {:.4g} of {:.4g}; pass from {:.4g}, marginal from {:.4g}", gave,
                              weights, judgement.thresholds.pass, judgement.thresholds.marginal));
  if (!judgement.scores.reason.empty()) lines.back() += "; set to 0";
  if (weights < judgement.thresholds.pass && !all_muted(judgement)) {
    lines.push_back(fmt::format("no canary can pass: the weights sum to {:.4g}", weights));
  }
  return lines;
}

std::string judgement_text(const Judgement& judgement) {
  std::string text = wrapped("", verdict_text(judgement));
  for (const std::string& doubt : judgement.doubts) {
    text += wrapped("    ", "in doubt: " + printable(doubt, 400));
  }
  for (const std::string& line : score_lines(judgement)) text += wrapped("    ", line);
  text += "\n";
  for (const MetricResult& metric : by_severity(judgement.metrics)) {
    text += wrapped("", fmt::format("{}: {}: {}", printable(metric.name, 120), label_text(metric),
                                    metric.reason));
    text += wrapped("    ", numbers_text(metric));
  }
  return text;
}

Checklist judgement_checklist(const Judgement& judgement) {
  Checklist list{"canary", verdict_text(judgement), {}};
  Checked whole{Checked::State::passed, "verdict", verdict_text(judgement), ""};
  const rollout::CanaryVerdict verdict = judgement.scores.verdict;
  if (verdict == rollout::CanaryVerdict::inconclusive) whole.state = Checked::State::unclear;
  if (verdict == rollout::CanaryVerdict::fail || verdict == rollout::CanaryVerdict::marginal) {
    whole.state = Checked::State::failed;
  }
  std::vector<std::string> lines = judgement.doubts;
  for (const std::string& line : score_lines(judgement)) lines.push_back(line);
  whole.details = fmt::format("{}", fmt::join(lines, "; "));
  list.checks.push_back(whole);
  for (const MetricResult& metric : by_severity(judgement.metrics)) {
    const int order = rank(metric);
    list.checks.push_back({order <= 1   ? Checked::State::failed
                           : order <= 3 ? Checked::State::unclear
                                        : Checked::State::passed,
                           metric.name, label_text(metric) + ": " + metric.reason,
                           numbers_text(metric)});
  }
  return list;
}

std::string warnings_text(const std::vector<rollout::Warning>& warnings) {
  std::string text;
  std::size_t count = 0;
  for (const rollout::Warning& warning : warnings) {
    const bool note = warning.weight == Weight::note;
    count += note ? 0 : 1;
    text += wrapped("", (note ? "note: " : "") + warning_line(warning));
  }
  return text + fmt::format("{} warning{}\n", count, count == 1 ? "" : "s");
}

std::string power_text(const std::vector<rollout::PowerRow>& rows) {
  std::string text = fmt::format("{:>8}  {:>8}  {:>11}  {:>8}  {:>8}  {:>8}  {:>8}\n", "points",
                                 "traffic", "regression", "pass", "marginal", "fail", "unclear");
  for (const rollout::PowerRow& row : rows) {
    text += fmt::format("{:>8}  {:>8g}  {:>10g}%  {:>8}  {:>8}  {:>8}  {:>8}\n", row.points,
                        row.traffic, 100 * row.regression, percent(row.passed, row.trials()),
                        percent(row.marginal, row.trials()), percent(row.failed, row.trials()),
                        percent(row.inconclusive, row.trials()));
  }
  return text;
}

}  // namespace rehearse::app

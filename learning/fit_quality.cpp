#include "learning/fit_quality.hpp"

#include <cassert>
#include <cmath>

#include "stats/ranks.hpp"

namespace rehearse::learning {

std::vector<double> linear_scores(const Examples& examples, std::span<const double> coefficients) {
  assert(coefficients.size() == examples.columns + 1);
  std::vector<double> scores;
  scores.reserve(examples.rows());
  for (std::size_t i = 0; i < examples.rows(); ++i) {
    const std::span<const double> row = examples.row(i);
    double score = coefficients[0];
    for (std::size_t j = 0; j < row.size(); ++j) score += coefficients[j + 1] * row[j];
    scores.push_back(score);
  }
  return scores;
}

std::optional<double> auc(const Examples& examples, const std::vector<double>& scores) {
  assert(scores.size() == examples.rows());
  std::vector<double> of_clicks, of_others;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    (examples.y[i] == 1 ? of_clicks : of_others).push_back(scores[i]);
  }
  if (of_clicks.empty() || of_others.empty()) return std::nullopt;
  const double wins = stats::count_pairs(stats::sorted(of_clicks), stats::sorted(of_others)).wins;
  return wins / static_cast<double>(of_clicks.size()) / static_cast<double>(of_others.size());
}

std::optional<double> log_loss(const Examples& examples, const std::vector<double>& scores) {
  assert(scores.size() == examples.rows());
  double sum = 0, weight = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double e = scores[i];
    weight += examples.weight(i);
    sum += examples.weight(i) *
           (std::max(e, 0.0) + std::log1p(std::exp(-std::abs(e))) - examples.y[i] * e);
  }
  return weight > 0 ? std::optional<double>(sum / weight) : std::nullopt;
}

}  // namespace rehearse::learning

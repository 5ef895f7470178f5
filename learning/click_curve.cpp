#include "learning/click_curve.hpp"

#include <cassert>
#include <cmath>

namespace rehearse::learning {
namespace {

// Deviations of the curved feature within which its part of the logit has to be resolved.
constexpr double kCurvedReach = 4;

}  // namespace

/// Of the score and of the logit's linear part. The curved feature is left out of `logit_mean`,
/// `logit_variance` and `covariance`.
struct ClickCurve::Moments {
  double score_variance = 0;  ///< V
  double logit_mean = 0;      ///< m, or mu_y
  double logit_variance = 0;  ///< v^2, or v_y^2
  double covariance = 0;      ///< of score and logit: C
  double curved = 0;          ///< D, the covariance of the score and the curved feature

  Moments(const World& world, const ServedScore& score, const std::vector<bool>& present) {
    logit_mean = world.intercept;
    const bool is_curved = world.curvature.value != 0;
    for (std::size_t j = 0; j < world.features(); ++j) {
      const double variance = world.deviation[j] * world.deviation[j];
      const double weight = world.weights[j];
      const double served = present[j] ? score.weights[j] : 0;
      score_variance += served * served * variance;
      const double with_score = served * variance * score.kept(j);
      if (is_curved && j == world.curvature.feature) {
        curved = with_score;
        continue;
      }
      logit_mean += weight * world.mean[j];
      logit_variance += weight * weight * variance;
      covariance += weight * with_score;
    }
  }
};

ClickCurve::ClickCurve(const World& world, const ServedScore& score,
                       const std::vector<bool>& present) {
  assert(score.weights.size() == world.features() && present.size() == world.features());
  assert(score.retention.empty() || score.retention.size() == world.features());
  const Moments moments(world, score, present);
  flat_ = moments.score_variance == 0;
  if (world.curvature.value == 0) {
    make_linear(moments);
  } else {
    make_curved(world, moments);
  }
}

void ClickCurve::make_linear(const Moments& m) {
  start_ = m.logit_mean;
  along_ = flat_ ? 0 : m.covariance / std::sqrt(m.score_variance);
  rest_ = LogisticNormal(std::sqrt(std::max(0.0, m.logit_variance - along_ * along_)));
  slope_ = std::sqrt(m.logit_variance);
}

void ClickCurve::make_curved(const World& world, const Moments& m) {
  const std::size_t c = world.curvature.feature;
  const double deviation = world.deviation[c];
  weight_ = world.weights[c];
  curvature_ = world.curvature.value;
  centre_ = world.mean[c];
  // The part of the score that the curved feature does not explain; rounding is no part.
  const double explained = m.curved * m.curved / (deviation * deviation);
  double unexplained = m.score_variance - explained;
  if (unexplained < 1e-14 * m.score_variance) unexplained = 0;
  const double score_deviation = std::sqrt(m.score_variance);
  const double k = flat_ ? 0 : std::clamp(m.curved / (deviation * score_deviation), -1.0, 1.0);
  const double across = std::sqrt(std::max(0.0, 1 - k * k));
  start_ = m.logit_mean;
  double rest_variance = m.logit_variance;
  if (unexplained > 0) {
    along_ = m.covariance * score_deviation / unexplained;
    tilt_ = -m.covariance * m.curved / (deviation * deviation * unexplained);
    rest_variance -= m.covariance * m.covariance / unexplained;
  }
  rest_ = LogisticNormal(std::sqrt(std::max(0.0, rest_variance)));
  across_ = deviation * k;

  const double steepest = deviation * (std::abs(weight_ + 2 * curvature_ * centre_) +
                                       2 * std::abs(curvature_) * kCurvedReach * deviation);
  const double rest_deviation = std::sqrt(m.logit_variance);
  slope_ = std::abs(k) * steepest + rest_deviation;
  nodes_ = unexplained == 0 && !flat_
               ? std::vector<NormalNode>{NormalNode{}}
               : normal_nodes(step_for(across * steepest + std::abs(k) * rest_deviation, 0.5));
  for (NormalNode& node : nodes_) node.value *= deviation * across;
}

double ClickCurve::operator()(double u) const {
  if (nodes_.empty()) return rest_(start_ + along_ * u);
  double sum = 0;
  for (const NormalNode& node : nodes_) {
    const double off = across_ * u + node.value;
    const double x = centre_ + off;
    const double mean = start_ + along_ * u + tilt_ * off + weight_ * x + curvature_ * (x * x - 1);
    sum += node.weight * rest_(mean);
  }
  return sum;
}

}  // namespace rehearse::learning

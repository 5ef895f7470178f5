#include "learning/logistic.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>

#include "base/debug_assert.hpp"

namespace rehearse::learning {
namespace {

constexpr int kMostSteps = 100, kMostHalvings = 50;
constexpr double kStill = 1e-10;     // a move that ends the search, in 1 + |b|max
constexpr double kRounding = 1e-12;  // of the objective, in 1 + its value
constexpr double kSingular = 1e-13;  // least pivot of the scaled second derivatives

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;

/// The objective and its derivatives at one point. Only the lower triangle of `second` is filled.
struct Point {
  Vector at;
  double objective = 0;
  Vector gradient;
  Matrix second;
};

/// Adds a row with its weight to the sum of outer products, lower triangle. The row's intercept
/// column, 1, is the first.
void add_outer(Matrix& sum, std::span<const double> row, double weight) {
  const auto columns = static_cast<Eigen::Index>(row.size());
  double* out = sum.data();  // column by column
  out[0] += weight;
  for (Eigen::Index j = 0; j < columns; ++j) out[j + 1] += weight * row[j];
  for (Eigen::Index k = 0; k < columns; ++k) {
    out += columns + 1;
    const double by = weight * row[k];
    for (Eigen::Index j = k; j < columns; ++j) out[j + 1] += by * row[j];
  }
}

Point evaluate(const Examples& examples, double ridge, Vector at) {
  const auto columns = static_cast<Eigen::Index>(examples.columns);
  Point point{std::move(at), 0, Vector::Zero(columns + 1), Matrix::Zero(columns + 1, columns + 1)};
  const double* b = point.at.data();
  for (std::size_t i = 0; i < examples.rows(); ++i) {
    const double weight = examples.weight(i);
    if (weight == 0) continue;
    const std::span<const double> row = examples.row(i);
    double e = b[0];
    for (Eigen::Index j = 0; j < columns; ++j) e += b[j + 1] * row[j];
    // ln(1 + exp(e)) and its derivatives from exp(-|e|), which cannot overflow.
    const double small = std::exp(-std::abs(e));
    const double p = (e > 0 ? 1 : small) / (1 + small);
    point.objective += weight * (std::max(e, 0.0) + std::log1p(small) - examples.y[i] * e);
    const double slope = weight * (p - examples.y[i]);
    point.gradient[0] += slope;
    for (Eigen::Index j = 0; j < columns; ++j) point.gradient[j + 1] += slope * row[j];
    add_outer(point.second, row, weight * small / ((1 + small) * (1 + small)));
  }
  for (Eigen::Index j = 1; j <= columns; ++j) {
    point.objective += ridge / 2 * b[j] * b[j];
    point.gradient[j] += ridge * b[j];
    point.second(j, j) += ridge;
  }
  return point;
}

/// The step to the minimum of the quadratic at a point; nullopt when that has no unique one.
std::optional<Vector> newton_step(const Point& point) {
  // Scaled to a diagonal of ones, so that units do not decide what is singular.
  Vector scale = point.second.diagonal();
  for (double& value : scale) {
    if (!(value > 0) || !std::isfinite(value)) return std::nullopt;
    value = 1 / std::sqrt(value);
  }
  const Matrix scaled = scale.asDiagonal() * point.second * scale.asDiagonal();
  const Eigen::LDLT<Matrix> factors(scaled.selfadjointView<Eigen::Lower>());
  if (factors.info() != Eigen::Success || !(factors.vectorD().minCoeff() > kSingular)) {
    return std::nullopt;
  }
  const Vector step = -(scale.asDiagonal() * factors.solve(scale.asDiagonal() * point.gradient));
  return step.allFinite() ? std::optional<Vector>(step) : std::nullopt;
}

double largest(const Vector& values) { return values.cwiseAbs().maxCoeff(); }

std::optional<FitRefused> refusal(const Examples& examples, std::size_t of_each) {
  std::size_t of_class[2] = {0, 0};
  for (std::size_t i = 0; i < examples.rows(); ++i) {
    debug_assert((examples.y[i] == 0 || examples.y[i] == 1) && examples.weight(i) >= 0);
    if (examples.weight(i) > 0) ++of_class[examples.y[i] == 1 ? 1 : 0];
  }
  if (of_class[0] + of_class[1] == 0)
    return FitRefused{FitRefused::Why::no_rows, "there are no rows"};
  const std::size_t needed = std::max<std::size_t>(of_each, 1);
  for (const int one : {0, 1}) {
    if (of_class[one] >= needed) continue;
    return FitRefused{FitRefused::Why::too_few_of_class,
                      std::to_string(of_class[one]) + " rows " + (one == 1 ? "with" : "without") +
                          " a click; at least " + std::to_string(needed) + " are needed"};
  }
  return std::nullopt;
}

FitRefused no_unique_minimum() {
  return {FitRefused::Why::no_unique_minimum,
          "there is no unique minimum: columns depend on each other, or classes are separated, and "
          "the ridge does not decide"};
}

FitRefused no_convergence() {
  return {FitRefused::Why::no_convergence,
          "no convergence in " + std::to_string(kMostSteps) + " steps"};
}

std::variant<Fit, FitRefused> search(const Examples& examples, double ridge, Vector start) {
  Point point = evaluate(examples, ridge, std::move(start));
  for (int steps = 1; steps <= kMostSteps; ++steps) {
    std::optional<Vector> step = newton_step(point);
    if (!step) return no_unique_minimum();
    const double most = point.objective + kRounding * (1 + std::abs(point.objective));
    const bool still = largest(*step) <= kStill * (1 + largest(point.at));
    Point next = evaluate(examples, ridge, point.at + *step);
    for (int halvings = 0; !(next.objective <= most); ++halvings) {
      if (halvings == kMostHalvings) return no_convergence();
      *step /= 2;
      next = evaluate(examples, ridge, point.at + *step);
    }
    point = std::move(next);
    if (still) {
      return Fit{{point.at.data(), point.at.data() + point.at.size()}, point.objective, steps};
    }
  }
  return no_convergence();
}

}  // namespace

std::variant<Fit, FitRefused> fit_logistic(const Examples& examples, const FitSettings& settings) {
  const std::size_t width = examples.columns + 1;
  assert(settings.ridge >= 0 && (settings.start.empty() || settings.start.size() == width));
  assert(examples.x.size() == examples.rows() * examples.columns);
  if (std::optional<FitRefused> refused = refusal(examples, settings.of_each)) return *refused;
  const Vector nothing = Vector::Zero(static_cast<Eigen::Index>(width));
  if (!settings.start.empty()) {
    Vector start = nothing;
    std::copy(settings.start.begin(), settings.start.end(), start.data());
    auto found = search(examples, settings.ridge, std::move(start));
    if (std::holds_alternative<Fit>(found)) return found;
    // So far away that all chances are 0 or 1: a start must not decide what can be fitted.
  }
  return search(examples, settings.ridge, nothing);
}

}  // namespace rehearse::learning

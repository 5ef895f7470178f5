#include "planning/fit/monotone.hpp"

#include <algorithm>
#include <cmath>

#include "stats/distributions.hpp"
#include "stats/moments.hpp"

namespace rehearse::planning {
namespace {

constexpr double kTrifle = 0.01;  // of the limit
constexpr std::size_t kLeastRuns = 3;

struct Pair {
  const Look* cheaper;
  const Look* dearer;
};

// Every point with its nearest dearer ones would do; there are few enough to take all.
std::vector<Pair> comparable(const Survey& survey) {
  std::vector<Pair> pairs;
  for (const auto& [a, first] : survey.looks()) {
    for (const auto& [b, second] : survey.looks()) {
      if (a != b && below(a, b) && std::min(first.runs(), second.runs()) >= kLeastRuns) {
        pairs.push_back({&first, &second});
      }
    }
  }
  return pairs;
}

// One-sided p-value of "the differences are 0 or less".
double p_above_zero(const stats::Moments& differences) {
  if (differences.sample_deviation() == 0) return differences.mean() > 0 ? 0 : 1;
  const double n = static_cast<double>(differences.count());
  const double t = differences.mean() / (differences.sample_deviation() / std::sqrt(n));
  const double two_sided = stats::student_two_sided(t, n - 1);
  return t > 0 ? two_sided / 2 : 1 - two_sided / 2;
}

}  // namespace

void compare_points(const std::vector<Constraint>& constraints, const Seen& cheaper,
                    const Seen& dearer, double level, MonotoneCheck& check) {
  ++check.compared;
  for (std::size_t c = 0; c < constraints.size(); ++c) {
    const Constraint& constraint = constraints[c];
    stats::Moments differences, low, high;
    const std::size_t runs = std::min(cheaper.values[c].size(), dearer.values[c].size());
    for (std::size_t i = 0; i < runs; ++i) {
      const double a = cheaper.values[c][i];
      const double b = dearer.values[c][i];
      differences.add(constraint.turned(b) - constraint.turned(a));
      low.add(a);
      high.add(b);
    }
    const double p_value = p_above_zero(differences);
    if (p_value > level || differences.mean() <= kTrifle * std::abs(constraint.limit)) continue;
    check.breaches.push_back({cheaper.point, dearer.point, c, low.mean(), high.mean(), p_value});
  }
}

MonotoneCheck check_monotone(const Survey& survey) {
  const std::vector<Pair> pairs = comparable(survey);
  const double tests =
      static_cast<double>(std::max<std::size_t>(1, pairs.size() * survey.constraints().size()));
  MonotoneCheck check;
  for (const Pair& pair : pairs) {
    compare_points(survey.constraints(), {pair.cheaper->point, pair.cheaper->values},
                   {pair.dearer->point, pair.dearer->values}, kMonotoneLevel / tests, check);
  }
  return check;
}

}  // namespace rehearse::planning

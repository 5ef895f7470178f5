#include "planning/plan/space.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/config.hpp"

namespace rehearse::planning {
namespace {

constexpr int kDigits = 4;
constexpr double kMostSteps = 100'000;

const CostTerm& term_of(const Range& range, const Cost& cost) {
  for (const CostTerm& term : cost.terms) {
    if (term.pointer == range.parameter.pointer) return term;
  }
  throw InputError({"--over", range.parameter.pointer, 0, 0},
                   "has no part in the cost; give it a weight in --minimise");
}

void check_terms(const std::vector<Range>& ranges, const Cost& cost) {
  std::vector<std::string> pointers;
  for (const Range& range : ranges) pointers.push_back(range.parameter.pointer);
  for (const CostTerm& term : cost.terms) {
    if (std::find(pointers.begin(), pointers.end(), term.pointer) != pointers.end()) continue;
    std::string message = "costs but is not searched; give its range with --over";
    if (const auto near = config::nearest(term.pointer, pointers)) {
      message += ", or did you mean " + *near + "?";
    }
    throw InputError({"--minimise", term.pointer, 0, 0}, message);
  }
}

Axis make_axis(const Range& range, const CostTerm& term, double resolution) {
  Axis axis{range.parameter, term, *range.low.amount > 0, {}};
  const double low = *range.low.amount;
  const double high = *range.high.amount;
  if (term.reciprocal && low <= 0) {
    throw InputError({"--over", term.pointer, 0, 0},
                     "starts at 0, by which the cost would be divided");
  }
  const double wanted =
      axis.logarithmic ? std::log(high / low) / std::log1p(resolution) : 1 / resolution;
  const int steps = static_cast<int>(std::clamp(std::ceil(wanted - 1e-9), 1.0, kMostSteps));
  axis.values.push_back(range.low);
  for (int i = 1; i < steps; ++i) {
    const double share = static_cast<double>(i) / steps;
    const double amount =
        axis.logarithmic ? low * std::pow(high / low, share) : low + (high - low) * share;
    Value value = make_value(range.parameter, amount, kDigits);
    // Rounding may make neighbours meet, of whole numbers above all.
    if (*value.amount > *axis.values.back().amount && *value.amount < high) {
      axis.values.push_back(std::move(value));
    }
  }
  axis.values.push_back(range.high);
  if (!term.rises()) std::reverse(axis.values.begin(), axis.values.end());
  return axis;
}

}  // namespace

int Axis::nearest(double amount) const {
  int best = 0;
  for (int i = 1; i <= last(); ++i) {
    if (std::abs(this->amount(i) - amount) < std::abs(this->amount(best) - amount)) best = i;
  }
  return best;
}

double Axis::fineness(int step, double resolution) const {
  const int other = step == last() ? step - 1 : step + 1;
  const double width =
      logarithmic
          ? std::abs(std::log(amount(other) / amount(step))) / std::log1p(resolution)
          : std::abs((amount(other) - amount(step)) / (amount(last()) - amount(0))) / resolution;
  return 1 / width;
}

Point Space::cheapest() const { return Point(axes.size(), 0); }

Point Space::dearest() const {
  Point point;
  for (const Axis& axis : axes) point.push_back(axis.last());
  return point;
}

double Space::cost(const Point& point) const {
  double cost = 0;
  for (std::size_t i = 0; i < axes.size(); ++i) cost += axes[i].term.of(axes[i].amount(point[i]));
  return cost;
}

Point Space::moved(const Point& point, int steps) const {
  constexpr double kFine = 0.4;  // an axis with steps up to 2.5 times the resolution
  const auto fine = [&](std::size_t i) { return axes[i].fineness(point[i], resolution) >= kFine; };
  bool any_fine = false;
  for (std::size_t i = 0; i < axes.size(); ++i) any_fine |= fine(i);
  Point moved = point;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (any_fine && !fine(i)) continue;
    moved[i] = std::clamp(point[i] + steps, 0, axes[i].last());
  }
  return moved;
}

double Space::size() const {
  double size = 1;
  for (const Axis& axis : axes) size *= static_cast<double>(axis.values.size());
  return size;
}

Space make_space(const std::vector<Range>& ranges, const Cost& cost, double resolution) {
  assert(resolution > 0);
  check_terms(ranges, cost);
  Space space;
  space.resolution = resolution;
  for (const Range& range : ranges) {
    space.axes.push_back(make_axis(range, term_of(range, cost), resolution));
  }
  return space;
}

bool below(const Point& a, const Point& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i]) return false;
  }
  return true;
}

}  // namespace rehearse::planning

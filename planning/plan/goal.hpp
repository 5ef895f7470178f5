// What a plan is to reach: the cost to keep low and the promises to keep.
//
//   COST        WEIGHT * POINTER + WEIGHT / POINTER + ...
//               /mds/hydration/budgets/datasets/rate + 0.05 * /mds/hydration/concurrency
//   CONSTRAINT  METRIC <= VALUE            the metric's mean over seeds
//               METRIC >= VALUE
//               METRIC <= VALUE in 95% of runs
//
// A weight is above 0, and 1 where none is written, so that each setting drives the cost one way.
// A setting counts with its amount: a rate per second, a duration in seconds. "WEIGHT / POINTER"
// is for periods: a reconciliation of 1000 entities costs 1000 / period calls a second.
// A + between terms stands between blanks, since a pointer may
// hold it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measure/metrics.hpp"

namespace rehearse::planning {

struct CostTerm {
  std::string pointer;
  double weight = 1;
  bool reciprocal = false;  ///< weight / amount instead of weight * amount

  double of(double amount) const { return reciprocal ? weight / amount : weight * amount; }
  /// Whether a greater amount costs more.
  bool rises() const { return !reciprocal; }
};

struct Cost {
  std::string text;  ///< as the user wrote it
  std::vector<CostTerm> terms;
};

/// Throws InputError: what is no sum of pointers, a weight not above 0, a pointer given twice.
Cost parse_cost(std::string_view text);

struct Constraint {
  std::string text;  ///< as the user wrote it
  std::string metric;
  measure::Unit unit = measure::Unit::count;
  bool at_most = true;
  double limit = 0;
  std::optional<double> share;  ///< of the runs that keep the bound; nullopt: their mean does

  /// The metric turned so that less is better, and the limit to match: a share counts down from 1,
  /// so that what is missing to 1 is what is compared.
  double turned(double value) const {
    return at_most ? value : unit == measure::Unit::share ? 1 - value : -value;
  }
  double turned_limit() const { return turned(limit); }
};

/// `subjects` are the scenario's. Throws InputError: an unknown metric (with
/// the nearest known one), a bound in the wrong unit or one that nothing can meet.
Constraint parse_constraint(std::string_view text, const measure::Subjects& subjects);

/// Throws InputError for two constraints that no run can keep together: bounds on one metric, or on
/// two quantiles of one distribution, that leave nothing between them.
void check_consistent(const std::vector<Constraint>& constraints);

}  // namespace rehearse::planning

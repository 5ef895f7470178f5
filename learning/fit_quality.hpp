// How well a linear score tells clicks from the rest, on given rows.
#pragma once

#include <optional>
#include <vector>

#include "learning/examples.hpp"

namespace rehearse::learning {

/// b_0 + sum_j b_j x_ij of every row. REQUIRES: one coefficient more than columns.
std::vector<double> linear_scores(const Examples& examples, std::span<const double> coefficients);

/// Area under the ROC curve, ties counting one half, without weights; nullopt when there are no
/// rows of one class. REQUIRES: a score per row.
std::optional<double> auc(const Examples& examples, const std::vector<double>& scores);

/// Weighted mean of -ln p(y); nullopt when nothing has weight. REQUIRES: a score per row.
std::optional<double> log_loss(const Examples& examples, const std::vector<double>& scores);

}  // namespace rehearse::learning

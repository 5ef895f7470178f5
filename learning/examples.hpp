// Rows to learn from: numbers in columns, and whether each row was a click.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace rehearse::learning {

struct Examples {
  std::size_t columns = 0;
  std::vector<double> x;             ///< row by row
  std::vector<double> y;             ///< 1 for a click, else 0
  std::vector<double> weights = {};  ///< empty: all 1; a row of weight 0 counts as absent

  std::size_t rows() const { return y.size(); }
  std::span<const double> row(std::size_t i) const { return {x.data() + i * columns, columns}; }
  double weight(std::size_t i) const { return weights.empty() ? 1 : weights[i]; }
};

}  // namespace rehearse::learning

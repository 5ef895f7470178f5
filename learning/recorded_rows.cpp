#include "learning/recorded_rows.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "stats/moments.hpp"

namespace rehearse::learning {
namespace {

std::vector<std::size_t> order_in_time(const std::vector<Time>& at) {
  std::vector<std::size_t> order(at.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return at[a] < at[b]; });
  return order;
}

/// Puts a column of row by row values in deviations from its mean.
void standardise(std::vector<double>& values, std::size_t columns, std::size_t column) {
  stats::Moments moments;
  for (std::size_t i = column; i < values.size(); i += columns) {
    if (!std::isnan(values[i])) moments.add(values[i]);
  }
  const double deviation = std::sqrt(moments.population_variance());
  for (std::size_t i = column; i < values.size(); i += columns) {
    const double distance = values[i] - moments.mean();  // NaN stays NaN
    values[i] = deviation > 0 || std::isnan(distance) ? distance / deviation : 0;
  }
}

}  // namespace

RecordedRows::RecordedRows(TimedRows rows) : features_(rows.features) {
  const std::size_t count = rows.at.size();
  assert(count > 0 && rows.clicked.size() == count && rows.values.size() == count * features_);
  const std::vector<std::size_t> order = order_in_time(rows.at);
  first_ = Hour::of(rows.at[order.front()]);
  values_.reserve(rows.values.size());
  clicked_.reserve(count);
  for (const std::size_t i : order) {
    const auto index = static_cast<std::size_t>(Hour::of(rows.at[i]).number - first_.number);
    begins_.resize(std::max(begins_.size(), index + 1), clicked_.size());
    const auto from = rows.values.begin() + static_cast<std::ptrdiff_t>(i * features_);
    values_.insert(values_.end(), from, from + static_cast<std::ptrdiff_t>(features_));
    clicked_.push_back(rows.clicked[i]);
  }
  begins_.push_back(count);
  for (std::size_t j = 0; j < features_; ++j) standardise(values_, features_, j);
}

RecordedRows::Range RecordedRows::of(Hour hour) const {
  if (hour < first_ || last() < hour) return {};
  const auto index = static_cast<std::size_t>(hour.number - first_.number);
  return {begins_[index], begins_[index + 1]};
}

std::size_t RecordedRows::clicked(Range rows) const {
  std::size_t sum = 0;
  for (std::size_t i = rows.begin; i < rows.end; ++i) sum += clicked(i) ? 1 : 0;
  return sum;
}

}  // namespace rehearse::learning

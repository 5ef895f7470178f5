#include "measure/metric_table.hpp"

#include <stdexcept>

namespace rehearse::measure {

void MetricTable::add(const Metrics& run) {
  if (empty()) {
    for (const auto& metric : run) names_.push_back(metric.first);
  }
  if (run.size() != names_.size()) throw std::logic_error("two runs with different metrics");
  std::size_t column = 0;
  for (const auto& [name, value] : run) {
    if (name != names_[column++]) throw std::logic_error("two runs with different metrics");
    values_.push_back(value);
  }
  ++runs_;
}

std::span<const double> MetricTable::run(std::size_t index) const {
  return std::span(values_).subspan(index * names_.size(), names_.size());
}

std::vector<double> MetricTable::column(std::size_t name) const {
  std::vector<double> values;
  values.reserve(runs_);
  for (std::size_t i = name; i < values_.size(); i += names_.size()) values.push_back(values_[i]);
  return values;
}

}  // namespace rehearse::measure

// The metrics of many runs of one scenario: a table of numbers whose columns are named once, so
// that ten thousand runs take a few megabytes.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "measure/metrics.hpp"

namespace rehearse::measure {

class MetricTable {
 public:
  /// REQUIRES: the same names as in the first run.
  void add(const Metrics& run);

  std::size_t size() const { return runs_; }
  bool empty() const { return runs_ == 0; }
  const std::vector<std::string>& names() const { return names_; }  ///< sorted
  std::span<const double> run(std::size_t index) const;
  /// One metric of every run.
  std::vector<double> column(std::size_t name) const;

 private:
  std::vector<std::string> names_;
  std::vector<double> values_;  // run by run
  std::size_t runs_ = 0;
};

}  // namespace rehearse::measure

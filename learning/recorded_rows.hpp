// Rows that people have recorded, hour by hour of a run: features, and whether each was clicked.
//
// Features are held in deviations from their mean over all rows, as those of a drawn world begin at
// mean 0 and deviation 1: so a file's units change nothing, a ridge weighs all features alike, and
// 0 stands for what is absent where no version has a mean to put in. A feature of one value is 0.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "learning/hour.hpp"

namespace rehearse::learning {

/// Rows in any order.
struct TimedRows {
  std::size_t features = 0;
  std::vector<Time> at;        ///< of the run
  std::vector<double> values;  ///< row by row; NaN where one is absent
  std::vector<char> clicked;   ///< 0 or 1
};

class RecordedRows {
 public:
  /// Numbers of rows, in the order of their times; those of one time as they were given.
  struct Range {
    std::size_t begin = 0, end = 0;

    std::size_t size() const { return end - begin; }
  };

  /// REQUIRES: a row; values and clicks of each.
  explicit RecordedRows(TimedRows rows);

  std::size_t features() const { return features_; }
  std::size_t size() const { return clicked_.size(); }
  /// The hours of the first and the last row.
  Hour first() const { return first_; }
  Hour last() const { return {first_.number + static_cast<std::int64_t>(begins_.size()) - 2}; }

  /// Those of an hour, which may have none.
  Range of(Hour hour) const;
  std::span<const double> values(std::size_t row) const {
    return {values_.data() + row * features_, features_};
  }
  bool clicked(std::size_t row) const { return clicked_[row] != 0; }
  /// How many of them are clicked.
  std::size_t clicked(Range rows) const;

 private:
  std::size_t features_;
  Hour first_;
  std::vector<std::size_t> begins_;  ///< where each hour's rows begin, and where the last one's end
  std::vector<double> values_;
  std::vector<char> clicked_;
};

}  // namespace rehearse::learning

// What a model logs of its requests: for each, what was shown, how it was seen, and its label.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "learning/linear_model.hpp"
#include "learning/requests.hpp"
#include "learning/streams.hpp"

namespace rehearse::learning {

/// What served an hour.
struct Served {
  const LinearModel* production = nullptr;  ///< at the hour's start; before any, a uniform choice
  std::vector<double> retention = {};       ///< of each feature; empty: all fresh
};

struct LoggedRow {
  Time at;
  Time label_known;
  std::uint64_t member = 0;
  std::size_t moved_by = 0;  ///< as of its world (WorldPart)
  bool explored = false;
  bool clicked = false;
  double click_chance = 0;  ///< of what was shown, in truth
};

/// Rows of one or more hours, oldest first, each with the features of what was shown.
struct LoggedRows {
  std::size_t features = 0;
  std::vector<LoggedRow> rows;
  std::vector<double> truth;   ///< row by row: the features' true values
  std::vector<double> served;  ///< as the version saw them; NaN where one was absent

  std::span<const double> truth_of(std::size_t row) const { return of(truth, row); }
  std::span<const double> served_of(std::size_t row) const { return of(served, row); }

  void add(const LoggedRow& row, std::span<const double> true_values,
           std::span<const double> served_values) {
    rows.push_back(row);
    truth.insert(truth.end(), true_values.begin(), true_values.end());
    served.insert(served.end(), served_values.begin(), served_values.end());
  }

 private:
  std::span<const double> of(const std::vector<double>& values, std::size_t row) const {
    return {values.data() + row * features, features};
  }
};

/// The first `count` of the rows of an hour, which lie in the middles of `in_hour` equal parts of
/// it: how they are served, and from which streams they are drawn.
struct HourLog {
  Hour hour;
  std::size_t in_hour = 0, count = 0;
  const Served& served;
  const RequestSettings& requests;
  const Streams& streams;

  Time at(std::size_t row) const {
    return middle_of_part(hour.start(), Duration::hours(1), row, in_hour);
  }
};

}  // namespace rehearse::learning

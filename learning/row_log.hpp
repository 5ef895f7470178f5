// What a model logs of its requests, made when it is asked for.
//
// Every hour's rows come from streams of the hour alone: what is true of a request from one, how it
// was served (absences, noise of stale features, ties) from another. So overlapping windows see the
// same rows, whoever asks, and a prefix of an hour's rows is the same however many are asked for.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "learning/changing_world.hpp"
#include "learning/linear_model.hpp"
#include "learning/requests.hpp"
#include "learning/streams.hpp"
#include "learning/traffic.hpp"

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

  std::span<const double> truth_of(std::size_t row) const;
  std::span<const double> served_of(std::size_t row) const;
};

class RowLog {
 public:
  /// `world` outlives this.
  RowLog(const ChangingWorld& world, Traffic traffic, RequestSettings requests, Streams streams);

  const ChangingWorld& world() const { return world_; }
  const Traffic& traffic() const { return traffic_; }
  const Streams& streams() const { return streams_; }

  /// Appends the first rows of an hour, which lie in the middles of equal parts of it, as many as
  /// it has and `most` at most; returns how many.
  std::size_t append(Hour hour, const Served& served, std::size_t most, LoggedRows& rows) const;

 private:
  const ChangingWorld& world_;
  Traffic traffic_;
  RequestSettings requests_;
  Streams streams_;
};

}  // namespace rehearse::learning

// What a model logs of its requests, made when it is asked for.
//
// Every hour's rows come from streams of the hour alone: what is true of a request from one, how it
// was served (absences, noise of stale features, ties) from another. So overlapping windows see the
// same rows, whoever asks, and a prefix of an hour's rows is the same however many are asked for.
#pragma once

#include <cstddef>

#include "learning/logged_rows.hpp"
#include "learning/population.hpp"
#include "learning/traffic.hpp"

namespace rehearse::learning {

class RowLog {
 public:
  /// `population` outlives this.
  RowLog(const Population& population, Traffic traffic, RequestSettings requests, Streams streams);

  const Population& population() const { return population_; }
  const Traffic& traffic() const { return traffic_; }
  const Streams& streams() const { return streams_; }

  /// Appends the first rows of an hour, which lie in the middles of equal parts of it, as many as
  /// it has and `most` at most; returns how many.
  std::size_t append(Hour hour, const Served& served, std::size_t most, LoggedRows& rows) const;

 private:
  const Population& population_;
  Traffic traffic_;
  RequestSettings requests_;
  Streams streams_;
};

}  // namespace rehearse::learning

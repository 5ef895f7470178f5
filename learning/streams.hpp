// The named streams of one model.
//
// Draws hang on (model, hour) and (model, version) and never on what happened before, so a run that
// decides otherwise meets the same world. The truth comes from streams of seed 0.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "learning/hour.hpp"
#include "stats/random.hpp"

namespace rehearse::learning {

class Streams {
 public:
  Streams(std::uint64_t seed, std::uint64_t replication, std::string_view model);

  /// Requests, errors and clicks of an hour.
  stats::Stream counts(Hour hour) const { return numbered("counts/", hour.number); }
  /// Requests that are logged: what is true of them.
  stats::Stream rows(Hour hour) const { return numbered("rows/", hour.number); }
  /// How they were served: absences, noise of stale features, ties.
  stats::Stream serving(Hour hour) const { return numbered("serving/", hour.number); }
  /// What their features have become by the time of a training.
  stats::Stream latest(Hour hour) const { return numbered("latest/", hour.number); }
  /// What a monitor's policy sees in an hour.
  stats::Stream monitor(std::string_view policy, Hour hour) const;
  /// Copies of requests that a version answers before anybody sees what it answers.
  stats::Stream shadow(std::int64_t version) const { return numbered("shadow/", version); }
  /// The sample that a version's monitors compare with.
  stats::Stream reference(std::int64_t version) const { return numbered("reference/", version); }

  /// Of the truth alone, whatever the seed.
  stats::Stream truth() const;
  stats::Stream drift(std::size_t number) const;

 private:
  stats::Stream numbered(std::string_view what, std::int64_t number) const;

  std::uint64_t seed_, replication_;
  std::string prefix_;  ///< "lifecycle/MODEL/"
};

}  // namespace rehearse::learning

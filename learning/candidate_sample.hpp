// Samples of candidates, one a request: what monitors that look at rows are given, and what they
// compare with.
#pragma once

#include <cstddef>
#include <vector>

#include "base/time.hpp"
#include "learning/linear_model.hpp"
#include "learning/population.hpp"
#include "learning/world.hpp"
#include "stats/random.hpp"

namespace rehearse::learning {

/// Candidates of `count` requests of one hour.
CandidateColumns draw_candidates(stats::Stream& stream, const Worlds& worlds, std::size_t count);
/// The same behind those that there are. REQUIRES: a column for each feature.
void add_candidates(stats::Stream& stream, const Worlds& worlds, std::size_t count,
                    CandidateColumns& columns);

/// The reference of a version: candidates at the middles of `count` equal parts of its training
/// window, without those of hours that have none. REQUIRES: begin < end.
CandidateColumns draw_reference(stats::Stream& stream, const Population& population, Time begin,
                                Time end, std::size_t count);

/// A version's scores of candidates. REQUIRES: a column for each of its weights.
std::vector<double> scores_of(const CandidateColumns& candidates, const LinearModel& model);

}  // namespace rehearse::learning

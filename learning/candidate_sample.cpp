#include "learning/candidate_sample.hpp"

#include <cassert>
#include <limits>

#include "learning/requests.hpp"

namespace rehearse::learning {
namespace {

void add_candidate(stats::Stream& stream, const Worlds& worlds, std::vector<double>& values,
                   CandidateColumns& columns) {
  const World& world = draw_part(stream, worlds).world;
  values.resize(world.features());
  draw_features(stream, world, values);
  columns.resize(world.features());
  for (std::size_t j = 0; j < values.size(); ++j) {
    const bool absent = stream.chance(world.absent[j]);
    columns[j].push_back(absent ? std::numeric_limits<double>::quiet_NaN() : values[j]);
  }
}

}  // namespace

CandidateColumns draw_candidates(stats::Stream& stream, const Worlds& worlds, std::size_t count) {
  CandidateColumns columns;
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) add_candidate(stream, worlds, values, columns);
  return columns;
}

CandidateColumns draw_reference(stats::Stream& stream, const ChangingWorld& world, Time begin,
                                Time end, std::size_t count) {
  assert(begin < end);
  CandidateColumns columns;
  std::vector<double> values;
  Worlds worlds;
  Hour known{};
  for (std::size_t i = 0; i < count; ++i) {
    const Hour hour = Hour::of(middle_of_part(begin, end - begin, i, count));
    if (i == 0 || hour != known) worlds = world.at(hour);
    known = hour;
    add_candidate(stream, worlds, values, columns);
  }
  return columns;
}

std::vector<double> scores_of(const CandidateColumns& candidates, const LinearModel& model) {
  assert(candidates.size() == model.weights.size());
  std::vector<double> scores, values(candidates.size());
  const std::size_t count = candidates.empty() ? 0 : candidates[0].size();
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < values.size(); ++j) values[j] = candidates[j][i];
    scores.push_back(model.score(values));
  }
  return scores;
}

}  // namespace rehearse::learning

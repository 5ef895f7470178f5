#include "learning/candidate_sample.hpp"

#include <cassert>
#include <limits>
#include <utility>

#include "learning/requests.hpp"

namespace rehearse::learning {

void add_candidates(stats::Stream& stream, const Worlds& worlds, std::size_t count,
                    CandidateColumns& columns) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    const World& world = draw_part(stream, worlds).world;
    assert(columns.size() == world.features());
    values.resize(world.features());
    draw_features(stream, world, values);
    for (std::size_t j = 0; j < values.size(); ++j) {
      const bool absent = stream.chance(world.absent[j]);
      columns[j].push_back(absent ? std::numeric_limits<double>::quiet_NaN() : values[j]);
    }
  }
}

CandidateColumns draw_candidates(stats::Stream& stream, const Worlds& worlds, std::size_t count) {
  CandidateColumns columns(worlds.front().world.features());
  add_candidates(stream, worlds, count, columns);
  return columns;
}

CandidateColumns draw_reference(stats::Stream& stream, const Population& population, Time begin,
                                Time end, std::size_t count) {
  assert(begin < end);
  CandidateColumns columns(population.features());
  Hour hour{};
  std::size_t of_hour = 0;
  for (std::size_t i = 0; i < count; ++i, ++of_hour) {
    const Hour next = Hour::of(middle_of_part(begin, end - begin, i, count));
    if (next != hour) population.sample(stream, hour, std::exchange(of_hour, 0), columns);
    hour = next;
  }
  population.sample(stream, hour, of_hour, columns);
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

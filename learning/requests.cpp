#include "learning/requests.hpp"

#include <algorithm>
#include <cassert>

namespace rehearse::learning {

const WorldPart& draw_part(stats::Stream& stream, const Worlds& worlds) {
  assert(worlds.size() == 1 || worlds.size() == 2);
  return worlds.size() == 2 && stream.chance(worlds[1].share) ? worlds[1] : worlds[0];
}

std::size_t draw_best(stats::Stream& stream, std::span<const double> scores) {
  const double best = *std::max_element(scores.begin(), scores.end());
  const auto ties = std::count(scores.begin(), scores.end(), best);
  auto pick = ties == 1 ? 0 : stream.below(static_cast<std::uint64_t>(ties));
  std::size_t i = 0;
  while (scores[i] != best || pick-- > 0) ++i;
  return i;
}

void draw_features(stats::Stream& stream, const World& world, std::span<double> values) {
  for (std::size_t j = 0; j < values.size(); ++j) {
    values[j] = world.mean[j] + world.deviation[j] * stream.normal();
  }
}

std::span<const double> Request::candidate(std::size_t i) const {
  const std::size_t features = part->world.features();
  return {candidates.data() + i * features, features};
}

RequestSource::RequestSource(stats::Stream stream, const Worlds& worlds,
                             const RequestSettings& settings)
    : stream_(stream), worlds_(worlds), settings_(settings) {
  assert(settings.serving.candidates > 0 && settings.members > 0);
}

const Request& RequestSource::next() {
  const ServingPolicy& serving = settings_.serving;
  request_.member = stream_.below(settings_.members);
  request_.part = &draw_part(stream_, worlds_);
  const std::size_t features = request_.part->world.features();
  request_.candidates.resize(serving.candidates * features);
  for (std::size_t i = 0; i < serving.candidates; ++i) {
    draw_features(stream_, request_.part->world,
                  {request_.candidates.data() + i * features, features});
  }
  request_.explored.reset();
  if (stream_.chance(serving.exploration)) request_.explored = stream_.below(serving.candidates);
  request_.luck = stream_.uniform();
  request_.label_delay = settings_.label_delay.sample(stream_);
  return request_;
}

}  // namespace rehearse::learning

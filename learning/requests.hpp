// Requests one by one: their candidates, and the chances on which their outcome hangs.
//
// A request is drawn without regard to what is shown, in one order: member; the world it follows,
// if a gradual drift is under way; the candidates' features, candidate by candidate; exploration,
// and if so of which candidate; the click's chance; the delay of its label. So another version in
// production meets the same requests.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "learning/engagement.hpp"
#include "learning/world.hpp"
#include "stats/duration_distribution.hpp"
#include "stats/random.hpp"

namespace rehearse::learning {

struct Request {
  std::uint64_t member = 0;
  const WorldPart* part = nullptr;
  std::vector<double> candidates;  ///< true features, candidate by candidate
  std::optional<std::size_t> explored;
  double luck = 0;  ///< uniform; what is shown is clicked when its chance is above it
  Duration label_delay;

  std::span<const double> candidate(std::size_t i) const;
};

/// What is the same for all requests of a model.
struct RequestSettings {
  ServingPolicy serving = {};
  std::uint64_t members = 100000;
  stats::Distribution label_delay = {};
};

/// The world that one request follows.
const WorldPart& draw_part(stats::Stream& stream, const Worlds& worlds);
/// Which of some scores is the largest, ties uniformly. REQUIRES: one at least, all numbers.
std::size_t draw_best(stats::Stream& stream, std::span<const double> scores);
/// The true features of one candidate. REQUIRES: as many values as features.
void draw_features(stats::Stream& stream, const World& world, std::span<double> values);

class RequestSource {
 public:
  /// `worlds` outlives this.
  RequestSource(stats::Stream stream, const Worlds& worlds, const RequestSettings& settings);

  /// The next request, until the call after it.
  const Request& next();

 private:
  stats::Stream stream_;
  const Worlds& worlds_;
  const RequestSettings& settings_;
  Request request_;
};

}  // namespace rehearse::learning

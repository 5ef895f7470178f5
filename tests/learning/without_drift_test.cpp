// A model without drift, through 60 days, by seed: clicks scatter as counts do, and a version
// trained before the start loses little.
#include <catch2/catch.hpp>
#include <cmath>

#include "learning/changing_world.hpp"
#include "learning/engagement.hpp"
#include "learning/training_window.hpp"
#include "stats/moments.hpp"

using namespace rehearse;
using namespace rehearse::learning;

namespace {

constexpr int kSeeds = 400, kHours = 60 * 24;

LinearModel first_version(const ChangingWorld& world, const Traffic& traffic,
                          const Streams& streams) {
  RequestSettings requests;
  requests.label_delay = stats::Distribution(stats::Distribution::Exponential{Duration::hours(1)});
  const RowLog log(world, traffic, requests, streams);
  const TrainingData data = gather(log, [](Hour) { return Served{}; }, Time{}, {});
  return std::get<LinearModel>(train(data, {}));
}

}  // namespace

TEST_CASE(
    "without drift clicks are counts of the expected engagement, which stays near its bound") {
  WorldSettings settings;
  settings.relation.weights = {0.6, -0.9, 0.4, 0.5, -0.3, 0.45, -0.55, 0.35};
  const ChangingWorld world("rec", settings);
  const Traffic traffic;
  const double bound = engagement_bound(world.initial(), {});
  stats::Moments scores, lost;
  double worst = 0;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const Streams streams(std::uint64_t(seed), 0, "rec");
    const LinearModel model = first_version(world, traffic, streams);
    const double rate = expected_engagement(world.at(Hour{0}), {model.weights}, {});
    double expected = 0, clicks = 0;
    for (Hour hour{0}; hour < Hour{kHours}; hour = hour.next()) {
      const double requests = intensity(traffic, hour) * 3600;
      stats::Stream stream = streams.counts(hour);
      clicks += double(draw_counts(stream, requests, {0, 0, rate}).clicks);
      expected += requests * rate;
    }
    scores.add((clicks - expected) / std::sqrt(expected));
    lost.add(1 - rate / bound);
    worst = std::max(worst, 1 - rate / bound);
  }
  CAPTURE(scores.mean(), scores.sample_variance(), lost.mean(), worst);
  CHECK(std::abs(scores.mean()) <= 0.17);
  CHECK((scores.sample_variance() >= 0.8 && scores.sample_variance() <= 1.25));
  CHECK(lost.mean() <= 0.008);
  CHECK(worst <= 0.022);
}

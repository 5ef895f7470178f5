#include "stats/duration_law.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <memory>

#include "stats/lognormal.hpp"

using namespace rehearse;
using namespace rehearse::stats;

namespace {

Duration seconds(double count) { return Duration::from_seconds(count); }

std::vector<Distribution> every_shape() {
  const std::vector<Duration> values = {seconds(1), seconds(2), seconds(4), seconds(8)};
  return {
      Distribution(Distribution::Uniform{seconds(1), seconds(9)}),
      Distribution(Distribution::Exponential{seconds(2)}),
      Distribution(lognormal(seconds(2), seconds(10))),
      Distribution(Distribution::Pareto{seconds(1), 1.5}),
      Distribution(Distribution::Erlang{seconds(4), 3}),
      Distribution(Distribution::Empirical{std::make_shared<const std::vector<Duration>>(values)})};
}

}  // namespace

TEST_CASE("shares above limits are those of samples") {
  constexpr int kSamples = 40'000;
  for (const Distribution& distribution : every_shape()) {
    Stream stream(3, 0, "law/" + std::to_string(distribution.shape().index()));
    int above[3] = {};
    for (int i = 0; i < kSamples; ++i) {
      const Duration sample = distribution.sample(stream);
      for (int limit = 0; limit < 3; ++limit) above[limit] += sample > seconds(1.5 + 2 * limit);
    }
    for (int limit = 0; limit < 3; ++limit) {
      const double share = share_above(distribution, seconds(1.5 + 2 * limit));
      const double error = std::sqrt(share * (1 - share) / kSamples);
      CAPTURE(distribution.shape().index(), limit, share);
      CHECK(std::abs(double(above[limit]) / kSamples - share) <= 4 * error);
    }
  }
}

TEST_CASE("a quantile has its share below it") {
  for (const Distribution& distribution : every_shape()) {
    if (std::holds_alternative<Distribution::Empirical>(distribution.shape())) continue;
    for (const double p : {0.01, 0.5, 0.99}) {
      CAPTURE(distribution.shape().index(), p);
      CHECK(share_above(distribution, quantile(distribution, p)) == Approx(1 - p).epsilon(1e-6));
    }
  }
  REQUIRE(quantile(every_shape().back(), 0.5) == seconds(2));
  REQUIRE(quantile(every_shape().back(), 0.51) == seconds(4));
  REQUIRE(quantile(Distribution(lognormal(seconds(2), seconds(10))), 0.99).to_seconds() ==
          Approx(10));
}

TEST_CASE("a constant lies on one side of a limit") {
  const Distribution two = Distribution::constant(seconds(2));
  REQUIRE(share_above(two, seconds(2)) == 0);
  REQUIRE(share_above(two, seconds(1.999)) == 1);
  REQUIRE(quantile(two, 0.3) == seconds(2));
}

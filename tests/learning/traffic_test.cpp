#include "learning/traffic.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "learning/streams.hpp"
#include "stats/moments.hpp"

using namespace rehearse;
using namespace rehearse::learning;

TEST_CASE("traffic peaks at its hour of the day and thins out at the weekend") {
  Traffic traffic;
  traffic.weekend = 0.5;
  REQUIRE(intensity(traffic, Hour{20}) == Approx(65));
  REQUIRE(intensity(traffic, Hour{8}) == Approx(35));
  REQUIRE(intensity(traffic, Hour{5 * 24 + 20}) == Approx(32.5));
  REQUIRE(intensity(traffic, Hour{6 * 24 + 20}) == Approx(32.5));
  REQUIRE(intensity(traffic, Hour{7 * 24 + 20}) == Approx(65));
  REQUIRE(intensity(traffic, Hour{-4}) == Approx(32.5));  // day -1 is a sixth of seven
  REQUIRE(intensity(traffic, Hour{-2 * 24 - 4}) == Approx(65));
  traffic.rate = {600, Duration::minutes(1)};
  REQUIRE(intensity(traffic, Hour{20}) == Approx(13));
}

TEST_CASE("an hour logs rows in proportion to its traffic, and its most where that is high") {
  Traffic traffic;
  REQUIRE(logged_rows(traffic, Hour{20}) == 400);
  REQUIRE(logged_rows(traffic, Hour{14}) == 400);  // the wave crosses 1
  REQUIRE(logged_rows(traffic, Hour{8}) == 280);
  traffic.daily = 1;
  REQUIRE(logged_rows(traffic, Hour{8}) == 0);
}

TEST_CASE("an arm's counts are those of requests one by one") {
  const ArmChances chances{0.02, 0.05, 0.4};
  const double expected = 900, draws = 40'000;
  stats::Stream stream(81, 0, "counts");
  stats::Moments requests, errors, slow, clicks, both;
  for (int i = 0; i < draws; ++i) {
    const ArmCounts counts = draw_counts(stream, expected, chances);
    REQUIRE(counts.errors + counts.slow + counts.clicks <= counts.requests);
    requests.add(double(counts.requests));
    errors.add(double(counts.errors));
    slow.add(double(counts.slow));
    clicks.add(double(counts.clicks));
    both.add(double(counts.errors + counts.clicks));
  }
  // Thinned Poisson streams are independent Poisson streams (Kingman 1993, section 5.1).
  const auto is_poisson = [&](const stats::Moments& moments, double mean) {
    CAPTURE(mean);
    CHECK(std::abs(moments.mean() - mean) <= 4 * std::sqrt(mean / draws));
    CHECK(std::abs(moments.sample_variance() - mean) <= 4 * mean * std::sqrt(2.1 / draws));
  };
  is_poisson(requests, 900);
  is_poisson(errors, 900 * 0.02);
  is_poisson(slow, 900 * 0.98 * 0.05);
  is_poisson(clicks, 900 * 0.98 * 0.95 * 0.4);
  is_poisson(both, 900 * (0.02 + 0.98 * 0.95 * 0.4));
}

TEST_CASE("the 99th percentile of requests lies where the k-th of uniform variables does") {
  stats::Stream stream(82, 0, "p99");
  for (const std::uint64_t n : {1ULL, 7ULL, 100ULL, 1000ULL}) {
    stats::Moments positions;
    for (int i = 0; i < 20'000; ++i) positions.add(draw_p99_position(stream, n));
    const double k = std::ceil(0.99 * double(n)), a = k, b = double(n) - k + 1;
    const double deviation = std::sqrt(a * b / (a + b + 1)) / (a + b);
    CHECK(std::abs(positions.mean() - a / (a + b)) <= 4 * deviation / std::sqrt(20'000));
  }
}

TEST_CASE("streams of a model depend on its name, the hour, the seed, and the truth on no seed") {
  const Streams streams(5, 0, "rec"), other(6, 0, "rec");
  REQUIRE(streams.counts(Hour{3})() == Streams(5, 0, "rec").counts(Hour{3})());
  REQUIRE(streams.counts(Hour{3})() != streams.counts(Hour{4})());
  REQUIRE(streams.counts(Hour{3})() != streams.rows(Hour{3})());
  REQUIRE(streams.counts(Hour{3})() != other.counts(Hour{3})());
  REQUIRE(streams.counts(Hour{3})() == stats::Stream(5, 0, "lifecycle/rec/counts/3")());
  REQUIRE(streams.monitor("p", Hour{-3})() == stats::Stream(5, 0, "lifecycle/rec/monitor/p/-3")());
  REQUIRE(streams.truth()() == other.truth()());
  REQUIRE(streams.drift(0)() == stats::Stream(0, 0, "lifecycle/rec/drift/0")());
}

#include "stats/random.hpp"

#include <catch2/catch.hpp>

using rehearse::stats::Stream;

TEST_CASE("a stream depends on seed, replication and name alone") {
  Stream first(1, 0, "bus/drop");
  Stream same(1, 0, "bus/drop");
  for (int i = 0; i < 100; ++i) REQUIRE(first() == same());
  REQUIRE(Stream(1, 0, "a")() != Stream(1, 0, "b")());
  REQUIRE(Stream(1, 0, "a")() != Stream(2, 0, "a")());
  REQUIRE(Stream(1, 0, "a")() != Stream(1, 1, "a")());
}

TEST_CASE("a sure or impossible chance draws nothing") {
  Stream stream(1, 0, "x");
  Stream untouched(1, 0, "x");
  REQUIRE(stream.chance(1));
  REQUIRE_FALSE(stream.chance(0));
  REQUIRE(stream() == untouched());
}

TEST_CASE("the exponential distribution has the mean asked for") {
  Stream stream(7, 0, "mean");
  double sum = 0;
  const int n = 200'000;
  for (int i = 0; i < n; ++i) sum += stream.exponential(3.0);
  REQUIRE(sum / n == Approx(3.0).epsilon(0.01));  // 4.5 standard errors
}

#include "base/token_bucket.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

using namespace rehearse;

namespace {

constexpr Duration kLongest = Duration::days(36'500);

// Draws of a fixed seed, which replays them.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : engine_(seed) {}
  double exponential(double mean) { return -mean * std::log1p(-uniform()); }
  bool chance(double p) { return uniform() < p; }

 private:
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  std::mt19937_64 engine_;
};

}  // namespace

TEST_CASE("a backlog on a bucket of burst 1 starts at exact multiples of the interval") {
  struct Case {
    Rate rate;
    std::int64_t starts, nanoseconds;
  };
  // The k-th start after the first is at k * per / count, rounded up.
  for (const Case& c : {Case{{3, Duration::seconds(1)}, 3'000'000, 1'000'000'000'000'000},
                        Case{{7, Duration::minutes(1)}, 700'000, 6'000'000'000'000'000},
                        Case{{20, Duration::seconds(1)}, 20'000, 1'000'000'000'000},
                        Case{{0.1, Duration::seconds(1)}, 1'000, 10'000'000'000'000},
                        Case{{2.5, Duration::hours(1)}, 25, 36'000'000'000'000}}) {
    TokenBucket bucket(c.rate, 1);
    Time at;
    for (std::int64_t k = 0; k < c.starts; ++k) {
      at = bucket.earliest();
      bucket.take(at);
    }
    CHECK(bucket.earliest().ns == c.nanoseconds);
  }
}

TEST_CASE("a start on a bucket of burst 1 is max(arrival, previous start + interval)") {
  Draw draw(7);
  TokenBucket bucket(Rate{8, Duration::seconds(1)}, 1);
  Time arrival;
  std::optional<Time> previous;
  for (int i = 0; i < 10000; ++i) {
    arrival = arrival + Duration::from_seconds(draw.exponential(0.13));
    const Time start = std::max(arrival, bucket.earliest());
    const Time expected =
        previous ? std::max(arrival, *previous + Duration::milliseconds(125)) : arrival;
    REQUIRE(start == expected);
    bucket.take(start);
    previous = std::max(start, arrival);
  }
}

TEST_CASE("a bucket lets its burst through at once and never more than it has refilled") {
  TokenBucket bucket(Rate{10, Duration::seconds(1)}, 5);
  const Time start = Time{} + Duration::hours(3);  // long idle: still no more than the burst
  for (int i = 0; i < 5; ++i) {
    REQUIRE(bucket.earliest() <= start);
    bucket.take(start);
  }
  CHECK(bucket.earliest() == start + Duration::milliseconds(100));
  CHECK(bucket.full() == start + Duration::milliseconds(500));
}

TEST_CASE("a bucket of rate 0 gives its burst and nothing after; one without rate never waits") {
  TokenBucket never(Rate{0, Duration::seconds(1)}, 2);
  never.take({});
  never.take({});
  CHECK(never.earliest() == Time::never());
  TokenBucket always;
  always.take({5});
  CHECK(always.earliest() == Time{});
}

TEST_CASE("over any window a bucket grants at most burst + rate * window tokens") {
  const std::uint64_t seed = 11;
  Draw draw(seed);
  TokenBucket bucket(Rate{3, Duration::seconds(1)}, 2.5);
  std::vector<Time> taken;
  Time now;
  for (int i = 0; i < 3000; ++i) {
    now = now + Duration::from_seconds(draw.exponential(0.2));
    while (bucket.earliest() <= now && draw.chance(0.8)) {
      bucket.take(now);
      taken.push_back(now);
    }
  }
  for (std::size_t i = 0; i < taken.size(); ++i) {
    for (std::size_t j = i; j < std::min(taken.size(), i + 60); ++j) {
      const double window = (taken[j] - taken[i]).to_seconds();
      REQUIRE(static_cast<double>(j - i + 1) <= 2.5 + 3 * window + 1e-6);
    }
  }
}

TEST_CASE("a bucket that refuses lets through its rate in the long run and its burst at once") {
  TokenBucket bucket(Rate{50, Duration::seconds(1)}, 5);
  int passed = 0;
  for (int ms = 0; ms < 10'000; ++ms) {
    const auto wait = bucket.refuse(Time{} + Duration::milliseconds(ms));
    if (!wait) {
      ++passed;
    } else {
      CHECK(*wait > Duration{});
      CHECK(*wait <= Duration::milliseconds(20));
    }
  }
  CHECK(passed ==
        504);  // 10 s at 50/s, and a bucket of 5 that is full at the start, not at the end
}

TEST_CASE("a bucket counts tokens that take longer to come than a run can last") {
  TokenBucket bucket(Rate{1, kLongest}, 1'000'000);
  for (int call = 0; call < 1'000'000; ++call) REQUIRE_FALSE(bucket.refuse(Time{}).has_value());
  CHECK(bucket.refuse(Time{}) == kLongest);
}

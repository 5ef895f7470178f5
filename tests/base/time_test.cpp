#include "base/time.hpp"

#include <catch2/catch.hpp>

using namespace rehearse;

TEST_CASE("seconds round to the nearest nanosecond") {
  CHECK(Duration::from_seconds(0.1).ns == 100'000'000);
  CHECK(Duration::from_seconds(1e-9).ns == 1);
  CHECK(Duration::from_seconds(1.4e-9).ns == 1);
  CHECK(Duration::from_seconds(-0.25).ns == -250'000'000);
  CHECK(Duration::from_seconds(86400.0 * 365).ns == Duration::days(365).ns);
}

TEST_CASE("sums of times do not depend on their order") {
  const Time start{123};
  const Duration a = Duration::milliseconds(1);
  const Duration b = Duration::hours(5);
  CHECK(start + a + b == start + b + a);
  CHECK((start + b) - start == b);
  CHECK((start + b - b) == start);
  CHECK(b / a == 18'000'000);
}

TEST_CASE("never is later than every instant of a run") {
  CHECK(Time{0} + Duration::days(36'500) < Time::never());
}

TEST_CASE("the interval of a rate is exact where the rate divides its unit") {
  CHECK(Rate{40, Duration::hours(1)}.interval() == Duration::seconds(90));
  CHECK(Rate{0.001, Duration::seconds(1)}.interval() == Duration::seconds(1000));
  CHECK(Rate{3, Duration::minutes(1)}.per_second() == Approx(0.05));
}

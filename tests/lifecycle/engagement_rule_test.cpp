#include "lifecycle/engagement_rule.hpp"

#include <catch2/catch.hpp>

using namespace rehearse;
using namespace rehearse::lifecycle;

namespace {

Time day(double count) { return Time{} + Duration::from_seconds(86400 * count); }

/// Midnights 1 to `days` at 1000 requests a day.
EngagementRule after(int days, std::uint64_t clicks) {
  EngagementRule rule;
  for (int i = 1; i <= days; ++i) REQUIRE_FALSE(rule.midnight(day(i), 1000, clicks));
  return rule;
}

}  // namespace

TEST_CASE("a drop is told at the first midnight after a whole day") {
  EngagementRule rule = after(10, 200);
  rule.promoted(day(10.5));
  REQUIRE_FALSE(rule.midnight(day(11), 1000, 100));  // half a day of which was the version before's
  REQUIRE(rule.midnight(day(12), 1000, 189));
  EngagementRule within = after(10, 200);
  within.promoted(day(10.5));
  within.midnight(day(11), 1000, 100);
  REQUIRE_FALSE(within.midnight(day(12), 1000, 190));  // 5% is not over 5%
}

TEST_CASE("days since the promotion count together") {
  EngagementRule rule = after(10, 200);
  rule.promoted(day(10));
  REQUIRE(rule.midnight(day(11), 1000, 180));
  REQUIRE(rule.midnight(day(12), 1000, 195));        // 187.5 on average
  REQUIRE_FALSE(rule.midnight(day(13), 1000, 198));  // 191
}

TEST_CASE("what counts before is the lower of the last day and the week") {
  EngagementRule weak_day = after(10, 200);
  weak_day.midnight(day(11), 1000, 150);
  weak_day.promoted(day(11));
  REQUIRE_FALSE(weak_day.midnight(day(12), 1000, 145));
  EngagementRule strong_day = after(10, 150);
  strong_day.midnight(day(11), 1000, 220);
  strong_day.promoted(day(11));
  REQUIRE_FALSE(strong_day.midnight(day(12), 1000, 155));  // against a mean of 160
  REQUIRE(strong_day.midnight(day(13), 1000, 145));
}

TEST_CASE("there is no rule early, after the probation, or after a return") {
  EngagementRule early = after(2, 200);
  early.promoted(day(2));
  REQUIRE_FALSE(early.midnight(day(3), 1000, 10));
  EngagementRule late = after(10, 200);
  late.promoted(day(10));
  for (int i = 11; i <= 17; ++i) REQUIRE(late.midnight(day(i), 1000, 10));
  REQUIRE_FALSE(late.midnight(day(18), 1000, 10));
  EngagementRule back = after(10, 200);
  back.promoted(day(10));
  back.reverted();
  REQUIRE_FALSE(back.midnight(day(11), 1000, 10));
}

TEST_CASE("a day without requests is none") {
  EngagementRule rule = after(10, 200);
  rule.promoted(day(10));
  REQUIRE_FALSE(rule.midnight(day(11), 0, 0));
  REQUIRE(rule.midnight(day(12), 1000, 150));
}

// Times as people write them, read back.
#include "base/text/clock_text.hpp"

#include <catch2/catch.hpp>

using rehearse::clock_text;
using rehearse::Duration;
using rehearse::parse_clock_text;
using rehearse::Time;

TEST_CASE("every time is read back from its text") {
  for (const std::int64_t ns :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{4'223'000'000'000},
        std::int64_t{86'399'999'999'999}, std::int64_t{190'000'500'000'000}}) {
    INFO(clock_text({ns}));
    CHECK(parse_clock_text(clock_text({ns})) == Time{ns});
  }
}

TEST_CASE("a clock without seconds and a duration are times") {
  CHECK(parse_clock_text("03:10") == Time{} + Duration::minutes(190));
  CHECK(parse_clock_text("190m") == Time{} + Duration::minutes(190));
  CHECK(parse_clock_text("2d 04:00") == Time{} + Duration::hours(52));
  CHECK(parse_clock_text("30d") == Time{} + Duration::days(30));
}

TEST_CASE("what is no time is refused") {
  for (const char* text :
       {"", "03", "3:1x", "03:60", "03:10:60", "03:10:00.", "-1s", "1d", "2d 24:00", "1w",
        "03:10:00.1234567890", "99999999999999999999m", "1000000000d"}) {
    INFO(text);
    CHECK(parse_clock_text(text).has_value() == (std::string(text) == "1d"));
  }
}

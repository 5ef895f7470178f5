#include "world/question.hpp"

#include <catch2/catch.hpp>

using namespace rehearse;
using namespace rehearse::world;

namespace {

using Strings = std::vector<std::string>;

Time at(std::int64_t seconds) { return Time{} + Duration::seconds(seconds); }

// "old" was verified at 0 s, "never" never, everything else at 90 s.
const Recency kRecency{[](const std::string& uri) -> std::optional<Time> {
                         if (uri == "never") return std::nullopt;
                         return uri == "old" ? at(0) : at(90);
                       },
                       Duration::minutes(1)};

}  // namespace

TEST_CASE("an answer may miss something, hold something outdated, or both") {
  CHECK_FALSE(judge("m", {"a", "b"}, {"a", "b"}, kRecency, at(100)).wrong());
  const Verdict both = judge("m", {"a", "c"}, {"a", "b"}, kRecency, at(100));
  CHECK(both.missed == Strings{"b"});
  CHECK(both.outdated == Strings{"c"});
  CHECK(both.wrong());
  CHECK(judge("m", {}, {"a"}, kRecency, at(100)).missed == Strings{"a"});
  CHECK(judge("m", {"a"}, {}, kRecency, at(100)).outdated == Strings{"a"});
}

TEST_CASE("a wrong answer misleads when all that it shows was verified lately") {
  CHECK(judge("m", {}, {"a"}, kRecency, at(100)).misleading);
  CHECK(judge("m", {"c"}, {}, kRecency, at(150)).misleading);
  CHECK_FALSE(judge("m", {"c"}, {}, kRecency, at(151)).misleading);
  CHECK_FALSE(judge("m", {"old"}, {}, kRecency, at(100)).misleading);
  CHECK_FALSE(judge("old", {}, {"a"}, kRecency, at(100)).misleading);
  CHECK_FALSE(judge("never", {}, {"a"}, kRecency, at(100)).misleading);
  CHECK_FALSE(judge("m", {"a"}, {"a"}, kRecency, at(100)).misleading);
}

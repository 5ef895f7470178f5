#include "world/question.hpp"

#include <catch2/catch.hpp>

using namespace rehearse;
using namespace rehearse::world;

namespace {

using Strings = std::vector<std::string>;

Time at(std::int64_t seconds) { return Time{} + Duration::seconds(seconds); }

// "old" was verified at 0 s, "never" never, everything else at 90 s.
std::optional<Time> verified(const std::string& uri) {
  if (uri == "never") return std::nullopt;
  return uri == "old" ? at(0) : at(90);
}

// The verdict at this second where a minute is recent.
Verdict judged(const std::string& entity, const Strings& answer, const Strings& truth,
               std::int64_t now = 100) {
  ReadAnswer read{answer, {verified(entity)}};
  for (const std::string& uri : answer) read.verified.push_back(verified(uri));
  return judge(read, truth, at(now - 60));
}

}  // namespace

TEST_CASE("an answer may miss something, hold something outdated, or both") {
  CHECK_FALSE(judged("m", {"a", "b"}, {"a", "b"}).wrong());
  const Verdict both = judged("m", {"a", "c"}, {"a", "b"});
  CHECK(both.missed == Strings{"b"});
  CHECK(both.outdated == Strings{"c"});
  CHECK(both.wrong());
  CHECK(judged("m", {}, {"a"}).missed == Strings{"a"});
  CHECK(judged("m", {"a"}, {}).outdated == Strings{"a"});
}

TEST_CASE("a wrong answer misleads when all that it shows was verified lately") {
  CHECK(judged("m", {}, {"a"}).misleading);
  CHECK(judged("m", {"c"}, {}, 150).misleading);
  CHECK_FALSE(judged("m", {"c"}, {}, 151).misleading);
  CHECK_FALSE(judged("m", {"old"}, {}).misleading);
  CHECK_FALSE(judged("old", {}, {"a"}).misleading);
  CHECK_FALSE(judged("never", {}, {"a"}).misleading);
  CHECK_FALSE(judged("m", {"a"}, {"a"}).misleading);
}

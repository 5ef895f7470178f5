#include "query_fixture.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

namespace rehearse::test {

Ran::Ran(const std::string& scenario) {
  const Finished run = run_rehearse({"run", scenario, "--out", (folder_.path() / "o").string()});
  INFO(run.err);
  REQUIRE(run.status == 0);
}

Finished Ran::query(const Words& words) const {
  Words whole = {"query", graph()};
  whole.insert(whole.end(), words.begin(), words.end());
  return run_rehearse(whole);
}

std::string Ran::text(const Words& words) const {
  const Finished finished = query(words);
  INFO(finished.err);
  REQUIRE(finished.status == 0);
  return finished.out;
}

json Ran::document(Words words) const {
  words.insert(words.end(), {"--format", "json"});
  return json::parse(text(words));
}

Words values(const json& rows, const std::string& key) {
  Words found;
  for (const json& row : rows) found.push_back(row.at(key));
  return found;
}

void check_refused(const Finished& finished, const std::string& part) {
  INFO(finished.err);
  CHECK(finished.status == 2);
  CHECK(finished.out.empty());
  CHECK(std::count(finished.err.begin(), finished.err.end(), '\n') == 1);
  CHECK_THAT(finished.err, Catch::Contains(part));
}

}  // namespace rehearse::test

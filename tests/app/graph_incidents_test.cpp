// The incident library: every scenario of scenarios/incidents/ fails an expectation as written, and
// its fixed twin passes them all. The README lists each with the figures of both.
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "command_line.hpp"
#include "fixtures.hpp"

using rehearse::test::read_file;
using rehearse::test::run_rehearse;
namespace fs = std::filesystem;

namespace {

const std::string kFolder = "scenarios/incidents/";
const std::string kFixed = ".fixed";

std::set<std::string> incidents() {
  std::set<std::string> names;
  for (const auto& file : fs::directory_iterator(rehearse::test::source_path(kFolder))) {
    const std::string stem = file.path().stem().string();
    if (!stem.ends_with(kFixed)) names.insert(stem);
  }
  return names;
}

nlohmann::json expectations(const std::string& file, int status) {
  const auto finished = run_rehearse({"run", kFolder + file + ".json", "--format", "json"});
  INFO(file << ": " << finished.err);
  CHECK(finished.status == status);
  REQUIRE((finished.status == 0 || finished.status == 1));
  return nlohmann::json::parse(finished.out).at("expectations");
}

}  // namespace

TEST_CASE("every incident fails as written, and its fixed twin passes the same expectations") {
  const std::set<std::string> names = incidents();
  REQUIRE(names.size() >= 19);
  for (const std::string& name : names) {
    INFO(name);
    const nlohmann::json written = expectations(name, 1);
    const nlohmann::json fixed = expectations(name + kFixed, 0);
    REQUIRE(written.size() == fixed.size());
    for (std::size_t i = 0; i < written.size(); ++i) {
      CHECK(written[i].at("metric") == fixed[i].at("metric"));
      CHECK(written[i].at("bound") == fixed[i].at("bound"));
    }
  }
}

TEST_CASE("the first divergence of an incident names its cause") {
  const std::map<std::string, std::string> causes = {{"lost-last-event", "lost event"},
                                                     {"concurrent-hydrations", "raced response"},
                                                     {"missing-first-event", "dead letter"},
                                                     {"tombstones-ignored", "silent source"}};
  for (const auto& [name, cause] : causes) {
    const auto finished = run_rehearse({"run", kFolder + name + ".json", "--format", "json"});
    REQUIRE(finished.status == 1);
    const nlohmann::json divergences = nlohmann::json::parse(finished.out).at("divergences");
    INFO(name);
    REQUIRE(!divergences.empty());
    CHECK_THAT(divergences[0].at("cause").get<std::string>(), Catch::StartsWith(cause));
  }
}

TEST_CASE("the README lists every incident, and every incident says what happens in it") {
  const std::string readme = read_file(rehearse::test::source_path("scenarios/README.md"));
  for (const std::string& name : incidents()) {
    INFO(name);
    CHECK_THAT(readme, Catch::Contains("`" + name + "`"));
    const std::string text =
        read_file(rehearse::test::source_path(kFolder + name + ".json").string());
    CHECK_THAT(text, Catch::StartsWith("{\n  // "));
    CHECK_THAT(text, Catch::Contains("\"name\": \"" + name + "\""));
  }
}

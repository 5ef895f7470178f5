// The incident library as a whole: nothing in it is untested or untold.
#include "incident_library.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <string>

#include "fixtures.hpp"

using rehearse::test::incidents;
using rehearse::test::read_file;
using rehearse::test::source_path;

TEST_CASE("every incident is tested, listed in the README, and says what happens in it") {
  CHECK(incidents() == rehearse::test::explained_incidents());
  CHECK(incidents().size() >= 27);
  const std::string readme = read_file(source_path("scenarios/README.md"));
  for (const std::string& name : incidents()) {
    INFO(name);
    CHECK_THAT(readme, Catch::Contains("`" + name + "`"));
    for (const std::string& twin : {std::string(), rehearse::test::kFixed}) {
      const std::string file = fmt::format("{}{}{}.json", rehearse::test::kIncidents, name, twin);
      const std::string text = read_file(source_path(file).string());
      CHECK_THAT(text, Catch::StartsWith("{\n  // "));
    }
  }
}

// The incident library scenarios/incidents/: which incidents there are, which are tested, and a run
// of one of them.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "fixtures.hpp"

namespace rehearse::test {

inline const std::string kIncidents = "scenarios/incidents/";
inline const std::string kFixed = ".fixed";

inline std::set<std::string> incidents() {
  std::set<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(source_path(kIncidents))) {
    const std::string stem = file.path().stem().string();
    if (!stem.ends_with(kFixed)) names.insert(stem);
  }
  return names;
}

/// Those that a test case holds to their cause.
inline std::set<std::string>& explained_incidents() {
  static std::set<std::string> names;
  return names;
}

/// Runs an incident, whose status has to be the one given, and returns what became of its
/// expectations.
inline nlohmann::json expectations_of(const std::string& incident, int status,
                                      const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments = {"run", kIncidents + incident + ".json", "--format", "json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const auto finished = run_rehearse(arguments);
  INFO(incident << ": " << finished.err);
  CHECK(finished.status == status);
  REQUIRE((finished.status == 0 || finished.status == 1));
  return nlohmann::json::parse(finished.out).at("expectations");
}

}  // namespace rehearse::test

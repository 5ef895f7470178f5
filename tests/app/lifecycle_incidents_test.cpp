// The incidents of releases and drift: each fails its expectations as written, `explain` of the
// version concerned tells what went wrong, and its fixed twin passes.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>

#include "command_line.hpp"
#include "fixtures.hpp"
#include "incident_library.hpp"

using nlohmann::json;
using rehearse::test::expectations_of;
using rehearse::test::run_rehearse;
using rehearse::test::TemporaryFolder;

namespace {

struct LifecycleIncident {
  std::string name;
  std::string version;   ///< the instance in the registry
  std::string sentence;  ///< a regular expression found in its explanation, wrapping aside
};

bool all_passed(const json& expectations) {
  return std::all_of(expectations.begin(), expectations.end(),
                     [](const json& one) { return one.at("passed").get<bool>(); });
}

void check_lifecycle_incident(const LifecycleIncident& incident) {
  const TemporaryFolder folder;
  const std::filesystem::path out = folder.path() / "out";
  CHECK_FALSE(all_passed(expectations_of(incident.name, 1, {"--out", out.string(), "--trace"})));
  CHECK(all_passed(expectations_of(incident.name + rehearse::test::kFixed, 0)));

  const auto told =
      run_rehearse({"explain", out.string(), "aip://model/registry/" + incident.version});
  INFO(told.out << told.err);
  REQUIRE(told.status == 0);
  const std::string unwrapped = std::regex_replace(told.out, std::regex("\\s+"), " ");
  CHECK(std::regex_search(unwrapped, std::regex(incident.sentence)));
}

}  // namespace

#define INCIDENT(id, title, ...)                                                              \
  static const bool listed_##id = rehearse::test::explained_incidents().insert(title).second; \
  TEST_CASE("the incident " title " fails as written, is explained, and passes when fixed") { \
    REQUIRE(listed_##id);                                                                     \
    check_lifecycle_incident({title, __VA_ARGS__});                                           \
  }

INCIDENT(two_versions, "two-versions-in-production", "rec-v2", "production goes from v1 to v2")
INCIDENT(no_baseline, "canary-without-baseline-data", "rec-v2",
         "its canary ended at .* \\(pass, score 0: a side has no data\\); it served .*, when "
         "serving-errors rolled it back")
INCIDENT(too_short, "canary-too-short", "rec-v2",
         "\\(pass, score 0: .* 3 and 3 points cannot show a difference at confidence 0.98")
INCIDENT(metrics_outage, "metrics-outage-during-rollout", "rec-v2",
         "\\(pass, score 0: a side has no data\\)")
INCIDENT(lost_rollback, "rollback-lost-in-wait", "rec-v2", "the analysis of v2 is forgotten for v3")
INCIDENT(sample_size, "drift-by-sample-size", "rec-v2",
         "was trained after an alert at .* \\(by-significance: retrain\\)")
INCIDENT(false_alarms, "detector-false-alarms", "rec-v1", "alert errors-cusum: alert")
INCIDENT(loop, "retrain-loop-without-cap", "rec-v2",
         "was trained after an alert at .* \\(clicks: retrain\\); .* when v3 was promoted")

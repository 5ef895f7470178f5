// Changes of the truth that never reached the graph though something was to bring them there.
#include <catch2/catch.hpp>
#include <string>

#include "experiments/run.hpp"
#include "experiments/scenario/scenario.hpp"
#include "fixtures.hpp"

using namespace rehearse;

namespace {

void check_expectations(const std::string& name) {
  const experiments::Scenario scenario =
      experiments::load_scenario(test::source_path("tests/cases/" + name), {});
  const experiments::FinishedRun finished = experiments::run(scenario, {});
  REQUIRE(finished.result.expectations.size() == scenario.expectations.size());
  for (const auto& expectation : finished.result.expectations) {
    INFO(expectation.expectation.metric << " is " << expectation.value);
    CHECK(expectation.passed);
  }
}

}  // namespace

// An id that only the listing knew and that stood behind all known ones was due at the start of the
// next round, which forgot it.
TEST_CASE("reconciliation repairs a lost creation whose id sorts behind all known ones") {
  check_expectations("lost-creation-sorts-last.json");
}

// After any combination of finite faults, with reconciliation on and time to quiesce, the graph
// converges; and while the faults last nothing untrue is stored and nothing delivered is lost.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "experiments/run.hpp"
#include "fixtures.hpp"
#include "random_scenario.hpp"
#include "stress_run.hpp"

using namespace rehearse;

namespace {

experiments::Scenario parsed(const std::string& text) {
  return experiments::parse_scenario(config::parse(text, "random.json"));
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text;
}

/// Leaves the scenario where it can be run again, and says how.
std::string replay(std::uint64_t seed, const std::string& text) {
  const auto folder = test::build_path("failures");
  std::filesystem::create_directories(folder);
  const auto file = folder / ("random-" + std::to_string(seed) + ".json");
  std::ofstream(file) << text << '\n';
  return "./rehearse run " + file.string();
}

void converges(std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const std::string text = test::random_scenario(seed);
    const test::StressResult result = test::run_watched(parsed(text));
    const bool good = result.converged && result.violations.empty();
    INFO((good ? std::string() : replay(seed, text)) << joined(result.violations) << '\n'
                                                     << result.divergences);
    CHECK(good);
  }
}

}  // namespace

TEST_CASE("after random faults the graph converges, and nothing unsafe happens on the way") {
  converges(1, 100);
}

TEST_CASE("without reconciliation what is stale in the end was not delivered or given up") {
  int diverged = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const std::string text = test::random_scenario(seed);
    experiments::Scenario scenario = parsed(text);
    models::SimulationConfig& simulation = scenario.simulation;
    simulation.service.reconciliation.every.reset();
    // A replica that lags answers an event with what was before it: the one thing that only
    // reconciliation mends although the event came and its fetch went well.
    for (models::SourceConfig& source : simulation.sources) source.api.replica_lag = {};
    std::erase_if(simulation.faults, [](const models::FaultConfig& fault) {
      const auto* effect = fault.as<models::SourceFault>();
      return effect != nullptr && effect->kind == models::SourceFault::Kind::lag;
    });
    const test::StressResult result = test::run_watched(scenario);
    if (!result.converged) ++diverged;
    const bool good = result.unexcused.empty() && result.violations.empty();
    INFO((good ? std::string() : replay(seed, text))
         << " without reconciliation and lag" << joined(result.unexcused)
         << joined(result.violations));
    CHECK(good);
  }
  CHECK(diverged > 30);  // else these runs would prove nothing about reconciliation
}

TEST_CASE("after two thousand random runs of faults the graph converges", "[long]") {
  converges(101, 2000);
}

TEST_CASE("a random scenario ends on the simulator's calendar as on the plain one") {
  for (const std::uint64_t seed : {3, 17}) {
    const experiments::Scenario scenario = parsed(test::random_scenario(seed));
    CHECK(experiments::run(scenario).result.digest == test::run_watched(scenario).digest);
  }
}

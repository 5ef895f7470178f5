// The files in scenarios/explore, explored in every way: what is drawn violates nothing that the
// exhaustive search does not report.
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "experiments/explore_setup.hpp"
#include "explore/sampling/sampling.hpp"
#include "explore/search/exhaustive.hpp"
#include "explore/tell/schedule_file.hpp"
#include "fixtures.hpp"

using namespace rehearse;
using namespace rehearse::explore;

namespace {

std::vector<std::filesystem::path> files_in(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(test::source_path(folder))) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void check_runs_again(const Setup& setup, const Counterexample& found) {
  const Shrunk example = shrink(setup, found.schedule, found.violation.property);
  const Replay again = replay(setup, config::parse(schedule_text(example), "schedule.json"));
  CHECK(again.exact);
  CHECK(again.shown == example.violation);
}

/// Worlds of more than `states` states are left out. Returns how many files were not.
std::size_t check_files(std::size_t states, std::uint64_t searches) {
  std::size_t checked = 0;
  for (const std::filesystem::path& file : files_in("scenarios/explore")) {
    INFO(file);
    const Setup setup = experiments::explore_setup(experiments::load_scenario(file));
    const ScriptedTruth truth(setup);
    ExhaustiveOptions options;
    options.most_states = states;
    const Exhaustive all = explore_all(setup, truth, options);
    if (!all.complete) continue;
    ++checked;
    for (const auto& [property, found] : all.violations) check_runs_again(setup, found);
    for (const Method method : {Method::random, Method::pct}) {
      for (std::uint64_t seed = 1; seed <= searches; ++seed) {
        SamplingOptions drawing;
        drawing.method = method;
        drawing.seed = seed;
        drawing.schedules = 20;
        const Sampled drawn = sample(setup, truth, drawing);
        if (!drawn.first) continue;
        INFO((method == Method::pct ? "pct" : "random") << ", seed " << seed);
        CHECK(all.violations.count(drawn.first->violation.property) == 1);
      }
    }
  }
  return checked;
}

}  // namespace

TEST_CASE("of the shipped worlds nothing is drawn that the exhaustive search does not report") {
  CHECK(check_files(2'000, 10) >= 7);
}

TEST_CASE("of the larger shipped worlds neither", "[long]") {
  CHECK(check_files(2'000'000, 20) >= 9);
}

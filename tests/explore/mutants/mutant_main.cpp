// The service with one bug in it (mutants.json), explored on the mutant's small world.
//
//   explore_mutant_NAME MUTANTS NAME             exhaustively
//   explore_mutant_NAME MUTANTS NAME SCHEDULES   at random, for mutants of known depth
//
// Status 0: the exhaustive search finds it, by one of the properties that the mutant names; it
// shrinks to at most 12 steps, none of which can be left out; and its file runs again exactly. At
// random: PCTCP finds it at least as often as its bound says.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "explore/sampling/pct.hpp"
#include "explore/sampling/sampling.hpp"
#include "explore/search/exhaustive.hpp"
#include "explore/tell/schedule_file.hpp"
#include "explore/tell/shrink.hpp"
#include "explore/tell/story.hpp"
#include "plain_search.hpp"
#include "setups.hpp"
#include "stats/intervals.hpp"

using namespace rehearse;
using namespace rehearse::explore;

namespace {

constexpr std::size_t kMostSteps = 12;

void require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

nlohmann::json mutant_called(const std::string& file, const std::string& name) {
  std::ifstream in(file);
  const nlohmann::json all = nlohmann::json::parse(in);
  for (const nlohmann::json& mutant : all.at("mutants")) {
    if (mutant.at("name") == name) return mutant;
  }
  throw std::runtime_error("there is no mutant " + name);
}

Sampled sampled(const Setup& setup, Method method, std::size_t depth, std::uint64_t schedules) {
  const ScriptedTruth truth(setup);
  SamplingOptions options;
  options.method = method;
  options.depth = depth;
  options.schedules = schedules;
  options.stop_at_violation = false;
  return sample(setup, truth, options);
}

/// These mutants ask nothing of when calls read their source, so the paper's bound is all.
void run_at_random(const nlohmann::json& mutant, std::uint64_t schedules) {
  const Setup setup = test::explore_setup(mutant.at("world").dump());
  const std::size_t depth = mutant.at("depth").get<std::size_t>();
  const Sampled pct = sampled(setup, Method::pct, depth, schedules);
  const Sampled uniform = sampled(setup, Method::random, depth, schedules);
  const Guarantee& guarantee = *pct.guarantee;
  const double bound = pct_bound(guarantee.width, guarantee.messages, depth);
  const auto share = [&](const Sampled& found) {
    return static_cast<double>(found.violating) / static_cast<double>(found.schedules);
  };
  fmt::print(
      "{}: depth {}, n = {}, w = {}, {} schedules: bound {:.2g}, found by pct {:.2g}, by uniform "
      "steps {:.2g}\n",
      mutant.at("name").get<std::string>(), depth, guarantee.messages, guarantee.width, schedules,
      bound, share(pct), share(uniform));
  require(guarantee.longer == 0, "some schedules had more than n messages");
  require(stats::exact_proportion_interval(pct.violating, schedules, 0.9999).high >= bound,
          "pct finds it less often than its bound says");
}

void run(const nlohmann::json& mutant) {
  Setup setup = test::explore_setup(mutant.at("world").dump());
  setup.service.store.index = true;
  const ScriptedTruth truth(setup);
  constexpr std::size_t kSmall = 1'000'000;  // states: a small world is searched as a whole
  const Exhaustive all = explore_all(setup, truth, {}, kSmall);
  require(!all.settled && !all.violations.empty(), "the search of all schedules does not find it");
  const auto found = test::first_violation(setup, truth);
  require(found.has_value(), "the exhaustive search does not find it");
  const auto& expected = mutant.at("found_by");
  const Trial trial = Excerpt(setup).run(*found);
  std::optional<Property> property;
  for (const Violation& violation : trial.violations) {
    const auto named = std::find(expected.begin(), expected.end(), name_of(violation.property));
    if (named != expected.end() && !property) property = violation.property;
  }
  require(property.has_value(), "it violates none of the properties that it should");
  const Shrunk example = shrink(setup, *found, property);
  fmt::print("{}\n\n{}\n", mutant.at("why").get<std::string>(), story(example));
  require(example.steps.size() <= kMostSteps, "the schedule is too long to follow");
  require(example.critical.has_value(), "the critical step is not found");
  for (std::size_t i = 0; i < example.steps.size(); ++i) {
    require(!test::fails_without(example, i), fmt::format("step {} can be left out", i + 1));
  }
  const std::string text = schedule_text(example);
  require(replay(setup, config::parse(text, "schedule")).exact, "its file does not run exactly");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) return 2;
  try {
    const nlohmann::json mutant = mutant_called(argv[1], argv[2]);
    if (argc == 4) {
      run_at_random(mutant, std::stoull(argv[3]));
    } else {
      run(mutant);
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", argv[2], error.what());
    return 1;
  }
  return 0;
}

// That leaving out states and steps leaves nothing out: on small random worlds the search finds the
// same with and without it, and what it takes a step to do is what the step does.
#include <catch2/catch.hpp>

#include "explore/search/exhaustive.hpp"
#include "random_setups.hpp"

using namespace rehearse;
using namespace rehearse::explore;

namespace {

using Findings = std::pair<std::set<std::uint64_t>, std::set<Property>>;

Findings find(const Setup& setup, const ScriptedTruth& truth, const ExhaustiveOptions& options) {
  const Exhaustive all = explore_all(setup, truth, options);
  REQUIRE(all.complete);
  Findings found{all.digests, {}};
  for (const auto& [property, count] : all.violating_steps) {
    if (property != Property::order) found.second.insert(property);
  }
  return found;
}

void compare(std::uint64_t seed, std::size_t changes, std::size_t faults,
             const std::string& reconciliation, std::size_t partitions = 0) {
  INFO("seed " << seed << ", " << changes << " changes, " << faults << " faults, reconciliation "
               << reconciliation << ", " << partitions << " partitions");
  const Setup setup = test::random_setup(seed, changes, faults, reconciliation, partitions);
  const ScriptedTruth truth(setup);
  const Findings reduced = find(setup, truth, {});
  ExhaustiveOptions verify;
  verify.verify = true;
  CHECK(find(setup, truth, verify) == reduced);
  ExhaustiveOptions plain;
  plain.reduce = false;
  CHECK(find(setup, truth, plain) == reduced);
  if (changes > 2 || reconciliation == "any") return;  // without pruning: too many schedules
  plain.prune = false;
  CHECK(find(setup, truth, plain) == reduced);
}

}  // namespace

const char* quiet_or_none(std::uint64_t seed) { return seed % 3 == 0 ? "none" : "at-quiescence"; }

TEST_CASE("on small random worlds a search that leaves out nothing finds the same") {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) compare(seed, 2, seed % 2, quiet_or_none(seed));
}

TEST_CASE("with rounds at any time a search that leaves out nothing finds the same") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) compare(seed, 2, seed % 2, "any");
}

TEST_CASE("on a bus that keeps its order a search that leaves out nothing finds the same") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    compare(seed, 2, 1 + seed % 2, quiet_or_none(seed), 1 + seed % 2);
  }
}

TEST_CASE("on 200 random worlds a search that leaves out nothing finds the same", "[long]") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) compare(seed, 2, seed % 2, quiet_or_none(seed));
}

TEST_CASE("on 200 random worlds with rounds at any time it finds the same", "[long]") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) compare(seed, 2, seed % 2, "any");
}

TEST_CASE("on random worlds of three changes and two faults steps do what they are taken to do",
          "[long]") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) compare(seed, 3, 2, quiet_or_none(seed));
}

TEST_CASE("on 200 random worlds with a bus that keeps its order it finds the same", "[long]") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    compare(seed, 2 + seed % 2, 1 + seed % 2, quiet_or_none(seed), 1 + seed % 2);
  }
}

// Every setting of the service that is not safe has a small scenario in which the exhaustive search
// finds what it breaks; with the safe setting in its place the same scenario holds.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "explore/tell/shrink.hpp"
#include "fixtures.hpp"
#include "plain_search.hpp"
#include "setups.hpp"

using namespace rehearse;
using namespace rehearse::explore;
using nlohmann::json;

namespace {

struct Unsafe {
  std::string scenario;
  std::string safe;    ///< merge patch
  bool index = false;  ///< with --index
};

const Unsafe kUnsafe[] = {
    {"state-in-events", R"({"mds": {"hydration": {"mode": "source-of-truth"}}})"},
    {"concurrent-fetches", R"({"mds": {"hydration": {"coalescing": "safe"}}})"},
    {"cached-answers", R"({"mds": {"hydration": {"cache_ttl": "0s"}}})"},
    {"edges-never-retracted", R"({"mds": {"enrichment": {"retraction": true}}})"},
    {"unknown-references-refused", R"({"mds": {"hydration": {"unknown_references": "stub"}}})"},
    {"deleted-when-unlisted", R"({"mds": {"reconciliation": {"delete_if_unlisted": false}}})"},
    {"answers-kept-too-long",
     R"({"mds": {"query_cache": {"ttl": "5m", "invalidate": "on-write"}}})"},
    {"answers-kept-too-long", R"({"mds": {"query_cache": "none"}})"},
    {"index-after-facts", R"({"mds": {"index": {"recovery": "replay"}}})", true},
    {"index-after-facts", R"({"mds": {"index": {"recovery": "rebuild"}}})", true},
    {"index-after-facts", R"({"mds": {"index": null}})", true},
};

Setup setup_of(const std::string& name, bool index, const std::string& patch) {
  std::ifstream in(test::source_path("scenarios/explore/" + name + ".json"));
  json scenario = json::parse(in, nullptr, true, true);
  for (const char* key : {"name", "description", "duration"}) scenario.erase(key);
  scenario.merge_patch(json::parse(patch));
  Setup setup = test::explore_setup(scenario.dump());
  setup.service.store.index = index;
  return setup;
}

}  // namespace

TEST_CASE("every unsafe setting is found by the exhaustive search, and every safe one holds") {
  for (const Unsafe& unsafe : kUnsafe) {
    INFO(unsafe.scenario);
    const Setup setup = setup_of(unsafe.scenario, unsafe.index, "{}");
    const ScriptedTruth truth(setup);
    const auto found = test::first_violation(setup, truth);
    REQUIRE(found);
    const Shrunk example = shrink(setup, *found);
    CHECK(example.steps.size() <= 12);
    for (std::size_t i = 0; i < example.steps.size(); ++i) {
      CHECK_FALSE(test::fails_without(example, i));
    }
    const Setup safe = setup_of(unsafe.scenario, unsafe.index, unsafe.safe);
    const ScriptedTruth same(safe);
    CHECK_FALSE(test::first_violation(safe, same));
  }
}

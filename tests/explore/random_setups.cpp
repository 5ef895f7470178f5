#include "random_setups.hpp"

#include <vector>

#include "setups.hpp"
#include "stats/random.hpp"

namespace rehearse::test {
namespace {

struct Draw {
  explicit Draw(std::uint64_t seed) : stream(seed, 0, "pruning") {}
  std::string one_of(const std::vector<std::string>& texts) {
    return texts[stream.below(texts.size())];
  }
  stats::Stream stream;
};

/// Changes of a test, a run and an instance that refer to each other, in random order.
std::string random_script(Draw& draw, std::size_t changes, std::string& registry) {
  std::string runs;
  const auto add = [](std::string& to, const std::string& entry) {
    to += (to.empty() ? "" : ", ") + entry;
  };
  bool run = false;
  bool instance = false;
  for (std::size_t i = 0; i < changes; ++i) {
    const std::string at = R"({"at": ")" + std::to_string(i + 1) + R"(s", "op": ")";
    if (draw.stream.chance(0.5)) {
      const std::string op = !run ? "create" : draw.one_of({"update", "delete"});
      add(runs, at + op + R"(", "type": "PipelineRun", "id": "r", "may_dangle": true)" +
                    (op == "delete" ? "" : R"(, "refs": {"ab_test_cells": ["1:1"]})") + "}");
      run = op != "delete";
    } else {
      const std::string op = !instance ? "create" : draw.one_of({"update", "delete"});
      add(registry, at + op + R"(", "type": "ModelInstance", "id": "m", "may_dangle": true)" +
                        (op == "delete" ? "" : R"(, "refs": {"pipeline_run": "r"})") + "}");
      instance = op != "delete";
    }
  }
  return runs;
}

}  // namespace

explore::Setup random_setup(std::uint64_t seed, std::size_t changes, std::size_t faults,
                            const std::string& reconciliation, std::size_t partitions) {
  Draw draw(seed);
  std::string registry;
  const std::string runs = random_script(draw, changes, registry);
  std::vector<std::size_t> budgets(partitions > 0 ? 5 : 4, 0);
  for (std::size_t i = 0; i < faults; ++i) ++budgets[draw.stream.below(budgets.size())];
  const std::string mds = draw.one_of(
      {"{}", R"({"hydration": {"coalescing": "unguarded"}})",
       R"({"enrichment": {"every": "none"}})", R"({"hydration": {"retry": {"attempts": 1}}})",
       R"({"hydration": {"mode": "event-payload"}})", R"({"hydration": {"cache_ttl": "1m"}})",
       R"({"enrichment": {"retraction": false}})",
       R"({"hydration": {"breaker": {"failures": 1, "open_for": "1m"}}})",
       R"({"hydration": {"concurrency": 1}})", R"({"query_cache": {"ttl": "5m"}})",
       R"({"query_cache": {"ttl": "5m", "invalidate": "on-write", "empty": false}})",
       R"({"index": {"mode": "after", "lag": {"constant": "1s"}, "recovery": "none"}})",
       R"({"index": {"mode": "after", "lag": {"constant": "1s"}, "recovery": "rebuild"}})"});
  explore::Setup setup = explore_setup(
      R"({"sources": {"experimentation": {"entities": [{"type": "ABTest", "id": "1",
          "cells": [{"cell_number": 1}]}]},
          "pipeline-orchestrator": {"script": [)" +
      runs + R"(]}, "model-registry": {"script": [)" + registry + R"(]}}, "mds": )" + mds +
      R"(, "explore": {"drops": )" + std::to_string(budgets[0]) + R"(, "duplicates": )" +
      std::to_string(budgets[1]) + R"(, "failures": )" + std::to_string(budgets[2]) +
      R"(, "crashes": )" + std::to_string(budgets[3]) +
      (partitions > 0 ? R"(, "rebalances": )" + std::to_string(budgets[4]) : std::string()) +
      R"(, "reconciliation": ")" + reconciliation +
      R"("}, "questions": [{"ask": "ab-tests", "entity": "aip://model/registry/m"}])" +
      (partitions > 0 ? R"(, "partitions": )" + std::to_string(partitions) : std::string()) + "}");
  setup.service.store.index = setup.service.store.index_after;
  return setup;
}

}  // namespace rehearse::test

// Whatever happens in a random lifecycle, the invariants hold; and much does happen.
#include "random_lifecycle.hpp"

#include <catch2/catch.hpp>

using namespace rehearse;
using namespace rehearse::lifecycle;

namespace {

/// What has happened, over all lifecycles: without it the invariants would hold idly.
struct Seen {
  int promoted = 0, failed = 0, marginal = 0, no_data = 0, rejected = 0, rolled_back = 0;
  int refused = 0, ended = 0, late = 0, asked = 0, capped = 0, ignored = 0;

  void add(const ModelLife& model) {
    const ReleaseCounts& release = model.flow().counts();
    promoted += release.promoted;
    failed += release.failed;
    marginal += release.marginal;
    no_data += release.no_data;
    refused += release.refused;
    ended += release.ended;
    asked += release.asked;
    for (const auto& [gate, count] : model.counts().rejected) rejected += count;
    for (const RollbackReport& report : model.flow().rollbacks()) {
      rolled_back += report.procedure != "canary-failure" ? 1 : 0;
      late += report.late ? 1 : 0;
    }
    capped += model.counts().capped;
    ignored += model.counts().ignored;
  }
};

void run(std::uint64_t seed, Seen& seen) {
  const auto broken = first_violation(seed, [&](const Lifecycle& life) {
    for (std::size_t i = 0; i < life.models(); ++i) seen.add(life.model(i));
  });
  if (broken) FAIL(*broken);
}

void run_all(std::uint64_t count) {
  Seen seen;
  for (std::uint64_t seed = 1; seed <= count; ++seed) run(seed, seen);
  CAPTURE(count, seen.promoted, seen.failed, seen.marginal, seen.no_data, seen.rejected);
  CAPTURE(seen.rolled_back, seen.refused, seen.ended, seen.late, seen.asked, seen.capped);
  for (const int times :
       {seen.promoted, seen.failed, seen.marginal, seen.no_data, seen.rejected, seen.rolled_back,
        seen.refused, seen.ended, seen.late, seen.asked, seen.capped, seen.ignored}) {
    CHECK(times > 0);
  }
}

}  // namespace

TEST_CASE("random lifecycles keep the invariants") { run_all(100); }

TEST_CASE("10 000 random lifecycles keep the invariants", "[long]") { run_all(10'000); }

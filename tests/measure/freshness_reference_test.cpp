// Freshness against a slow reference that looks at every document in every nanosecond of short
// random histories, with a definition of its own: the copy stands at a place in the list of all
// states of the document, and misses the state after it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "measure/freshness.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::measure;

namespace {

constexpr std::int64_t kEnd = 400;
constexpr std::uint32_t kDocuments = 4;

struct State {
  Time at;
  bool exists = false;
  std::int64_t version = 0;
  std::uint64_t facts = 0;
};

struct Reference {
  struct Document {
    std::vector<State> states{State{}};  // the first: not there yet
    std::size_t place = 0;               // of the copy, the last state that it shows right
    bool live = false;
  };
  std::vector<Document> documents = std::vector<Document>(kDocuments);
  Int128 existing = 0;
  Int128 stale = 0;
  Int128 age_doubled = 0;
  std::vector<std::int64_t> ages;  // age at the start of each stale nanosecond

  void look(Time t) {
    for (const Document& d : documents) {
      const bool there = d.states.back().exists;
      if (!there && !d.live) continue;
      ++existing;
      if (d.place + 1 == d.states.size()) continue;
      const std::int64_t age = (t - d.states[d.place + 1].at).ns;
      ++stale;
      age_doubled += 2 * age + 1;
      ages.push_back(age);
    }
  }

  // Walks the ages up by a nanosecond at a time.
  double quantile(int percent) const {
    const double wanted = static_cast<double>(existing) * percent / 100;
    double covered = static_cast<double>(existing - stale);
    if (covered >= wanted || existing == 0) return 0;
    for (std::int64_t age = 0;; ++age) {
      const auto here = static_cast<double>(std::count(ages.begin(), ages.end(), age));
      if (here > 0 && covered + here >= wanted) {
        return (static_cast<double>(age) + (wanted - covered) / here) / 1e9;
      }
      covered += here;
    }
  }
};

// The first place of a state that nothing has replaced for longer than `reach`.
std::size_t first_in_reach(const std::vector<State>& states, Time now, Duration reach) {
  std::size_t place = 1;
  while (place + 1 < states.size() && states[place + 1].at < now - reach) ++place;
  return place;
}

// One random step on both; the copy may be right, late, wrong, absent or thrown back, as far as
// states reach.
void step(stats::Stream& random, Freshness& measured, Reference& reference, Time now,
          Duration reach) {
  const auto number = static_cast<std::uint32_t>(random.below(kDocuments));
  Reference::Document& d = reference.documents[number];
  const State last = d.states.back();
  if (random.chance(0.5)) {
    const bool exists = !last.exists || random.chance(0.7);
    const State next{now, exists, last.version + 1, exists ? random() | 1 : 0};
    d.states.push_back(next);
    if (!exists && !d.live) d.place = d.states.size() - 1;
    measured.changed(number, next.version, next.facts, exists, now);
    return;
  }
  const std::size_t first = first_in_reach(d.states, now, reach);
  std::size_t place = first + random.below(d.states.size());
  place = std::min(place, d.states.size() - 1);
  const State& read = d.states[place];
  if (!read.exists) {
    // Absence: it shows the last state in which the document was not there.
    for (place = d.states.size() - 1; d.states[place].exists; --place) {
    }
    d.live = false;
    d.place = place;
    measured.copied(number, false, 0, 0, now);
    return;
  }
  const bool garbled = random.chance(0.1);
  d.live = true;
  d.place = garbled ? place - 1 : place;
  measured.copied(number, true, read.version, read.facts + (garbled ? 2 : 0), now);
}

}  // namespace

TEST_CASE("freshness, age and its quantiles equal a reference that looks at every nanosecond") {
  const std::uint64_t first = 20260101;
  for (std::uint64_t seed = first; seed < first + 300; ++seed) {
    INFO("seed " << seed);
    stats::Stream random(seed, 0, "histories");
    const Window window{{static_cast<std::int64_t>(random.below(100))},
                        {static_cast<std::int64_t>(300 + random.below(100))},
                        {kEnd}};
    // States come back for ever, for a while, or not at all.
    const Duration reach{seed % 3 == 0 ? kEnd : seed % 3 == 1 ? 20 : 0};
    Freshness measured(window);
    Reference reference;
    Freshness::Totals begin;
    Freshness::Totals until;
    for (Time now; now.ns < kEnd; now.ns += 1) {
      measured.advance(now);
      if (now == window.begin) begin = measured.totals();
      if (now == window.until) until = measured.totals();
      while (random.chance(0.1)) step(random, measured, reference, now, reach);
      const auto document = static_cast<std::uint32_t>(random.below(kDocuments));
      if (measured.exists(document)) measured.forget(document, now - reach);
      if (window.contains(now)) reference.look(now);
    }
    measured.advance(window.end);
    measured.finish();
    REQUIRE(until.existing - begin.existing == reference.existing);
    REQUIRE(until.stale - begin.stale == reference.stale);
    WideSum ages;
    ages.add(reference.age_doubled);
    REQUIRE(until.age_doubled - begin.age_doubled == ages);
    const auto quantiles = measured.ages().quantiles({50, 90, 99}, reference.existing);
    CHECK(quantiles[0] == Approx(reference.quantile(50)));
    CHECK(quantiles[1] == Approx(reference.quantile(90)));
    CHECK(quantiles[2] == Approx(reference.quantile(99)));
  }
}

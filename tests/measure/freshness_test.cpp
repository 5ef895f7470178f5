#include "measure/freshness.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "base/time.hpp"

using namespace rehearse;
using namespace rehearse::measure;

namespace {

constexpr Time at(std::int64_t seconds) { return Time{} + Duration::seconds(seconds); }
constexpr Int128 kSecond = 1'000'000'000;

// A run of 100 s without warm-up and quiescence.
const Window kWhole{at(0), at(100), at(100)};

void end(Freshness& freshness, const Window& window) {
  freshness.advance(window.end);
  freshness.finish();
}

double age_mean(const Freshness& freshness) {
  return static_cast<double>(freshness.totals().age_doubled.value() / 2 /
                             static_cast<long double>(freshness.totals().existing) / 1e9L);
}

}  // namespace

TEST_CASE("a copy that follows each change after a delay is stale for the delay") {
  Freshness f(kWhole);
  f.start(0, 1, at(0), 11, true);
  f.copied(0, true, 1, 11, at(0));
  f.changed(0, 2, 12, true, at(10));
  CHECK_FALSE(f.fresh(0));
  f.copied(0, true, 2, 12, at(14));
  CHECK(f.fresh(0));
  end(f, kWhole);
  CHECK(f.totals().existing == 100 * kSecond);
  CHECK(f.totals().stale == 4 * kSecond);
  // The age rose from 0 to 4 s: its integral is 8 s^2.
  CHECK(age_mean(f) == Approx(8.0 / 100));
  CHECK(f.ages().max() == Duration::seconds(4));
  CHECK(f.facts_lags().summary().count == 1);
  CHECK(f.facts_lags().summary().max == 4);
}

TEST_CASE("after a partial catch-up the age is that of the next version missed") {
  Freshness f(kWhole);
  f.start(0, 1, at(0), 11, true);
  f.copied(0, true, 1, 11, at(0));
  f.changed(0, 2, 12, true, at(10));
  f.changed(0, 3, 13, true, at(20));
  f.changed(0, 4, 14, true, at(30));
  CHECK(f.misses_since(0) == at(10));
  f.copied(0, true, 2, 12, at(40));
  CHECK(f.misses_since(0) == at(20));
  CHECK(f.stale_since(0) == at(10));
  f.copied(0, true, 4, 14, at(50));
  CHECK(f.fresh(0));
  end(f, kWhole);
  CHECK(f.totals().stale == 40 * kSecond);
  // From 0 to 30 s, then from 20 to 30 s: 450 + 250 s^2.
  CHECK(age_mean(f) == Approx(7.0));
  // Version 2 showed after 30 s, 3 and 4 together after 30 and 20 s.
  CHECK(f.facts_lags().summary().count == 3);
  CHECK(f.facts_lags().summary().mean == Approx(80.0 / 3));
}

TEST_CASE("an older answer that overwrites a newer one makes the age rise again") {
  Freshness f(kWhole);
  f.start(0, 1, at(0), 11, true);
  f.copied(0, true, 1, 11, at(0));
  f.changed(0, 2, 12, true, at(10));
  f.copied(0, true, 2, 12, at(11));
  f.copied(0, true, 1, 11, at(30));
  CHECK(f.regressed(0));
  CHECK(f.misses_since(0) == at(10));
  CHECK(f.stale_since(0) == at(30));
  f.copied(0, true, 2, 12, at(35));
  CHECK_FALSE(f.regressed(0));
  end(f, kWhole);
  CHECK(f.totals().stale == 6 * kSecond);
  CHECK(f.ages().max() == Duration::seconds(25));
  CHECK(f.facts_lags().summary().count == 1);  // version 2 had shown before
}

TEST_CASE("a copy that was fresh for no time at all is stale without a break") {
  Freshness f(kWhole);
  f.start(0, 1, at(0), 11, true);
  f.copied(0, true, 1, 11, at(0));
  f.changed(0, 2, 12, true, at(10));
  f.copied(0, true, 2, 12, at(20));
  f.copied(0, true, 1, 11, at(20));
  CHECK(f.stale_since(0) == at(10));
  f.copied(0, true, 2, 12, at(30));
  f.copied(0, false, 0, 0, at(31));
  CHECK(f.stale_since(0) == at(31));
  CHECK(f.misses_since(0) == at(0));
}

TEST_CASE("a deleted entity is stale until the graph has dropped it, and then counts no more") {
  Freshness f(kWhole);
  f.start(0, 1, at(0), 11, true);
  f.copied(0, true, 1, 11, at(0));
  f.changed(0, 2, 0, false, at(60));
  CHECK(f.misses_since(0) == at(60));
  f.copied(0, false, 0, 0, at(75));
  CHECK(f.existing() == 0);
  end(f, kWhole);
  CHECK(f.totals().existing == 75 * kSecond);
  CHECK(f.totals().stale == 15 * kSecond);
  CHECK(f.facts_lags().summary().max == 15);
}

TEST_CASE("an entity counts from its creation, and is stale until the graph has it") {
  Freshness f(kWhole);
  f.changed(0, 1, 11, true, at(40));
  f.copied(0, true, 1, 11, at(50));
  end(f, kWhole);
  CHECK(f.totals().existing == 60 * kSecond);
  CHECK(f.totals().stale == 10 * kSecond);
}

TEST_CASE("an entity created, deleted and created again unseen is stale since its last creation") {
  Freshness f(kWhole);
  f.changed(0, 1, 11, true, at(10));
  f.changed(0, 2, 0, false, at(20));
  CHECK(f.existing() == 0);
  f.changed(0, 3, 13, true, at(30));
  CHECK(f.misses_since(0) == at(30));
  end(f, kWhole);
  CHECK(f.totals().existing == 80 * kSecond);
  CHECK(f.totals().stale == 80 * kSecond);
  // Absent again, the copy showed the deletion at once: version 1 after 10 s, 2 after 0.
  CHECK(f.facts_lags().summary().count == 3);
  CHECK(f.facts_lags().summary().censored == 1);
  CHECK(f.facts_lags().summary().p50 == 10);
  CHECK(f.facts_lags().summary().max == 70);
}

TEST_CASE(
    "an entity deleted and created again is stale since its deletion while the copy is older") {
  Freshness f(kWhole);
  f.start(0, 1, at(0), 11, true);
  f.copied(0, true, 1, 11, at(0));
  f.changed(0, 2, 0, false, at(10));
  f.changed(0, 3, 13, true, at(20));
  CHECK(f.misses_since(0) == at(10));
  f.copied(0, false, 0, 0, at(25));  // a lagging replica still said 404
  CHECK(f.misses_since(0) == at(20));
  f.copied(0, true, 3, 13, at(30));
  CHECK(f.fresh(0));
}

TEST_CASE("the same version with other facts misses that version") {
  Freshness f(kWhole);
  f.changed(0, 1, 11, true, at(10));
  f.copied(0, true, 1, 99, at(12));
  CHECK(f.misses_since(0) == at(10));
  f.changed(0, 2, 12, true, at(50));
  CHECK(f.misses_since(0) == at(10));
}

TEST_CASE("a document that no source ever had is stale from its appearance") {
  Freshness f(kWhole);
  f.copied(0, true, 1, 11, at(70));
  CHECK(f.misses_since(0) == at(70));
  f.copied(0, false, 0, 0, at(80));
  end(f, kWhole);
  CHECK(f.totals().existing == 10 * kSecond);
  CHECK(f.totals().stale == 10 * kSecond);
}

TEST_CASE("episodes that began in the warm-up keep their age, and only the window is covered") {
  const Window window{at(20), at(60), at(100)};
  Freshness f(window);
  f.start(0, 1, at(0), 11, true);
  f.copied(0, true, 1, 11, at(0));
  f.changed(0, 2, 12, true, at(5));
  f.copied(0, true, 2, 12, at(30));
  f.changed(0, 3, 13, true, at(50));
  f.copied(0, true, 3, 13, at(90));
  end(f, window);
  CHECK(f.ages().max() == Duration::seconds(25));
  // Ages 15 to 25 s during [20, 30), 0 to 10 s during [50, 60): half the window is fresh.
  const auto quantiles = f.ages().quantiles({50, 75, 100}, 40 * kSecond);
  CHECK(quantiles[0] == 0);
  CHECK(quantiles[1] == 10);
  CHECK(quantiles[2] == 25);
  // Version 2 began in the warm-up; version 3 in the window, though it showed in the quiescence.
  CHECK(f.facts_lags().summary().count == 1);
  CHECK(f.facts_lags().summary().max == 40);
  CHECK(f.facts_lags().summary().censored == 0);
}

TEST_CASE("versions that no answer can bring back are forgotten, and no figure shows it") {
  Freshness f(kWhole);
  f.start(0, 1, at(0), 1, true);
  f.copied(0, true, 1, 1, at(0));
  for (std::int64_t second = 1; second <= 90; ++second) {
    f.changed(0, second + 1, static_cast<std::uint64_t>(second + 1), true, at(second));
    if (second % 3 != 0) continue;  // two versions in three are never seen
    f.copied(0, true, second + 1, static_cast<std::uint64_t>(second + 1), at(second));
    f.indexed(0, at(second));
    f.forget(0, at(second));
    CHECK(f.versions_kept(0) <= 2);
  }
  f.changed(0, 92, 92, true, at(91));
  f.forget(0, at(95));
  CHECK(f.versions_kept(0) <= 3);  // the copy's, the one that it misses, and one not yet dropped
  Freshness absent = f;
  absent.copied(0, false, 0, 0, at(95));
  CHECK(absent.misses_since(0) == at(0));  // the version that created it
  Freshness wrong = f;
  CHECK_THROWS_AS(wrong.copied(0, true, 80, 80, at(95)), std::logic_error);
  end(f, kWhole);
  CHECK(f.facts_lags().summary().count == 91);
  CHECK(f.facts_lags().summary().max == 9);  // the last, unfinished
  CHECK(f.index_lags().summary().count == 91);
}

TEST_CASE("the index lag ends when the index has caught up with the copy") {
  Freshness f(kWhole);
  f.start(0, 1, at(0), 11, true);
  f.copied(0, true, 1, 11, at(0));
  f.changed(0, 2, 12, true, at(10));
  f.copied(0, true, 2, 12, at(12));
  f.changed(0, 3, 13, true, at(14));
  f.indexed(0, at(15));
  end(f, kWhole);
  CHECK(f.index_lags().summary().count == 2);
  CHECK(f.index_lags().summary().p50 == 5);
  CHECK(f.index_lags().summary().censored == 1);
}

TEST_CASE("the peak of the age since the last look counts open and closed episodes") {
  Freshness f(kWhole);
  f.start(0, 1, at(0), 11, true);
  f.start(1, 1, at(0), 21, true);
  f.copied(0, true, 1, 11, at(0));
  f.copied(1, true, 1, 21, at(0));
  f.changed(0, 2, 12, true, at(10));
  f.changed(1, 2, 22, true, at(12));
  f.copied(0, true, 2, 12, at(19));
  CHECK(f.take_peak(at(20)) == Duration::seconds(9));
  CHECK(f.take_peak(at(25)) == Duration::seconds(13));
}

// Chances of what is shown, beside every subset of the rows counted one by one.
#include "learning/best_of_rows.hpp"

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>

#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::learning;
using Rows = std::vector<ScoredRow>;

namespace {

struct Counted {
  double best = 0, any = 0;
};

/// Means over all subsets of this size, ties of the best shared out.
Counted count_subsets(const Rows& rows, std::size_t candidates) {
  Counted sum;
  double subsets = 0;
  for (unsigned bits = 0; bits < 1u << rows.size(); ++bits) {
    if (std::size_t(std::popcount(bits)) != candidates) continue;
    double largest = -HUGE_VAL, shown = 0, clicks = 0;
    bool any = false;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if ((bits >> i) % 2 == 0) continue;
      any = any || rows[i].clicked;
      if (rows[i].score > largest) {
        largest = rows[i].score;
        shown = clicks = 0;
      }
      if (rows[i].score < largest) continue;
      shown += 1;
      clicks += rows[i].clicked ? 1 : 0;
    }
    subsets += 1;
    sum.best += clicks / shown;
    sum.any += any ? 1 : 0;
  }
  return {sum.best / subsets, sum.any / subsets};
}

}  // namespace

TEST_CASE("the chances of what is shown are those of all subsets, whatever the ties") {
  stats::Stream stream(1, 0, "best of rows");
  for (int round = 0; round < 200; ++round) {
    Rows rows(1 + stream.below(9));
    const std::uint64_t scores = 1 + stream.below(6);
    std::size_t clicked = 0;
    for (ScoredRow& row : rows) {
      row = {double(stream.below(scores)) - 2, stream.chance(0.4)};
      clicked += row.clicked ? 1 : 0;
    }
    for (std::size_t candidates = 1; candidates <= rows.size(); ++candidates) {
      CAPTURE(round, rows.size(), candidates);
      const Counted counted = count_subsets(rows, candidates);
      REQUIRE(clicks_of_best(rows, candidates) == Approx(counted.best).margin(1e-14));
      REQUIRE(offers_click(rows.size(), clicked, candidates) == Approx(counted.any).margin(1e-14));
    }
  }
}

TEST_CASE("three of four rows show the best with three chances in four") {
  // Subsets of {4, 3, 2, 1}: the 4 is in three of four; the last shows the 3.
  Rows rows = {{1, true}, {4, true}, {2, false}, {3, false}};
  REQUIRE(clicks_of_best(rows, 3) == Approx(0.75));
  REQUIRE(clicks_of_best(rows, 4) == 1);
  REQUIRE(clicks_of_best(rows, 1) == Approx(0.5));
  REQUIRE(offers_click(4, 1, 3) == Approx(0.75));
  REQUIRE(offers_click(4, 0, 3) == 0);
}

TEST_CASE("a hundred thousand rows keep the precision of their chances") {
  // Every other row is clicked, the first one included: a little over one half.
  Rows rows(100'000);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = {-double(i), i % 2 == 0};
  Rows opposite = rows;
  for (ScoredRow& row : opposite) row.clicked = !row.clicked;
  const double clicks = clicks_of_best(rows, 5);
  REQUIRE(clicks + clicks_of_best(opposite, 5) == Approx(1).margin(1e-12));
  REQUIRE(clicks == Approx(0.5).margin(1e-4));
  REQUIRE(clicks > 0.5);
}

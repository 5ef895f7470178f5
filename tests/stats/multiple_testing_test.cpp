#include "stats/multiple_testing.hpp"

#include <catch2/catch.hpp>

using namespace rehearse::stats;

TEST_CASE("Benjamini-Hochberg steps up") {
  // Benjamini and Hochberg (1995), section 3.2: of these 15, the first four at q = 0.05.
  const std::vector<double> p = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                                 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000};
  const Discoveries found = benjamini_hochberg(p, 0.05);
  for (std::size_t i = 0; i < p.size(); ++i) REQUIRE(found.rejected[i] == (i < 4));
  REQUIRE(found.adjusted[3] == Approx(0.0095 * 15 / 4));
  // A later p-value can carry an earlier one.
  REQUIRE(benjamini_hochberg({0.04, 0.03}, 0.04).rejected == std::vector<bool>{true, true});
  REQUIRE(benjamini_hochberg({}, 0.05).rejected.empty());
}

TEST_CASE("Holm steps down and stops at the first that fails") {
  // By hand: 4 * 0.005, 3 * 0.011, 2 * 0.02, and 0.04 no less than those before it.
  const Discoveries found = holm({0.04, 0.005, 0.02, 0.011}, 0.039);
  REQUIRE(found.rejected == std::vector<bool>{false, true, false, true});
  REQUIRE(found.adjusted[1] == Approx(0.02));
  REQUIRE(found.adjusted[3] == Approx(0.033));
  REQUIRE(found.adjusted[2] == Approx(0.04));
  REQUIRE(found.adjusted[0] == Approx(0.04));
  // One that would pass alone is not rejected behind one that fails.
  REQUIRE(holm({0.03, 0.04}, 0.05).rejected == std::vector<bool>{false, false});
  REQUIRE(holm({0.9, 0.8}, 0.05).adjusted == std::vector<double>{1, 1});
  REQUIRE(holm({}, 0.05).rejected.empty());
}

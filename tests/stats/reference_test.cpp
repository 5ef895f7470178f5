// Every case of reference/rank_tests.json, within the tolerances its `about` states.
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "reference_file.hpp"
#include "stats/moments.hpp"
#include "stats/rank_tests.hpp"
#include "stats/two_sample.hpp"

using namespace rehearse::stats;
using nlohmann::json;
using Values = std::vector<double>;

namespace {

bool close(double value, double expected, double relative, double absolute) {
  return std::abs(value - expected) <= relative * std::abs(expected) + absolute;
}

json cases() { return rehearse::test::load_reference("rank_tests.json").at("cases"); }

void check_interval(const Shift& shift, const json& ends, double relative, double absolute) {
  CHECK(close(shift.low, ends[0], relative, absolute));
  CHECK(close(shift.high, ends[1], relative, absolute));
}

/// True when the values defined there are; checks that both agree on it.
bool defined(bool have, const json& expected) {
  CHECK(have == !expected.is_null());
  return have && !expected.is_null();
}

void check_tests(const Values& x, const Values& y, const json& expected) {
  const auto test = mann_whitney_sorted(x, y);
  if (defined(test.has_value(), expected["p_value"])) {
    CHECK(close(test->w, expected["w_statistic"], 0, 1e-12));
    CHECK(close(test->p_value, expected["p_value"], 1e-9, 1e-15));
  }
  const auto t = welch(x, y);
  if (defined(t.has_value(), expected["welch_t"])) {
    CHECK(close(t->t, expected["welch_t"], 1e-10, 0));
    CHECK(close(t->df, expected["welch_df"], 1e-10, 0));
    CHECK(close(t->p_value, expected["welch_p"], 1e-9, 1e-15));
  }
  const double effect = common_language_effect_sorted(x, y);
  CHECK(close(effect, expected["cles"], 0, 1e-12));
  CHECK(close(2 * effect - 1, expected["cliffs_delta"], 0, 1e-12));
}

void check_shifts(const Values& x, const Values& y, const json& expected) {
  const json& bracket = expected["hl_bracket"];
  const ShiftBracket mine = shift_bracket_sorted(x, y);
  CHECK(close(mine.low, bracket[0], 1e-12, 1e-12));
  CHECK(close(mine.high, bracket[1], 1e-12, 1e-12));
  for (const auto& [key, confidence] : {std::pair{"ci95", 0.95}, std::pair{"ci98", 0.98}}) {
    const json& exact = expected[std::string(key) + "_exact"];
    if (exact.is_null()) continue;
    const Shift shift = *shift_sorted(x, y, confidence);
    check_interval(shift, exact, 1e-12, 1e-12);
    CHECK(close(shift.estimate, expected["hl_median"], 1e-12, 1e-12));
    const auto solver = shift_sorted(x, y, confidence, RootTolerance::like_kayenta);
    const json& kayenta = expected["kayenta"];
    if (kayenta.is_null() || kayenta[key].is_null()) continue;
    REQUIRE(solver.has_value());
    check_interval(*solver, kayenta[key], 0, 2e-4);
    if (!expected[key].is_null()) check_interval(*solver, expected[key], 0, 2e-4);
    CHECK(close(solver->estimate, kayenta["estimate"], 0, 2e-4));
  }
}

}  // namespace

TEST_CASE("rank and t tests reproduce the reference numbers") {
  const json all = cases();
  for (const json& one : all) {
    DYNAMIC_SECTION(one["name"].get<std::string>()) {
      const Values x = sorted(one["x"].get<Values>()), y = sorted(one["y"].get<Values>());
      const json& expected = one["expected"];
      check_tests(x, y, expected);
      check_shifts(x, y, expected);
      if (!expected["mean_ratio"].is_null()) {
        const Values raw_x = one["x"], raw_y = one["y"];
        CHECK(close(mean(raw_x) / mean(raw_y), expected["mean_ratio"], 1e-10, 0));
      }
    }
  }
}

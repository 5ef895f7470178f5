// The sequential tests of the final trial err as rarely as they say.
#include "planning/plan/feasibility.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "known_functions.hpp"
#include "planning/fit/line.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::planning;

namespace {

struct Ended {
  Feasibility feasibility = Feasibility::open;
  std::size_t runs = 0;
};

// One trial of a metric whose runs `draw` gives.
template <typename Draw>
Ended trial(const Constraint& constraint, const TrialRule& rule, Draw draw) {
  std::vector<double> values;
  Ended ended;
  while (ended.feasibility == Feasibility::open) {
    ended.runs = next_look({constraint}, ended.runs, rule);
    while (values.size() < ended.runs) values.push_back(draw());
    ended.feasibility = judge(constraint, values, rule);
  }
  return ended;
}

}  // namespace

TEST_CASE("a mean at its limit is called feasible as rarely as alpha says") {
  const Constraint constraint = test::at_most(10);
  TrialRule rule;
  constexpr int kTrials = 4000;
  for (const double alpha : {0.05, 0.01}) {
    rule.alpha = alpha;
    rule.runs = alpha == 0.05 ? 20 : 60;
    const double tolerance = tolerance_in_deviations(rule);
    int wrong = 0;
    int missed = 0;
    double runs = 0;
    stats::Stream stream(11, 0, "trials");
    for (int i = 0; i < kTrials; ++i) {
      const auto at = [&](double mean) {
        return [&stream, mean] { return mean + stream.normal(); };
      };
      wrong += trial(constraint, rule, at(10)).feasibility == Feasibility::feasible;
      const Ended good = trial(constraint, rule, at(10 - 2 * tolerance));
      missed += good.feasibility == Feasibility::infeasible;
      runs += static_cast<double>(good.runs) / kTrials;
    }
    const double error = std::sqrt(alpha * (1 - alpha) * kTrials);
    INFO("alpha " << alpha << ": " << wrong << " wrong, " << missed << " missed of " << kTrials
                  << ", " << runs << " runs on average");
    CHECK(wrong <= alpha * kTrials + 3 * error);
    CHECK(missed <= alpha * kTrials + 3 * error);
    // Fewer than the boundary's end, where a test of a fixed size would be.
    CHECK(runs < 0.75 * static_cast<double>(rule.runs));
  }
}

TEST_CASE("too small a share of runs is called feasible as rarely as alpha says") {
  const Constraint constraint = test::at_most(1, 0.9);
  TrialRule rule;
  rule.alpha = 0.05;
  rule.most_runs = 600;
  constexpr int kTrials = 2000;
  int wrong = 0;
  int missed = 0;
  stats::Stream stream(12, 0, "trials");
  const auto at = [&](double share) {
    return [&stream, share] { return stream.uniform() < share ? 0.5 : 2.0; };
  };
  for (int i = 0; i < kTrials; ++i) {
    wrong += trial(constraint, rule, at(0.9)).feasibility == Feasibility::feasible;
    missed += trial(constraint, rule, at(0.98)).feasibility != Feasibility::feasible;
  }
  INFO(wrong << " wrong, " << missed << " missed of " << kTrials);
  CHECK(wrong <= 0.05 * kTrials);
  CHECK(missed <= 0.05 * kTrials);
}

TEST_CASE("runs that all agree need no more than the first stage") {
  const Constraint constraint = test::at_most(10);
  const TrialRule rule;
  const auto always = [](double value) { return [value] { return value; }; };
  CHECK(trial(constraint, rule, always(10)).feasibility == Feasibility::feasible);
  const Ended above = trial(constraint, rule, always(10.001));
  CHECK(above.feasibility == Feasibility::infeasible);
  CHECK(above.runs == rule.first_stage);
}

TEST_CASE("the least runs for a share are those of Clopper and Pearson") {
  CHECK(runs_for_share(0.95, 0.1, 1) == 59);  // 0.95^59 < 0.05, the textbook figure
  CHECK(runs_for_share(0.99, 0.1, 1) == 299);
  CHECK(runs_for_share(0.95, 0.1, 2) == 118);
  const std::vector<double> kept(59, 0.5);
  CHECK(*confidence_bound(test::at_most(1, 0.95), kept, 0.95) == Approx(0.9505).epsilon(1e-3));
}

TEST_CASE("a line is searched with as few looks as bisection and one") {
  for (const int answer : {0, 1, 17, 63, 500, 998, 999}) {
    for (const int shape : {0, 1, 2}) {
      int looks = 0;
      const ScoreAt score = [&](int step) {
        ++looks;
        const double x = answer - 0.5 - step;
        if (shape == 0) return Scored{x, 0};
        return shape == 1 ? Scored{x > 0 ? 1.0 : -1.0, 0} : Scored{std::expm1(x / 50), 0};
      };
      const Bracket found = narrow({-1, 999}, score);
      INFO("answer " << answer << ", shape " << shape << ", looks " << looks);
      CHECK(found.holds == answer);
      CHECK(found.fails == answer - 1);
      CHECK(looks <= 12);  // log2(1000) and one, and the known end
      const Bracket near = descend(std::min(answer + 3, 999), 1, score);
      CHECK(near.holds == answer);
    }
  }
}

// The search for a plan against worlds whose answer is known.
#include "planning/plan/find_plan.hpp"

#include <catch2/catch.hpp>

#include "known_functions.hpp"

using namespace rehearse;
using namespace rehearse::planning;
using test::at_most;
using test::KnownTrials;
using test::number_range;

namespace {

Problem one_setting(double low, double high, const Constraint& constraint) {
  Problem problem;
  problem.space = make_space({number_range("/b", low, high)}, parse_cost("/b"), 0.01);
  problem.constraints = {constraint};
  return problem;
}

// exp(noise * Z) with mean 1, the same for all points of a replication.
double lognormal_factor(double noise, std::uint64_t seed, std::uint64_t replication) {
  stats::Stream stream(seed, replication, "noise");
  return std::exp(noise * stream.normal() - noise * noise / 2);
}

double chosen(const Problem& problem, const Finding& finding, std::size_t axis = 0) {
  return problem.space.axes[axis].amount(finding.point[axis]);
}

}  // namespace

TEST_CASE("the budget of an M/D/1 queue is found within 3% of the closed form on most seeds") {
  const double load = 0.5;
  const double limit = 0.5;  // at a budget of 1
  const Problem problem = one_setting(0.51, 4, at_most(limit));
  const double truth = test::md1_budget(load, limit);
  REQUIRE(truth == Approx(1));
  int near = 0;
  std::uint64_t runs = 0;
  constexpr int kSeeds = 100;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    KnownTrials trials(problem.space, [&](const std::vector<double>& amounts, std::uint64_t i) {
      return std::vector{test::lindley_wait(amounts[0], load, 20'000, seed, i)};
    });
    const Finding finding = find_plan(problem, trials);
    INFO("seed " << seed << ": " << chosen(problem, finding) << ", runs " << trials.runs());
    CHECK(finding.feasible);
    CHECK(finding.monotone.breaches.empty());
    near += std::abs(chosen(problem, finding) / truth - 1) <= 0.03;
    runs += trials.runs();
  }
  CHECK(near >= 95);
  // A grid of that resolution, with the runs that the final trial makes at a point.
  const double grid = problem.space.size() * 10;
  INFO(static_cast<double>(runs) / kSeeds << " runs a plan, " << grid << " of a grid");
  CHECK(static_cast<double>(runs) / kSeeds <= grid / 5);
}

TEST_CASE("a setting that breaks the promise is recommended as rarely as the confidence says") {
  // Mean 1 / b, so b = 1 is the least that holds; lognormal noise of 30% a run, and of its own at
  // every point, so that nothing is monotone run by run.
  for (const double confidence : {0.8, 0.95}) {
    Problem problem = one_setting(0.2, 5, at_most(1));
    problem.confidence = confidence;
    int broken = 0;
    constexpr int kSeeds = 300;
    double sum = 0;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
      KnownTrials trials(problem.space, [&](const std::vector<double>& amounts, std::uint64_t i) {
        const auto own = static_cast<std::uint64_t>(1e6 * amounts[0]);
        return std::vector{1 / amounts[0] * lognormal_factor(0.3, seed * 1000 + own, i)};
      });
      const Finding finding = find_plan(problem, trials);
      REQUIRE(finding.feasible);
      broken += chosen(problem, finding) < 1;
      sum += chosen(problem, finding);
    }
    INFO("confidence " << confidence << ": " << broken << " of " << kSeeds << " broken, mean "
                       << sum / kSeeds);
    // Three standard errors above what is promised.
    const double allowed = 1 - confidence;
    CHECK(broken <= kSeeds * allowed + 3 * std::sqrt(kSeeds * allowed * (1 - allowed)));
    CHECK(sum / kSeeds < 1.35);
  }
}

TEST_CASE("a share of runs is promised with the confidence asked for") {
  // One run in twenty is above 1 at b = exp(1.645 * 0.2) = 1.39.
  const double truth = std::exp(1.645 * 0.2);
  const Problem problem = one_setting(0.5, 5, at_most(1, 0.95));
  int broken = 0;
  double sum = 0;
  constexpr int kSeeds = 100;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    KnownTrials trials(problem.space, [&](const std::vector<double>& amounts, std::uint64_t i) {
      stats::Stream stream(seed, i, "noise");
      return std::vector{std::exp(0.2 * stream.normal()) / amounts[0]};
    });
    const Finding finding = find_plan(problem, trials);
    REQUIRE(finding.feasible);
    broken += chosen(problem, finding) < truth;
    sum += chosen(problem, finding);
  }
  INFO(broken << " of " << kSeeds << " broken, mean " << sum / kSeeds << " for " << truth);
  CHECK(broken <= 11);
  CHECK(sum / kSeeds < 1.25 * truth);
}

TEST_CASE("two budgets share a promise as their costs say") {
  // a / x + c / y <= 1 at the cost x + w y is cheapest at x = a + sqrt(a c w), y = c + sqrt(a c /
  // w).
  const double a = 2;
  const double c = 5;
  const double w = 3;
  const double best = a + std::sqrt(a * c * w) + w * (c + std::sqrt(a * c / w));
  Problem problem;
  problem.space = make_space({number_range("/x", 1, 60), number_range("/y", 1, 60)},
                             parse_cost("/x + 3 * /y"), 0.01);
  problem.constraints = {at_most(1)};
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    KnownTrials trials(problem.space, [&](const std::vector<double>& v, std::uint64_t i) {
      return std::vector{(a / v[0] + c / v[1]) * lognormal_factor(0.05, seed, i)};
    });
    const Finding finding = find_plan(problem, trials);
    REQUIRE(finding.feasible);
    const double cost = problem.space.cost(finding.point);
    INFO("seed " << seed << ": x " << chosen(problem, finding, 0) << ", y "
                 << chosen(problem, finding, 1) << ", cost " << cost << " for " << best << ", "
                 << trials.runs() << " runs");
    CHECK(cost > 0.97 * best);
    CHECK(cost < 1.08 * best);
    CHECK(static_cast<double>(trials.runs()) < problem.space.size() * 10 / 5);
  }
}

TEST_CASE("two promises of their own bind a setting each") {
  Problem problem;
  problem.space = make_space({number_range("/x", 0.5, 50), number_range("/y", 0.5, 50)},
                             parse_cost("/x + /y"), 0.01);
  problem.constraints = {at_most(1), at_most(1)};
  KnownTrials trials(problem.space, [&](const std::vector<double>& v, std::uint64_t i) {
    const double factor = lognormal_factor(0.02, 7, i);
    return std::vector{3 / v[0] * factor, 7 / v[1] * factor};
  });
  const Finding finding = find_plan(problem, trials);
  REQUIRE(finding.feasible);
  CHECK(chosen(problem, finding, 0) == Approx(3).epsilon(0.05));
  CHECK(chosen(problem, finding, 1) == Approx(7).epsilon(0.05));
}

TEST_CASE("three settings, one a whole number and one a period that costs the more the shorter") {
  // Staleness: a period's half, waiting at a budget, waiting for one of k servers.
  Problem problem;
  Range servers = number_range("/k", 1, 32);
  servers.parameter.unit = Unit::whole;
  problem.space =
      make_space({number_range("/budget", 1, 100), servers, number_range("/period", 1, 1000)},
                 parse_cost("/budget + 2 * /k + 100 / /period"), 0.01);
  problem.constraints = {at_most(20)};
  const auto staleness = [](double budget, double k, double period) {
    return period / 2 + 40 / budget + 20 / k;
  };
  // The best by looking at all of them.
  double best = 1e9;
  for (int k = 1; k <= 32; ++k) {
    for (double budget = 1; budget <= 100; budget *= 1.002) {
      const double period = 2 * (20 - 40 / budget - 20.0 / k);
      if (period >= 1) best = std::min(best, budget + 2 * k + 100 / std::min(1000.0, period));
    }
  }
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    KnownTrials trials(problem.space, [&](const std::vector<double>& v, std::uint64_t i) {
      return std::vector{staleness(v[0], v[1], v[2]) * lognormal_factor(0.02, seed, i)};
    });
    const Finding finding = find_plan(problem, trials);
    REQUIRE(finding.feasible);
    const double cost = problem.space.cost(finding.point);
    INFO("seed " << seed << ": cost " << cost << " for " << best << ", runs " << trials.runs());
    CHECK(staleness(chosen(problem, finding, 0), chosen(problem, finding, 1),
                    chosen(problem, finding, 2)) <= 20);
    CHECK(cost < 1.08 * best);
  }
}

TEST_CASE("what nothing in the ranges can keep is said to be infeasible") {
  const Problem problem = one_setting(1, 10, at_most(1));
  KnownTrials trials(problem.space, [&](const std::vector<double>& v, std::uint64_t i) {
    return std::vector{(1.5 + 1 / v[0]) * lognormal_factor(0.05, 3, i)};
  });
  const Finding finding = find_plan(problem, trials);
  CHECK_FALSE(finding.feasible);
  CHECK_FALSE(finding.cheap_end_holds);
  CHECK(finding.point == problem.space.dearest());
  CHECK(trials.runs() < 30);
}

TEST_CASE("the runs of a plan are those that it made, whatever was known before") {
  const Problem problem = one_setting(0.51, 4, at_most(0.5));
  KnownTrials trials(problem.space, [&](const std::vector<double>& v, std::uint64_t i) {
    return std::vector{test::lindley_wait(v[0], 0.5, 1000, 1, i)};
  });
  trials.run({{problem.space.dearest(), 0, 50}});
  const std::uint64_t known = trials.runs();
  const Finding first = find_plan(problem, trials);
  CHECK(first.search_runs > 0);
  CHECK(first.trial_runs > 0);
  CHECK(first.search_runs + first.trial_runs == trials.runs() - known);
  const Finding second = find_plan(problem, trials);
  CHECK(second.point == first.point);
  CHECK(second.search_runs == 0);
  CHECK(second.trial_runs == 0);
}

TEST_CASE("the low end is recommended where it suffices, without noise by the fewest runs") {
  const Problem problem = one_setting(1, 10, at_most(1));
  KnownTrials trials(problem.space, [&](const std::vector<double>& v, std::uint64_t) {
    return std::vector{0.9 / v[0]};
  });
  const Finding finding = find_plan(problem, trials);
  REQUIRE(finding.feasible);
  CHECK(finding.point == problem.space.cheapest());
  CHECK_FALSE(finding.rejected(problem.space));
}

TEST_CASE("a metric that gets worse with more budget is noticed") {
  const Problem problem = one_setting(1, 100, at_most(1.5));
  KnownTrials trials(problem.space, [&](const std::vector<double>& v, std::uint64_t i) {
    // Falls to 1 at b = 10, rises to 1.4 behind it.
    const double base = v[0] < 10 ? 10 / v[0] : 1 + 0.4 * std::log10(v[0] / 10);
    return std::vector{base * lognormal_factor(0.02, 5, i)};
  });
  const Finding finding = find_plan(problem, trials);
  CHECK(finding.feasible);
  CHECK_FALSE(finding.monotone.breaches.empty());

  const Problem reversed = one_setting(1, 100, at_most(1.5));
  KnownTrials rising(reversed.space, [&](const std::vector<double>& v, std::uint64_t i) {
    return std::vector{v[0] * lognormal_factor(0.02, 5, i)};
  });
  const Finding cheap = find_plan(reversed, rising);
  CHECK(cheap.feasible);
  CHECK(cheap.cheap_end_holds);
  CHECK(cheap.point == reversed.space.cheapest());
}

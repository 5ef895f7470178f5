// How often sequential inference errs when there is nothing to find, measured. Prints the tables of
// docs/validation.md.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <iostream>

#include "stats/intervals.hpp"
#include "stats/random.hpp"
#include "stats/sequential.hpp"

using namespace rehearse;
using namespace rehearse::stats;

namespace {

constexpr int kExperiments = 20'000;
constexpr double kAlpha = 0.05;

struct Population {
  std::string name;
  double mean;
  double variance;
  bool bounded;
  int horizon;  ///< observations per experiment, each followed by a look
  std::function<double(stats::Stream&)> draw;
};

Population bernoulli(double p, int horizon) {
  return {
      fmt::format("Bernoulli({})", p), p, p * (1 - p), true, horizon, [p](stats::Stream& stream) {
        return stream.uniform() < p ? 1.0 : 0.0;
      }};
}

std::vector<Population> populations() {
  return {{"normal", 0, 1, false, 2000, [](stats::Stream& s) { return s.normal(); }},
          {"exponential", 1, 1, false, 2000, [](stats::Stream& s) { return s.exponential(1); }},
          bernoulli(0.5, 2000),
          bernoulli(0.05, 4000),
          bernoulli(0.01, 8000)};
}

std::string share_of(int errors) {
  const auto interval =
      stats::wilson_interval(static_cast<std::uint64_t>(errors), kExperiments, 0.99);
  return fmt::format("{:.4f} (at most {:.4f})", errors / double(kExperiments), interval.high);
}

double upper_bound(int errors) {
  return stats::wilson_interval(static_cast<std::uint64_t>(errors), kExperiments, 0.99).high;
}

}  // namespace

TEST_CASE("mSPRT with known variances errs at most alpha of the time", "[long][error-control]") {
  std::cout << "\n| data | tau^2 | ever p <= 0.05 |\n|---|---|---|\n";
  for (const double tau_squared : {0.01, 0.25, 1.0}) {
    int errors = 0;
    for (int run = 0; run < kExperiments; ++run) {
      stats::Stream stream(201, static_cast<std::uint64_t>(run), "msprt");
      Msprt test(1, 1, tau_squared);
      for (int i = 0; i < 2000 && test.p_value() > kAlpha; ++i) {
        const double x = stream.normal();
        const double y = stream.normal();
        test.add(x, y);
      }
      errors += test.p_value() <= kAlpha ? 1 : 0;
    }
    std::cout << fmt::format("| normal | {} | {} |\n", tau_squared, share_of(errors));
    REQUIRE(upper_bound(errors) <= kAlpha);
  }
}

TEST_CASE("the bounded sequence errs at most alpha of the time", "[long][error-control]") {
  std::cout << "\n| data | looks | ever excludes the mean |\n|---|---|---|\n";
  for (const Population& population : populations()) {
    if (!population.bounded) continue;
    int errors = 0;
    for (int run = 0; run < kExperiments; ++run) {
      stats::Stream stream(202, static_cast<std::uint64_t>(run), population.name);
      BoundedSequence sequence(kAlpha);
      bool missed = false;
      for (int i = 0; i < population.horizon && !missed; ++i) {
        sequence.add(population.draw(stream));
        const Interval now = sequence.interval();
        missed = now.low > population.mean || now.high < population.mean;
      }
      errors += missed ? 1 : 0;
    }
    std::cout << fmt::format("| {} | {} | {} |\n", population.name, population.horizon,
                             share_of(errors));
    REQUIRE(upper_bound(errors) <= kAlpha);
  }
}

namespace {

/// For each start, the experiments that exclude the mean at any look from it on.
struct ByStart {
  std::vector<int> starts = {1, 5, 20, 50, 100, 200, 500};
  std::vector<int> errors = std::vector<int>(7, 0);
  int with_successes = 0;  ///< from the start for proportions on

  void count(int last_miss, int last_miss_after_successes) {
    for (std::size_t i = 0; i < starts.size(); ++i) errors[i] += last_miss >= starts[i] ? 1 : 0;
    with_successes += last_miss_after_successes > 0 ? 1 : 0;
  }
};

ByStart measure_starts(const Population& population, double rho) {
  ByStart table;
  for (int run = 0; run < kExperiments; ++run) {
    stats::Stream stream(203, static_cast<std::uint64_t>(run), population.name);
    AsymptoticSequence any(rho, kAlpha);
    AsymptoticSequence ready(rho, kAlpha, Start::for_proportions());
    int last = 0, last_ready = 0;
    for (int n = 1; n <= population.horizon; ++n) {
      const double value = population.draw(stream);
      any.add(value);
      if (population.bounded) ready.add(value);
      const bool missed = std::abs(any.mean() - population.mean) > any.half_width();
      if (!missed) continue;
      last = n;
      if (ready.interval()) last_ready = n;
    }
    table.count(last, last_ready);
  }
  return table;
}

}  // namespace

TEST_CASE("the asymptotic sequence needs its start", "[long][error-control]") {
  std::cout
      << "\n| data | rho | n >= 1 | 5 | 20 | 50 | 100 | 200 | 500 | n >= 100 and 25 of each |\n"
         "|---|---|---|---|---|---|---|---|---|---|\n";
  for (const Population& population : populations()) {
    const double deviation = std::sqrt(population.variance);
    // Narrowest after about 30 observations, as in the reference cases, and after 1000.
    for (const double rho : {0.5 / deviation, rho_for(1000, population.variance, kAlpha)}) {
      const ByStart table = measure_starts(population, rho);
      std::cout << fmt::format("| {} | {:.3f} / deviation", population.name, rho * deviation);
      for (const int errors : table.errors) {
        std::cout << fmt::format(" | {:.4f}", errors / double(kExperiments));
      }
      std::cout << (population.bounded
                        ? fmt::format(" | {:.4f} |\n", table.with_successes / double(kExperiments))
                        : " | |\n");
      CAPTURE(population.name, rho);
      // Looking from the first observation on is why a start is needed.
      if (rho * deviation == Approx(0.5)) REQUIRE(table.errors[0] / double(kExperiments) > kAlpha);
      const int at_default = population.bounded ? table.with_successes : table.errors[4];
      REQUIRE(upper_bound(at_default) <= kAlpha);
    }
  }
}

namespace {

/// The same for the difference of two arms of one population, whose variances are estimated.
ByStart measure_arms(const Population& population, double narrowest_at) {
  ByStart table;
  for (int run = 0; run < kExperiments; ++run) {
    stats::Stream stream(204, static_cast<std::uint64_t>(run), population.name);
    AsymptoticDifference any(narrowest_at, kAlpha, {});
    AsymptoticDifference ready(narrowest_at, kAlpha, Start::for_proportions());
    int last = 0, last_ready = 0;
    for (int n = 1; n <= population.horizon; ++n) {
      const double control = population.draw(stream);
      const double treatment = population.draw(stream);
      any.add_control(control);
      any.add_treatment(treatment);
      if (population.bounded) {
        ready.add_control(control);
        ready.add_treatment(treatment);
      }
      const auto interval = any.interval();
      if (!interval || (interval->low <= 0 && interval->high >= 0)) continue;
      last = n;
      if (ready.interval()) last_ready = n;
    }
    table.count(last, last_ready);
  }
  return table;
}

}  // namespace

TEST_CASE("the asymptotic difference of two arms needs its start", "[long][error-control]") {
  std::cout
      << "\n| data | narrowest at | n >= 1 | 5 | 20 | 50 | 100 | 200 | 500 | n >= 100 and 25 of "
         "each |\n|---|---|---|---|---|---|---|---|---|---|\n";
  for (const Population& population : populations()) {
    for (const double narrowest_at : {60.0, 1000.0}) {  // early, and what experiments have
      const ByStart table = measure_arms(population, narrowest_at);
      std::cout << fmt::format("| {} | {}", population.name, narrowest_at);
      for (const int errors : table.errors) {
        std::cout << fmt::format(" | {:.4f}", errors / double(kExperiments));
      }
      std::cout << (population.bounded
                        ? fmt::format(" | {:.4f} |\n", table.with_successes / double(kExperiments))
                        : " | |\n");
      CAPTURE(population.name, narrowest_at);
      // Where successes are rare, neither arm varies for long, and there is no interval so early.
      if (narrowest_at == 60 && population.variance > 0.1) {
        REQUIRE(table.errors[0] / double(kExperiments) > kAlpha);
      }
      const int at_default = population.bounded ? table.with_successes : table.errors[4];
      REQUIRE(upper_bound(at_default) <= kAlpha);
      // Nor is the interval so wide that it says nothing: what it may err it does, in part.
      if (narrowest_at > 60) REQUIRE(at_default / double(kExperiments) > kAlpha / 20);
    }
  }
}

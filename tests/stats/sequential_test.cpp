#include "stats/sequential.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "reference_file.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::stats;
using nlohmann::json;

namespace {

bool close(double value, double expected, double relative, double absolute) {
  return std::abs(value - expected) <= std::max(relative * std::abs(expected), absolute);
}

json reference() { return test::load_reference("sequential.json"); }

}  // namespace

TEST_CASE("the asymptotic sequence reproduces the reference numbers") {
  const json file = reference();
  for (const json& one : file.at("confidence_sequences")) {
    CAPTURE(one["name"].get<std::string>());
    AsymptoticSequence sequence(one["rho"], one["alpha"]);
    const json& expected = one["expected"];
    for (std::size_t i = 0; i < one["observations"].size(); ++i) {
      sequence.add(one["observations"][i]);
      CAPTURE(i);
      REQUIRE(close(sequence.mean(), expected["mean"][i], 1e-9, 1e-9));
      REQUIRE(std::abs(sequence.variance() - expected["variance"][i].get<double>()) <=
              1e-6 * expected["variance"][i].get<double>() + 1e-9);
      REQUIRE(close(sequence.half_width(), expected["half_width"][i], 1e-9, 1e-9));
      REQUIRE(close(sequence.interval()->low, expected["lower"][i], 1e-9, 1e-9));
      REQUIRE(close(sequence.interval()->high, expected["upper"][i], 1e-9, 1e-9));
    }
  }
}

TEST_CASE("mSPRT reproduces the reference numbers") {
  const json file = reference();
  for (const json& one : file.at("msprt")) {
    CAPTURE(one["name"].get<std::string>());
    Msprt test(one["var_x"], one["var_y"], one["tau2"]);
    const json& expected = one["expected"];
    json first;
    for (std::size_t i = 0; i < one["x"].size(); ++i) {
      test.add(one["x"][i], one["y"][i]);
      CAPTURE(i);
      REQUIRE(close(test.difference(), expected["mean_difference"][i], 1e-9, 1e-9));
      REQUIRE(close(test.log_lambda(), expected["log_lambda"][i], 1e-8, 1e-8));
      REQUIRE(close(test.p_value(), expected["p_value"][i], 1e-7, 0));
      if (first.is_null() && test.p_value() <= 0.05) first = i + 1;
    }
    REQUIRE(first == expected["first_n_p_below_0.05"]);
  }
}

TEST_CASE("an asymptotic sequence says nothing before its start") {
  AsymptoticSequence sequence(0.5, 0.05, Start::for_proportions());
  for (int i = 0; i < 300; ++i) {
    sequence.add(i % 10 == 0 ? 1 : 0);
    REQUIRE(sequence.interval().has_value() == (i >= 240));  // the 25th one comes at 240
  }
}

TEST_CASE("the half-width is narrowest for the sample size asked for") {
  const double rho = rho_for(1000, 2.0, 0.05);
  const double there = asymptotic_half_width(1000, 2.0, rho, 0.05);
  for (const double factor : {0.8, 0.9, 1.1, 1.25}) {
    REQUIRE(asymptotic_half_width(1000, 2.0, rho * factor, 0.05) > there);
  }
}

TEST_CASE("the bounded sequence only narrows and homes in on the mean") {
  Stream stream(91, 0, "clicks");
  BoundedSequence sequence(0.05);
  Interval before{0, 1};
  for (int i = 0; i < 20'000; ++i) {
    sequence.add(stream.chance(0.1) ? 1 : 0);
    const Interval now = sequence.interval();
    REQUIRE(now.low >= before.low);
    REQUIRE(now.high <= before.high);
    before = now;
  }
  REQUIRE(before.low < 0.1);
  REQUIRE(before.high > 0.1);
  REQUIRE(before.high - before.low < 0.03);
}

TEST_CASE("the bounded sequence's first bet follows its formula") {
  BoundedSequence sequence(0.05);
  sequence.add(1);
  // Bet min(sqrt(2 ln 40 / (1/4 ln 2)), 3/4) = 3/4; penalty (1 - 1/2)^2 (ln 4 - 3/4).
  const double reach = (std::log(40.0) + 0.25 * (std::log(4.0) - 0.75)) / 0.75;
  REQUIRE(sequence.interval().low == Approx(std::max(0.0, 1 - reach)));
  REQUIRE(sequence.interval().high == 1);
}

TEST_CASE("the difference of two means scales with its unit") {
  std::vector<Interval> intervals;
  for (const double unit : {1.0, 1e-4, 1e5}) {
    Stream stream(93, 0, "unit");
    AsymptoticDifference sequence(1000, 0.05, Start::for_means());
    for (int i = 0; i < 500; ++i) {
      sequence.add_control(unit * stream.normal());
      sequence.add_treatment(unit * (1 + stream.normal()));
    }
    const Interval interval = sequence.interval().value();
    intervals.push_back({interval.low / unit, interval.high / unit});
  }
  REQUIRE(intervals[0].low > 0);
  REQUIRE(intervals[0].high < 2);
  for (const Interval& interval : intervals) {
    REQUIRE(interval.low == Approx(intervals[0].low));
    REQUIRE(interval.high == Approx(intervals[0].high));
  }
}

TEST_CASE("the difference of constant values has no interval yet") {
  AsymptoticDifference sequence(1000, 0.05, Start::for_means());
  for (int i = 0; i < 500; ++i) {
    sequence.add_control(1);
    sequence.add_treatment(2);
  }
  REQUIRE_FALSE(sequence.interval());
}

TEST_CASE("the always-valid p-value follows its formula and agrees with the interval") {
  // c = 100 0.5^2 2 + 1 = 51; sqrt(51) exp(-(0.3 100 0.5)^2 / 102).
  REQUIRE(asymptotic_p_value(100, 0.3, 2, 0.5) ==
          Approx(std::sqrt(51.0) * std::exp(-225.0 / 102)).epsilon(1e-12));
  REQUIRE(asymptotic_p_value(100, 0, 2, 0.5) == 1);
  const std::uint64_t seed = 94;
  int significant = 0;
  for (int run = 0; run < 300; ++run) {
    CAPTURE(seed, run);
    Stream stream(seed, static_cast<std::uint64_t>(run), "pairs");
    const double alpha = 0.01 + 0.2 * stream.uniform();
    AsymptoticDifference sequence(500, alpha, Start::for_means());
    for (int i = 0; i < 400; ++i) {
      sequence.add_control(stream.normal());
      sequence.add_treatment(0.01 * run / 10 + stream.normal());
    }
    const Interval interval = sequence.interval().value();
    const bool excludes = interval.low > 0 || interval.high < 0;
    REQUIRE((sequence.p_value().value() < alpha) == excludes);
    significant += excludes ? 1 : 0;
  }
  REQUIRE(significant > 50);
  REQUIRE(significant < 250);
}

TEST_CASE("counts of ones and zeros say what the same observations one by one say") {
  const std::uint64_t seed = 95;
  for (int run = 0; run < 100; ++run) {
    CAPTURE(seed, run);
    Stream stream(seed, static_cast<std::uint64_t>(run), "looks");
    AsymptoticDifference counted(1000, 0.05, Start::for_proportions());
    AsymptoticDifference observed(1000, 0.05, Start::for_proportions());
    for (int look = 0; look < 20; ++look) {
      for (const bool treatment : {false, true}) {
        const std::uint64_t total = stream.below(100);
        std::uint64_t ones = 0;
        for (std::uint64_t i = 0; i < total; ++i) {
          const bool one = stream.chance(treatment ? 0.3 : 0.25);
          ones += one ? 1 : 0;
          treatment ? observed.add_treatment(one ? 1 : 0) : observed.add_control(one ? 1 : 0);
        }
        treatment ? counted.add_treatment(ones, total - ones)
                  : counted.add_control(ones, total - ones);
      }
      REQUIRE(counted.interval().has_value() == observed.interval().has_value());
      REQUIRE(counted.difference() == Approx(observed.difference()).margin(1e-12));
      if (!counted.interval()) continue;
      REQUIRE(counted.interval()->low == Approx(observed.interval()->low).margin(1e-12));
      REQUIRE(counted.interval()->high == Approx(observed.interval()->high).margin(1e-12));
      REQUIRE(*counted.p_value() == Approx(*observed.p_value()).epsilon(1e-9));
    }
    REQUIRE(counted.interval());
  }
}

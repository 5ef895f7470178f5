// The program against theory: what freshness, age and waiting times must be where a closed form is
// known. The scenarios of scenarios/theory/ run in independent replications with a fixed seed;
// theory must be within 1% of their mean or inside their 99% interval, which must be tight itself.
// docs/validation.md has the table and the derivation for late notifications.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "command_line.hpp"
#include "stats/intervals.hpp"

namespace {

constexpr const char* kReplications = "12";
constexpr double kClose = 0.01;
constexpr double kWidest = 0.03;  // half width of the interval, as a share of the value

struct Theory {
  const char* metric;
  double value;
};

void agrees(const std::string& scenario, const std::vector<Theory>& theories) {
  const auto finished = rehearse::test::run_rehearse(
      {"run", "scenarios/theory/" + scenario + ".json", "--replications", kReplications, "--jobs",
       "2", "--format", "json"});
  INFO(finished.err);
  CHECK(finished.status == 0);  // the scenario's own expectations
  REQUIRE(!finished.out.empty());
  const nlohmann::json summary = nlohmann::json::parse(finished.out);
  for (const Theory& theory : theories) {
    std::vector<double> values;
    double sum = 0;
    for (const nlohmann::json& run : summary.at("runs")) {
      values.push_back(run.at(theory.metric).get<double>());
      sum += values.back();
    }
    const double mean = sum / static_cast<double>(values.size());
    const auto interval = rehearse::stats::t_interval(values, 0.99);
    REQUIRE(interval);
    const double deviation = mean / theory.value - 1;
    WARN(scenario << " " << theory.metric << ": theory " << theory.value << ", measured " << mean
                  << ", deviation " << 100 * deviation << "%, 99% interval " << interval->low
                  << " to " << interval->high);
    CHECK((interval->high - interval->low) / 2 < kWidest * theory.value);
    CHECK((std::abs(deviation) <= kClose ||
           (interval->low <= theory.value && theory.value <= interval->high)));
  }
}

// Midpoint rule; the integrands here are smooth.
double integral(const std::function<double(double)>& f, double from, double to) {
  constexpr int kSteps = 20'000;
  const double step = (to - from) / kSteps;
  double sum = 0;
  for (int i = 0; i < kSteps; ++i) sum += f(from + (i + 0.5) * step);
  return sum * step;
}

constexpr double kRate = 0.001;  // changes of an entity a second, in all freshness scenarios

}  // namespace

TEST_CASE("lost notifications alone give freshness 1-p and age p/((1-p)*lambda)", "[theory]") {
  const double lost = 0.2;
  agrees("loss-only",
         {{"entity.freshness.mean", 1 - lost}, {"entity.age.mean", lost / ((1 - lost) * kRate)}});
}

TEST_CASE("polling alone gives the freshness and age of Cho and Garcia-Molina", "[theory]") {
  const double period = 1000;
  const double x = kRate * period;
  const double freshness = -std::expm1(-x) / x;
  agrees("polling-only", {{"entity.freshness.mean", freshness},
                          {"entity.age.mean", period * (0.5 - 1 / x - std::expm1(-x) / (x * x))}});
}

TEST_CASE("notifications that all take the same time give the freshness and age derived for them",
          "[theory]") {
  const double delay = 500;
  const double still = std::exp(-kRate * delay);
  agrees("delay-constant", {{"entity.freshness.mean", (1 + still * still) / 2},
                            {"entity.age.mean", (1 - still) * (1 - still) / (2 * kRate)}});
}

TEST_CASE("notifications that take an exponential time give the freshness and age derived for it",
          "[theory]") {
  // In units of the mean delay, with r changes in one: M(w) = 1 - exp(-w).
  const double mean_delay = 1000;
  const double r = kRate * mean_delay;
  const auto m = [](double w) { return -std::expm1(-w); };
  const auto stale = [&](double w) { return r * std::exp(-r * w - r * m(w) - w); };
  const double end = 40;
  double inner = 0;  // the integral of exp(r*M) from 0 to w
  double before = 0;
  const auto age = [&](double w) {
    const double step = w - before;
    inner += step * std::exp(r * m(before + step / 2));
    before = w;
    return stale(w) * inner;
  };
  agrees("delay-exponential", {{"entity.freshness.mean", 1 - integral(stale, 0, end)},
                               {"entity.age.mean", mean_delay * integral(age, 0, end)}});
}

TEST_CASE("events wait for a budget with burst 1 as in the queue M/D/1", "[theory]") {
  const double rate = 0.5;
  const double service = 1;
  const double load = rate * service;
  agrees("budget-wait", {{"hydration.wait.mean", load * service / (2 * (1 - load))}});
}

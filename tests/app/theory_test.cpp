// The program against theory: what freshness, age and waiting times must be where a closed form is
// known. The scenarios of scenarios/theory/ run in independent replications with a fixed seed;
// theory must be within 1% of their mean or inside their 99% interval, which must be tight itself.
// docs/validation.md has the table and the derivation for late notifications.
//
// Waits vary so much from run to run that a tight interval takes minutes (`[long]`). In seconds the
// same is shown in two steps: the recursion of the queue (Kiefer and Wolfowitz), fed with the very
// draws of the program's streams, agrees with theory over many replications; and the program agrees
// with the recursion in each.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "command_line.hpp"
#include "stats/intervals.hpp"
#include "stats/random.hpp"

namespace {

constexpr int kReplications = 12;
constexpr int kLongReplications = 48;  // for waits
constexpr double kClose = 0.01;
constexpr double kWidest = 0.03;  // half width of the interval, as a share of the value

struct Theory {
  const char* metric;
  double value;
};

/// The metric in each replication of a scenario of scenarios/theory/, with these overrides.
std::vector<nlohmann::json> replicated(const std::string& scenario, int replications,
                                       const std::vector<std::string>& overrides) {
  std::vector<std::string> arguments = {"run",
                                        "scenarios/theory/" + scenario + ".json",
                                        "--replications",
                                        std::to_string(replications),
                                        "--jobs",
                                        "2",
                                        "--format",
                                        "json"};
  for (const std::string& one : overrides) {
    arguments.insert(arguments.end(), {"--set", one});
  }
  const auto finished = rehearse::test::run_rehearse(arguments);
  INFO(finished.err);
  if (overrides.empty()) CHECK(finished.status == 0);  // the scenario's own expectations
  REQUIRE(!finished.out.empty());
  const nlohmann::json summary = nlohmann::json::parse(finished.out);
  return {summary.at("runs").begin(), summary.at("runs").end()};
}

void agrees(const std::string& scenario, const std::vector<Theory>& theories,
            int replications = kReplications, const std::vector<std::string>& overrides = {}) {
  const auto runs = replicated(scenario, replications, overrides);
  for (const Theory& theory : theories) {
    std::vector<double> values;
    double sum = 0;
    for (const nlohmann::json& run : runs) {
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

/// A queue of the theory scenarios: Poisson arrivals, FIFO, services of 1 s in the mean.
struct Queue {
  double rate;  ///< arrivals per second
  int servers = 1;
  bool constant = true;  ///< service times; else exponential
};

/// Mean wait in replication `r` by the queue's recursion: the program's draws without the program.
double recursion(const Queue& queue, std::uint64_t r, double warmup, double duration) {
  using rehearse::stats::Stream;
  Stream times(1, r, "datasets/changes/0/times");
  Stream services(1, r, "datasets/api/service");
  std::vector<double> free(static_cast<std::size_t>(queue.servers), 0);  // when each server is
  double now = 0;
  double sum = 0;
  std::uint64_t count = 0;
  for (;;) {
    now += times.exponential(1) / queue.rate;
    if (now >= duration) return sum / static_cast<double>(count);
    double& server = *std::min_element(free.begin(), free.end());
    const double start = std::max(now, server);
    if (now >= warmup) {
      sum += start - now;
      ++count;
    }
    server = start + (queue.constant ? 1 : services.exponential(1));
  }
}

/// Pollaczek and Khinchine's wait of M/D/1, Erlang's of M/M/c, for a mean service of 1 s.
double expected_wait(const Queue& queue) {
  const double load = queue.rate / queue.servers;
  if (queue.constant) return load / (2 * (1 - load));
  double blocked = 1;
  for (int k = 1; k <= queue.servers; ++k) {
    blocked = queue.rate * blocked / (k + queue.rate * blocked);
  }
  const double waits = blocked / (1 - load * (1 - blocked));
  return waits / (queue.servers - queue.rate);
}

void recursion_agrees(const Queue& queue) {
  constexpr int kRuns = 600;
  std::vector<double> waits;
  double sum = 0;
  for (int r = 0; r < kRuns; ++r) {
    waits.push_back(recursion(queue, static_cast<std::uint64_t>(r), 1000, 41000));
    sum += waits.back();
  }
  const double theory = expected_wait(queue);
  const double mean = sum / kRuns;
  const auto interval = rehearse::stats::t_interval(waits, 0.99);
  REQUIRE(interval);
  WARN("recursion at " << queue.rate << "/s with " << queue.servers << " servers: theory " << theory
                       << ", " << kRuns << " replications " << mean << ", deviation "
                       << 100 * (mean / theory - 1) << "%, 99% interval " << interval->low << " to "
                       << interval->high);
  CHECK(mean == Approx(theory).epsilon(kClose));
}

std::vector<std::string> settings(const Queue& queue, int duration) {
  std::vector<std::string> overrides = {
      "/duration=" + std::to_string(duration) + "s",
      "/sources/datasets/changes/0/rate=" + fmt::format("{}/s", queue.rate), "/expect=[]"};
  // Events for one entity share a call, which at a high load counts.
  if (queue.rate / queue.servers > 0.85) {
    overrides.emplace_back("/sources/datasets/entities/0/count=20000");
  }
  return overrides;
}

void follows_recursion(const std::string& scenario, const std::string& metric, const Queue& queue) {
  constexpr int kDuration = 11000;
  constexpr int kRuns = 2;
  auto overrides = settings(queue, kDuration);
  if (!queue.constant) {
    overrides.push_back("/sources/datasets/api/servers=" + std::to_string(queue.servers));
  }
  const auto runs = replicated(scenario, kRuns, overrides);
  for (std::size_t r = 0; r < runs.size(); ++r) {
    INFO(scenario << " at " << queue.rate << "/s, replication " << r);
    CHECK(runs[r].at(metric).get<double>() ==
          Approx(recursion(queue, r, 1000, kDuration)).epsilon(kClose));
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
  agrees("budget-wait", {{"hydration.wait.mean", expected_wait({0.5})}});
}

TEST_CASE("the recursion of a queue on the program's draws has the waits of theory", "[theory]") {
  for (const double rate : {0.5, 0.8, 0.9}) recursion_agrees({rate});
  recursion_agrees({0.5, 1, false});
  recursion_agrees({1.0, 2, false});
  recursion_agrees({1.5, 2, false});
}

TEST_CASE("waits for a budget are those of the recursion at every load", "[theory]") {
  for (const double rate : {0.5, 0.8, 0.9}) {
    follows_recursion("budget-wait", "hydration.wait.mean", {rate});
  }
}

TEST_CASE("waits at a source's servers are those of the recursion", "[theory]") {
  const std::string metric = "source.datasets.api.wait.mean";
  follows_recursion("server-wait", metric, {0.5, 1, false});
  follows_recursion("server-wait", metric, {1.0, 2, false});
  follows_recursion("server-wait", metric, {1.5, 2, false});
}

TEST_CASE("at high load too, events wait for a budget as in M/D/1", "[theory][long]") {
  for (const double rate : {0.8, 0.9}) {
    const Queue queue{rate};
    agrees("budget-wait", {{"hydration.wait.mean", expected_wait(queue)}}, kLongReplications,
           settings(queue, 41000));
  }
}

TEST_CASE("calls wait at a source's servers as in M/M/c", "[theory][long]") {
  for (const double rate : {1.0, 1.5}) {
    const Queue queue{rate, 2, false};
    agrees("server-wait", {{"source.datasets.api.wait.mean", expected_wait(queue)}},
           kLongReplications, settings(queue, 41000));
  }
}

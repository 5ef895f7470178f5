// The cluster by hand, and its waits against the closed forms of reference/slots.json.
#include "lifecycle/cluster.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "fixtures.hpp"
#include "stats/moments.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;
using nlohmann::json;

namespace {

Duration hours(double count) { return Duration::from_seconds(3600 * count); }
Time at_hour(double count) { return Time{} + hours(count); }

JobSettings lasting(stats::Distribution duration) {
  JobSettings settings;
  settings.duration = std::move(duration);
  return settings;
}

JobSettings lasting_hours(double count) {
  return lasting(stats::Distribution::constant(hours(count)));
}

stats::Stream stream_of(std::uint64_t job) { return {5, 0, "job/" + std::to_string(job)}; }

json reference() {
  std::ifstream stream(test::reference_path("slots.json"));
  return json::parse(stream);
}

std::vector<std::pair<std::uint64_t, double>> starts_of(const std::vector<JobStep>& steps) {
  std::vector<std::pair<std::uint64_t, double>> starts;
  for (const JobStep& step : steps) {
    if (step.what == JobStep::What::started) {
      starts.emplace_back(step.job, step.at.to_seconds() / 3600);
    }
  }
  return starts;
}

stats::Distribution duration_of(const json& given) {
  const json& duration = given["duration"];
  if (duration.contains("constant_hours")) {
    return stats::Distribution::constant(hours(duration["constant_hours"]));
  }
  return stats::Distribution(
      stats::Distribution::Exponential{hours(duration["exponential_mean_hours"])});
}

/// Hours that each of `jobs` waited, in the order of their arrival; `used` gets the share of slot
/// time that was used.
std::vector<double> waits_of(const json& given, std::uint64_t jobs, double& used) {
  const int slots = given["slots"];
  Cluster cluster(slots);
  const JobSettings settings = lasting(duration_of(given));
  stats::Stream arrivals(11, 0, "arrivals/" + given["name"].get<std::string>());
  std::vector<Time> arrived;
  std::vector<double> waits(jobs, -1);
  const auto note = [&](const std::vector<JobStep>& steps) {
    for (const JobStep& step : steps) {
      if (step.what != JobStep::What::started) continue;
      waits[step.job] = (step.at - arrived[step.job]).to_seconds() / 3600;
    }
  };
  Time now;
  for (std::uint64_t job = 0; job < jobs; ++job) {
    now = now + hours(arrivals.exponential(1 / given["jobs_per_hour"].get<double>()));
    arrived.push_back(now);
    cluster.submit(job, settings, stream_of(job), now);
    note(cluster.advance(now));
  }
  used = double(cluster.slot_time()) / (double(now.ns) * slots);
  note(cluster.advance(now + Duration::days(400)));
  REQUIRE_FALSE(cluster.next_wakeup());
  return waits;
}

/// Mean waits of 50 batches, one after the other.
stats::Moments batch_means(const std::vector<double>& waits) {
  constexpr std::size_t kBatches = 50;
  stats::Moments batches;
  const std::size_t length = waits.size() / kBatches;
  for (std::size_t i = 0; i < kBatches; ++i) {
    batches.add(stats::mean({waits.data() + i * length, length}));
  }
  return batches;
}

void check_waits(std::uint64_t jobs) {
  int checked = 0;
  const json slots = reference();
  for (const json& given : slots["cases"]) {
    const json& expected = given["expected"];
    // Above that, waits stay correlated for longer than a batch.
    if (expected["utilisation"] > 0.9) continue;
    double used = 0;
    const std::vector<double> waits = waits_of(given, jobs, used);
    const stats::Moments batches = batch_means(waits);
    const double error = batches.sample_deviation() / std::sqrt(double(batches.count()));
    CAPTURE(given["name"], batches.mean(), error, used);
    CHECK(std::abs(batches.mean() - expected["mean_wait_hours"].get<double>()) <= 3.5 * error);
    CHECK(used == Approx(expected["utilisation"].get<double>()).margin(0.03));
    ++checked;
  }
  REQUIRE(checked == 8);
}

}  // namespace

TEST_CASE("jobs start in the order in which they came, as slots become free") {
  Cluster cluster(2);
  for (std::uint64_t job = 0; job < 5; ++job) {
    cluster.submit(job, lasting_hours(double(job + 1)), stream_of(job), Time{});
  }
  REQUIRE(cluster.next_wakeup() == Time{});
  REQUIRE(starts_of(cluster.advance(Time{})).size() == 2);
  REQUIRE(cluster.waiting() == 3);
  REQUIRE(cluster.next_wakeup() == at_hour(1));
  using Starts = std::vector<std::pair<std::uint64_t, double>>;
  REQUIRE(starts_of(cluster.advance(at_hour(100))) == Starts{{2, 1}, {3, 2}, {4, 4}});
  REQUIRE_FALSE(cluster.next_wakeup());
  REQUIRE(cluster.running() == 0);
}

TEST_CASE("a job that comes when a slot becomes free finds it free") {
  Cluster cluster(1);
  cluster.submit(0, lasting_hours(1), stream_of(0), Time{});
  cluster.advance(Time{});
  cluster.submit(1, lasting_hours(1), stream_of(1), at_hour(1));
  const std::vector<JobStep> steps = cluster.advance(at_hour(1));
  REQUIRE(steps.size() == 2);
  REQUIRE(steps[0].what == JobStep::What::ended);
  REQUIRE(steps[1].what == JobStep::What::started);
}

TEST_CASE("what is passed in late is told in its order") {
  Cluster cluster(1);
  cluster.submit(0, lasting_hours(1), stream_of(0), Time{});
  cluster.advance(Time{});
  cluster.submit(1, lasting_hours(1), stream_of(1), at_hour(3));
  REQUIRE(cluster.next_wakeup() == at_hour(1));
  const std::vector<JobStep> steps = cluster.advance(at_hour(5));
  REQUIRE(steps.size() == 3);
  REQUIRE(steps[1].at == at_hour(3));
  REQUIRE(steps[2].at == at_hour(4));
  REQUIRE(cluster.slot_time() == Int128{2} * Duration::hours(1).ns);
}

TEST_CASE("a job that fails keeps its slot for the next try, and is given up after the last") {
  Cluster cluster(1);
  JobSettings settings = lasting_hours(1);
  settings.failure = 1;
  cluster.submit(0, settings, stream_of(0), Time{});
  cluster.submit(1, lasting_hours(1), stream_of(1), Time{});
  const std::vector<JobStep> steps = cluster.advance(at_hour(10));
  REQUIRE(steps.size() == 6);
  REQUIRE(steps[1].what == JobStep::What::failed);
  REQUIRE(steps[2].attempt == 2);
  REQUIRE(steps[3].what == JobStep::What::ended);
  REQUIRE_FALSE(steps[3].succeeded);
  REQUIRE(steps[3].attempt == 3);
  REQUIRE(steps[4].job == 1);
  REQUIRE(steps[4].at == at_hour(3));
  REQUIRE(steps[5].succeeded);
}

TEST_CASE("tries fail with their chance") {
  constexpr std::uint64_t kJobs = 20'000;
  Cluster cluster(1);
  JobSettings settings = lasting_hours(0.001);
  settings.failure = 0.3;
  for (std::uint64_t job = 0; job < kJobs; ++job) {
    cluster.submit(job, settings, stream_of(job), Time{});
  }
  std::map<bool, int> ended;
  for (const JobStep& step : cluster.advance(at_hour(1000))) {
    if (step.what == JobStep::What::ended) ++ended[step.succeeded];
  }
  REQUIRE(std::uint64_t(ended[true] + ended[false]) == kJobs);
  const double share = double(ended[false]) / kJobs, expected = 0.3 * 0.3 * 0.3;
  REQUIRE(std::abs(share - expected) < 4 * std::sqrt(expected / kJobs));
}

TEST_CASE("bursts wait as long as the reference says") {
  const json slots = reference();
  for (const json& given : slots["bursts"]) {
    Cluster cluster(given["slots"].get<int>());
    const std::uint64_t jobs = given["jobs"];
    const JobSettings settings = lasting_hours(given["duration_hours"]);
    for (std::uint64_t job = 0; job < jobs; ++job) {
      cluster.submit(job, settings, stream_of(job), Time{});
    }
    double sum = 0, longest = 0, last = 0;
    for (const JobStep& step : cluster.advance(at_hour(10'000))) {
      const double hour = step.at.to_seconds() / 3600;
      last = std::max(last, hour);
      if (step.what != JobStep::What::started) continue;
      sum += hour;
      longest = std::max(longest, hour);
    }
    const json& expected = given["expected"];
    CAPTURE(given["slots"]);
    CHECK(sum / double(jobs) == Approx(expected["mean_wait_hours"].get<double>()).epsilon(1e-9));
    CHECK(longest == Approx(expected["longest_wait_hours"].get<double>()).epsilon(1e-9));
    CHECK(last == Approx(expected["last_finish_hours"].get<double>()).epsilon(1e-9));
  }
}

TEST_CASE("waits for slots are near their closed forms") { check_waits(20'000); }

TEST_CASE("waits of 200 000 trainings are within 3.5 standard errors of their closed forms",
          "[long]") {
  check_waits(200'000);
}

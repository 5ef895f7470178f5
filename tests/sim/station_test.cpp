#include "sim/station.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "sim/distribution.hpp"
#include "sim/heap_calendar.hpp"

using rehearse::Duration;
using rehearse::Time;
using rehearse::sim::Distribution;
using rehearse::sim::HeapCalendar;
using rehearse::sim::Station;
using rehearse::sim::StationTotals;
using rehearse::stats::Stream;

namespace {

// Poisson arrivals into a station; waits are grouped into batches after a warm-up.
class Queue final : public Station::Owner {
 public:
  Queue(double arrivals_per_second, Distribution service, int servers, std::uint64_t seed)
      : mean_gap_(1 / arrivals_per_second),
        service_(std::move(service)),
        arrivals_(seed, 0, "arrivals"),
        services_(seed, 0, "services"),
        station_(calendar_, servers, *this) {}

  struct Result {
    double mean = 0;
    double half_width = 0;  ///< of the 99% interval
    StationTotals totals;
    Time end;
  };

  // 30 batches: t(0.995, 29) = 2.756.
  Result run(int jobs_per_batch) {
    per_batch_ = jobs_per_batch;
    left_ = 31 * jobs_per_batch;
    arrive();
    calendar_.run_until(Time::never());
    double sum = 0;
    double squares = 0;
    for (std::size_t batch = 1; batch < 31; ++batch) {
      const double mean = batches_.at(batch) / per_batch_;
      sum += mean;
      squares += mean * mean;
    }
    const double mean = sum / 30;
    const double variance = (squares - 30 * mean * mean) / 29;
    return {mean, 2.756 * std::sqrt(variance / 30), station_.totals(), calendar_.now()};
  }

  Duration on_start(Station::Job job, Duration waited) override {
    const std::size_t batch = job / static_cast<std::size_t>(per_batch_);
    if (batches_.size() <= batch) batches_.resize(batch + 1);
    batches_[batch] += waited.to_seconds();
    return service_.sample(services_);
  }
  void on_end(Station::Job) override {}

 private:
  void arrive() {
    station_.submit(next_++);
    if (--left_ == 0) return;
    const double gap = arrivals_.exponential(mean_gap_);
    calendar_.after(Duration::from_seconds(gap), [this] { arrive(); });
  }

  double mean_gap_;
  Distribution service_;
  Stream arrivals_;
  Stream services_;
  HeapCalendar calendar_;
  Station station_;
  std::vector<double> batches_;
  int per_batch_ = 1;
  int left_ = 0;
  Station::Job next_ = 0;
};

struct Case {
  const char* name;  ///< of the reference collection's queueing.json
  double lambda;
  Distribution service;
  int servers;
  double mean_wait;
};

// Closed forms: M/M/1 rho/(mu-lambda), M/M/c by Erlang C, M/D/1 rho D/(2(1-rho)).
std::vector<Case> closed_forms() {
  const auto exponential = [](double rate) {
    return Distribution(Distribution::Exponential{Duration::from_seconds(1 / rate)});
  };
  const auto constant = [](double s) { return Distribution::constant(Duration::from_seconds(s)); };
  return {{"mm1_lambda_0.5_mu_1", 0.5, exponential(1), 1, 1.0},
          {"mm1_lambda_8_mu_10", 8, exponential(10), 1, 0.4},
          {"mm1_lambda_120_mu_200", 120, exponential(200), 1, 0.0075},
          {"mmc_lambda_1.5_mu_1_servers_2", 1.5, exponential(1), 2, 1.2857142857142858},
          {"mmc_lambda_8_mu_1_servers_10", 8, exponential(1), 10, 0.20459007539822177},
          {"M/D/1 at 0.5", 0.5, constant(1), 1, 0.5},
          {"M/D/1 at 0.8", 8, constant(0.1), 1, 0.2}};
}

// Records what happens, with a constant service time of 10 ns.
class Recorder final : public Station::Owner {
 public:
  explicit Recorder(rehearse::sim::Calendar& calendar) : calendar_(calendar) {}
  Duration on_start(Station::Job job, Duration waited) override {
    log += "s" + std::to_string(job) + "@" + std::to_string(calendar_.now().ns) + "w" +
           std::to_string(waited.ns) + " ";
    return Duration{10};
  }
  void on_end(Station::Job job) override {
    log += "e" + std::to_string(job) + "@" + std::to_string(calendar_.now().ns) + " ";
  }
  std::string log;

 private:
  rehearse::sim::Calendar& calendar_;
};

}  // namespace

TEST_CASE("mean waits agree with the closed forms within their 99% intervals") {
  for (const Case& c : closed_forms()) {
    INFO(c.name);
    Queue queue(c.lambda, c.service, c.servers, 4);
    const Queue::Result result = queue.run(20'000);
    INFO("mean " << result.mean << " +- " << result.half_width << ", theory " << c.mean_wait);
    CHECK(std::abs(result.mean - c.mean_wait) <= result.half_width);
    CHECK(result.half_width < 0.1 * c.mean_wait);
    const double utilisation =
        static_cast<double>(result.totals.busy) / static_cast<double>(result.end.ns) / c.servers;
    const double offered = c.lambda * c.service.mean()->to_seconds() / c.servers;
    CHECK(utilisation == Approx(offered).epsilon(0.01));
  }
}

TEST_CASE("jobs are served in the order of their arrival by as many servers as there are") {
  HeapCalendar calendar;
  Recorder recorder(calendar);
  Station station(calendar, 2, recorder);
  calendar.at(Time{0}, [&] {
    for (Station::Job job = 1; job <= 4; ++job) station.submit(job);
  });
  calendar.at(Time{10}, [&] { station.submit(5); });  // at the date of the first ends, before them
  calendar.run_until(Time{100});
  CHECK(recorder.log == "s1@0w0 s2@0w0 e1@10 s3@10w10 e2@10 s4@10w10 e3@20 s5@20w10 e4@20 e5@30 ");
  const StationTotals totals = station.totals();
  CHECK(totals.started == 5);
  CHECK(totals.finished == 5);
  CHECK(totals.waited == 3);
  CHECK(totals.wait == 30);
  CHECK(totals.busy == 50);
  CHECK(totals.longest_wait == Duration{10});
  CHECK(totals.longest_queue == 3);
}

TEST_CASE("a paused station ends what it has begun and starts nothing") {
  HeapCalendar calendar;
  Recorder recorder(calendar);
  Station station(calendar, 1, recorder);
  calendar.at(Time{0}, [&] { station.submit(1); });
  calendar.at(Time{5}, [&] { station.pause(); });
  calendar.at(Time{6}, [&] { station.pause(); });
  calendar.at(Time{7}, [&] { station.submit(2); });
  calendar.at(Time{50}, [&] { station.resume(); });
  calendar.at(Time{60}, [&] { station.resume(); });
  calendar.run_until(Time{100});
  CHECK(recorder.log == "s1@0w0 e1@10 s2@60w53 e2@70 ");
}

TEST_CASE("a slow station takes a multiple of the service time for what it starts") {
  HeapCalendar calendar;
  Recorder recorder(calendar);
  Station station(calendar, 1, recorder);
  calendar.at(Time{0}, [&] { station.submit(1); });
  calendar.at(Time{5}, [&] { station.set_slow_factor(3); });
  calendar.at(Time{6}, [&] { station.submit(2); });
  calendar.at(Time{15}, [&] { station.set_slow_factor(1); });
  calendar.run_until(Time{100});
  CHECK(recorder.log == "s1@0w0 e1@10 s2@10w4 e2@40 ");
}

TEST_CASE("a station slowed beyond all measure serves its job for the longest time there is") {
  HeapCalendar calendar;
  Recorder recorder(calendar);
  Station station(calendar, 1, recorder);
  station.set_slow_factor(1e300);
  CHECK(station.scaled(Duration{10}) == Distribution::kLongest);
  station.set_slow_factor(1e-300);
  CHECK(station.scaled(Duration{10}) == Duration{});
}

TEST_CASE("dropping all jobs frees the servers and counts what was lost") {
  HeapCalendar calendar;
  Recorder recorder(calendar);
  Station station(calendar, 2, recorder);
  std::vector<Station::Job> dropped;
  calendar.at(Time{0}, [&] {
    for (Station::Job job = 1; job <= 4; ++job) station.submit(job);
  });
  calendar.at(Time{4}, [&] { dropped = station.drop_all(); });
  calendar.at(Time{20}, [&] { station.submit(5); });
  calendar.run_until(Time{100});
  CHECK(dropped == std::vector<Station::Job>{1, 2, 3, 4});
  CHECK(recorder.log == "s1@0w0 s2@0w0 s5@20w0 e5@30 ");
  CHECK(station.totals().dropped == 4);
  CHECK(station.totals().busy == 18);
}

#include "models/sources/api.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "model_fixtures.hpp"
#include "sim/heap_calendar.hpp"

using rehearse::Duration;
using rehearse::InputError;
using rehearse::Rate;
using rehearse::Time;
using rehearse::mds::RequestId;
using rehearse::mds::Response;
using rehearse::models::Api;
using rehearse::models::ApiConditions;
using rehearse::models::ApiConfig;
using rehearse::models::Streams;
using rehearse::sim::Distribution;
using rehearse::sim::HeapCalendar;
using rehearse::test::CountingObserver;
using rehearse::test::json;
using rehearse::test::populate;
using rehearse::test::world_of;

namespace {

struct Rig final : Api::Caller {
  explicit Rig(const ApiConfig& config)
      : world(world_of({"datasets"})),
        api("datasets", 0, config, Streams{1, 0}, calendar, world, happenings, *this) {
    world.retain_history(0, Duration::hours(1));
    populate(world, "datasets", "Dataset", "d", 1);
  }

  void call() {
    answers.emplace_back();
    ended.emplace_back();
    api.call(answers.size() - 1);
  }
  void call_at(Time when) {
    calendar.at(when, [this] { call(); });
  }
  const std::string& path_of(Api::Ticket) const override { return path; }
  RequestId request_of(Api::Ticket ticket) const override { return {ticket + 1}; }
  void on_reply(Api::Ticket ticket, Api::Reply reply) override {
    CHECK(ended.at(ticket) == Time{});
    answers.at(ticket) = std::move(reply);
    ended.at(ticket) = calendar.now();
  }
  int count(int status) const {
    int result = 0;
    for (const Api::Reply& answer : answers) result += answer.response.status == status ? 1 : 0;
    return result;
  }

  HeapCalendar calendar;
  CountingObserver observer;
  rehearse::models::Happenings happenings = heard_by(observer);
  rehearse::world::World world;
  std::string path = "/api/v1/datasets/d0";
  std::vector<Api::Reply> answers;
  std::vector<Time> ended;
  Api api;
};

Time at(std::int64_t ms) { return Time{} + Duration::milliseconds(ms); }

ApiConfig one_server(std::int64_t service_ms) {
  ApiConfig config;
  config.servers = 1;
  config.service_time = Distribution::constant(Duration::milliseconds(service_ms));
  return config;
}

void update(Rig& rig, Time when) {
  rig.calendar.at(when, [&rig] {
    rehearse::world::Operation operation;
    operation.source = "datasets";
    operation.type = "Dataset";
    operation.id = "d0";
    rig.world.apply(operation, rig.calendar.now());
  });
}

}  // namespace

TEST_CASE("a call waits for a server and reads the state when its service starts") {
  Rig rig(one_server(10));
  rig.call_at(at(100));
  rig.call_at(at(101));
  update(rig, at(105));
  rig.calendar.run_until(at(1000));
  CHECK(rig.ended[0] == at(110));
  CHECK(rig.ended[1] == at(120));
  CHECK(rig.answers[0].version == 1);
  CHECK(rig.answers[1].version == 2);
  CHECK(rig.answers[1].response.status == 200);
  CHECK(rig.answers[1].response.body.find("\"version\":2") != std::string::npos);
  CHECK(rig.observer.waits[1] == Duration::milliseconds(9));
  CHECK(rig.observer.services[1] == Duration::milliseconds(10));
}

TEST_CASE("a lagging replica answers with the state of some time ago") {
  ApiConfig config = one_server(0);
  config.replica_lag = Distribution::constant(Duration::milliseconds(50));
  Rig rig(config);
  update(rig, at(100));
  rig.call_at(at(149));
  rig.call_at(at(151));
  rig.calendar.at(at(160), [&] {
    ApiConditions worse;
    worse.lag = Duration::milliseconds(100);
    rig.api.set_conditions(worse);
    rig.call();
  });
  rig.calendar.run_until(at(1000));
  CHECK(rig.answers[0].version == 1);
  CHECK(rig.answers[1].version == 2);
  CHECK(rig.answers[2].version == 1);
}

TEST_CASE("a source with partial listings loses pages, answers 200, and reads entities as ever") {
  Rig rig(one_server(1));
  ApiConditions partial;
  partial.lost_pages = 1;
  rig.api.set_conditions(partial);
  rig.path = "/api/v1/datasets";
  rig.call();
  rig.calendar.run_until(at(10));
  rig.path = "/api/v1/datasets/d0";
  rig.call();
  rig.calendar.run_until(at(20));
  rig.api.set_conditions({});
  rig.path = "/api/v1/datasets";
  rig.call();
  rig.calendar.run_until(at(30));
  CHECK(rig.count(200) == 3);
  CHECK(rig.answers[0].response.body == R"({"items":[]})");
  CHECK(rig.answers[1].version == 1);
  CHECK(rig.answers[2].response.body == R"({"items":[{"id":"d0"}]})");
  CHECK(rig.observer.lost_items == std::vector<std::string>{"aip://dataset/datasets/d0"});
}

TEST_CASE("calls above the rate limit are told when to come again") {
  ApiConfig config = one_server(0);
  config.rate_limit = Rate{10, Duration::seconds(1)};
  config.rate_limit_burst = 2;
  Rig rig(config);
  for (int i = 0; i < 4; ++i) rig.call_at(at(1000));
  rig.call_at(at(1100));
  rig.calendar.run_until(at(2000));
  CHECK(rig.count(200) == 3);
  CHECK(rig.count(429) == 2);
  CHECK(rig.answers[2].response.retry_after == Duration::milliseconds(100));
  CHECK(rig.answers[4].response.status == 200);
}

TEST_CASE("errors and calls without an answer are as many as the settings say") {
  ApiConfig config = one_server(0);
  config.error_rate = 0.2;
  config.timeout_rate = 0.1;
  Rig rig(config);
  for (int i = 0; i < 5000; ++i) rig.call();
  rig.calendar.run_until(at(1));
  CHECK(rig.count(500) == Approx(1000).margin(4 * 28));
  int lost = 0;
  for (const Api::Reply& answer : rig.answers) lost += answer.lost ? 1 : 0;
  CHECK(lost == Approx(500).margin(4 * 21));
}

TEST_CASE("an outage fails what is queued, in service, and what comes meanwhile") {
  Rig rig(one_server(10));
  for (const int ms : {100, 101, 120, 200}) rig.call_at(at(ms));
  rig.calendar.at(at(105), [&] {
    ApiConditions outage;
    outage.outage = true;
    rig.api.set_conditions(outage);
  });
  rig.calendar.at(at(150), [&] { rig.api.set_conditions({}); });
  rig.calendar.run_until(at(1000));
  for (int i = 0; i < 3; ++i) {
    CHECK(rig.answers.at(static_cast<std::size_t>(i)).response.outcome ==
          Response::Outcome::failed);
  }
  CHECK(rig.ended[0] == at(105));
  CHECK(rig.ended[2] == at(120));
  CHECK(rig.answers[3].response.outcome == Response::Outcome::answered);
  CHECK(rig.ended[3] == at(210));
}

TEST_CASE("a slow source takes longer and says so") {
  Rig rig(one_server(10));
  ApiConditions slow;
  slow.slow_factor = 5;
  rig.api.set_conditions(slow);
  rig.call_at(at(100));
  rig.calendar.run_until(at(1000));
  CHECK(rig.ended[0] == at(150));
  CHECK(rig.observer.services[0] == Duration::milliseconds(50));
}

TEST_CASE("API settings are read, and refused when malformed") {
  const ApiConfig api = rehearse::models::parse_api(
      json(R"({"servers":4,"service_time":{"constant":"5ms"},"rate_limit":"20/s","error_rate":0.1,
               "list":{"page_size":7,"paging":"offset"}})"));
  CHECK(api.servers == 4);
  CHECK(api.rate_limit->count == 20);
  CHECK(api.list.page_size == 7);
  CHECK(api.list.paging == rehearse::world::Paging::offset);
  for (const char* text :
       {R"({"servers":0})", R"({"service_time":"5ms"})", R"({"rate_limit":"0/s"})",
        R"({"error_rate":2})", R"({"list":{"page_size":0}})", R"({"list":{"paging":"random"}})",
        R"({"server":2})", R"({"servers":1.5})"}) {
    INFO(text);
    CHECK_THROWS_AS(rehearse::models::parse_api(json(text)), InputError);
  }
}

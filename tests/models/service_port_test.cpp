// The simulation with a metadata service that is not the built-in one: it fetches what an event
// names, acknowledges the event when it has the answer, and asks again after a while when it has
// none. It knows nothing of stores.
#include "models/host/service_port.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/heap_calendar.hpp"
#include "simulation_rig.hpp"

using rehearse::Duration;
using rehearse::Time;
using rehearse::models::Fate;
using rehearse::models::ServiceOutput;
using rehearse::sim::HeapCalendar;
using rehearse::test::datasets;
using rehearse::test::json;
using rehearse::test::SimulationRig;

namespace mds = rehearse::mds;
namespace models = rehearse::models;
namespace world = rehearse::world;

namespace {

constexpr Duration kPause = Duration::seconds(5);
constexpr Time kVerified = Time{} + Duration::seconds(60);

class ScriptedService final : public models::ServicePort {
 public:
  void start(Time) override {
    CHECK_FALSE(up_);
    up_ = true;
    ++lives;
  }
  void crash() override {
    CHECK(up_);
    up_ = false;
    calls_.clear();
    again_.clear();
    output_ = {};
  }
  void bootstrap(mds::SourceIndex, const std::string&, const std::string&, Time) override {
    ++known;
  }
  void end_bootstrap(Time) override { ++ends_of_bootstrap; }

  void on_event(const mds::ThinEvent& event, Time) override {
    CHECK(up_);
    const std::string start = R"("dataset_id":")";
    const std::size_t id = event.body.find(start) + start.size();
    call({event, event.body.substr(id, event.body.find('"', id) - id)});
  }
  void on_response(mds::RequestId request, const mds::Response& response, Time now) override {
    CHECK(up_);
    const auto call = calls_.find(request);
    REQUIRE(call != calls_.end());  // an answer to a call of this life, and the first to it
    const Fetch fetch = std::move(call->second);
    calls_.erase(call);
    if (response.outcome != mds::Response::Outcome::answered) {
      again_.emplace(now + kPause, fetch);
      return;
    }
    mds::TxReport report;
    report.at = now;
    output_.written.push_back(report);
    output_.acknowledged.push_back(fetch.event.id);
  }
  void on_timer(Time now) override {
    CHECK(up_);
    while (!again_.empty() && again_.begin()->first <= now) {
      CHECK(again_.begin()->first == now);  // not later than was asked for
      const Fetch fetch = again_.begin()->second;
      again_.erase(again_.begin());
      call(fetch);
    }
  }
  void set_notices(mds::NoticeLevel) override { CHECK(up_); }
  void set_index_up(bool, Time) override {}

  ServiceOutput poll() override {
    CHECK(up_);
    output_.waiting = again_.size();
    return std::exchange(output_, {});
  }
  std::optional<Time> next_wakeup() const override {
    return again_.empty() ? std::nullopt : std::optional(again_.begin()->first);
  }
  mds::QueryAnswer ask(const std::string& question, const std::string& uri, Time now) override {
    return {{uri, question, up_ ? "is up" : "is down"}, now, false};
  }
  std::optional<Time> last_verified(const std::string&) const override { return kVerified; }
  mds::ServiceCounters counters() const override { return {}; }

  int lives = 0;
  int known = 0;
  int ends_of_bootstrap = 0;

 private:
  struct Fetch {
    mds::ThinEvent event;
    std::string id;
  };

  void call(const Fetch& fetch) {
    mds::SourceRequest request;
    request.id.value = ++calls_made_;
    request.source = fetch.event.source;
    request.path = "/api/v1/datasets/" + fetch.id;
    request.timeout = Duration::seconds(2);
    calls_.emplace(request.id, fetch);
    output_.requests.push_back(request);
  }

  bool up_ = false;
  std::uint64_t calls_made_ = 0;
  std::map<mds::RequestId, Fetch> calls_;
  std::multimap<Time, Fetch> again_;
  ServiceOutput output_;
};

}  // namespace

TEST_CASE("the simulation runs with any service that speaks the port") {
  ScriptedService service;
  HeapCalendar calendar;
  SimulationRig rig(datasets(), calendar, 50, &service);
  rig.go();
  CHECK(service.lives == 1);
  CHECK(service.known == 50);
  CHECK(service.ends_of_bootstrap == 1);
  CHECK(rig.observer.published > 900);
  CHECK(rig.observer.requests == rig.observer.published);
  CHECK(rig.observer.transactions == rig.observer.published);
  CHECK(rig.simulation->bus("main").open() == 0);  // every event was acknowledged
}

TEST_CASE("a service gets every timeout, and its wake-ups when it asked for them") {
  models::SimulationConfig config = datasets();
  config.sources[0].api.timeout_rate = 0.2;
  ScriptedService service;
  HeapCalendar calendar;
  SimulationRig rig(config, calendar, 50, &service);
  rig.go();
  CHECK(rig.observer.timeouts > 150);
  CHECK(rig.observer.requests == rig.observer.published + rig.observer.timeouts);
  CHECK(rig.observer.longest_queue > 0);
  CHECK(rig.simulation->bus("main").open() == 0);
}

TEST_CASE("a service that crashes is left alone, started again and told everything again") {
  models::SimulationConfig config = datasets();
  config.sources[0].api.service_time = rehearse::sim::Distribution::constant(Duration::seconds(1));
  config.sources[0].api.servers = 1;
  config.faults =
      models::parse_faults(json(R"([{"at":"200s","for":"50s","target":"mds","kind":"crash"}])"),
                           models::fault_targets({"datasets"}, {"main"}), config.duration);
  ScriptedService service;
  HeapCalendar calendar;
  SimulationRig rig(config, calendar, 50, &service);
  std::vector<std::string> answers;
  for (const int at : {100, 220, 300}) {
    calendar.at(Time{} + Duration::seconds(at), [&] {
      answers.push_back(rig.simulation->ask({"impact", "aip://x/y/z"}).answer.uris.back());
    });
  }
  rig.go();
  CHECK(service.lives == 2);
  CHECK(rig.observer.count(Fate::redelivered) > 0);
  CHECK(answers == std::vector<std::string>{"is up", "is down", "is up"});
}

TEST_CASE("an answer is compared with the truth, told, and judged by how recent it looks") {
  struct Listener {
    void on(const models::AskedQuestion& asked, Time now) { heard.emplace_back(asked, now); }
    std::vector<std::pair<models::AskedQuestion, Time>> heard;
  };
  models::SimulationConfig config = datasets();
  config.acceptable_staleness = Duration::seconds(100);
  ScriptedService service;
  HeapCalendar calendar;
  SimulationRig rig(config, calendar, 50, &service);
  Listener listener;
  rig.happenings.subscribe(listener);
  std::vector<world::Verdict> verdicts;
  for (const int at : {100, 200}) {
    calendar.at(Time{} + Duration::seconds(at), [&] {
      verdicts.push_back(rig.simulation->ask({"impact", "aip://x/y/z"}, "canary").verdict);
    });
  }
  rig.go();
  REQUIRE(verdicts.size() == 2);
  CHECK(verdicts[0].outdated == std::vector<std::string>{"aip://x/y/z", "impact", "is up"});
  CHECK(verdicts[0].missed.empty());
  CHECK(verdicts[0].misleading);        // 40s after it was verified
  CHECK_FALSE(verdicts[1].misleading);  // 140s after
  REQUIRE(listener.heard.size() == 2);
  CHECK(listener.heard[0].first.verdict.outdated == verdicts[0].outdated);
  CHECK(listener.heard[0].first.question.ask == "impact");
  CHECK(listener.heard[0].first.occasion == "canary");
  CHECK(listener.heard[1].second == Time{} + Duration::seconds(200));
}

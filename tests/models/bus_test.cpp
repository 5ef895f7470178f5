#include "models/transport/bus.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model_fixtures.hpp"
#include "sim/heap_calendar.hpp"

using rehearse::Duration;
using rehearse::InputError;
using rehearse::Time;
using rehearse::mds::EventId;
using rehearse::mds::ThinEvent;
using rehearse::models::Bus;
using rehearse::models::BusConditions;
using rehearse::models::BusConfig;
using rehearse::models::Fate;
using rehearse::models::parse_buses;
using rehearse::models::Streams;
using rehearse::sim::Distribution;
using rehearse::sim::HeapCalendar;
using rehearse::test::CountingObserver;
using rehearse::test::json;

namespace {

struct Delivery {
  std::uint64_t id;
  Time at;
  std::string body;
};

// A bus with a consumer that records, and acknowledges at once or not at all.
struct Rig final : Bus::Consumer {
  explicit Rig(const BusConfig& config, std::uint64_t seed = 1)
      : bus("main", config, Streams{seed, 0}, calendar, happenings, *this) {}

  void on_delivery(const ThinEvent& event) override {
    deliveries.push_back({event.id.value, calendar.now(), event.body});
    if (acknowledging) bus.acknowledge(event.id);
  }
  void publish(const std::string& key) {
    const std::uint64_t id = ++published;
    bus.publish({EventId{id}, {}, key + "#" + std::to_string(id)}, key);
  }
  void publish_at(Time when, const std::string& key) {
    calendar.at(when, [this, key] { publish(key); });
  }
  std::vector<std::uint64_t> ids() const {
    std::vector<std::uint64_t> result;
    for (const Delivery& delivery : deliveries) result.push_back(delivery.id);
    return result;
  }

  HeapCalendar calendar;
  CountingObserver observer;
  rehearse::models::Happenings happenings = heard_by(observer);
  std::vector<Delivery> deliveries;
  bool acknowledging = true;
  std::uint64_t published = 0;
  Bus bus;
};

using Ids = std::vector<std::uint64_t>;

BusConfig queue() { return {}; }

BusConfig kafka() {
  BusConfig config;
  config.kind = BusConfig::Kind::kafka;
  return config;
}

Time at(std::int64_t ms) { return Time{} + Duration::milliseconds(ms); }

}  // namespace

TEST_CASE("a bus without delay delivers within publish") {
  for (const BusConfig& config : {queue(), kafka()}) {
    Rig rig(config);
    for (int i = 0; i < 100; ++i) rig.publish("k" + std::to_string(i % 7));
    CHECK(rig.deliveries.size() == 100);
    CHECK(std::is_sorted(rig.deliveries.begin(), rig.deliveries.end(),
                         [](const Delivery& a, const Delivery& b) { return a.id < b.id; }));
    CHECK(rig.bus.open() == 0);
    CHECK(rig.observer.count(Fate::delivered) == 100);
  }
}

TEST_CASE("kafka keeps the order within a key whatever the delays") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    BusConfig config = kafka();
    config.delay = Distribution(Distribution::Exponential{Duration::milliseconds(50)});
    config.duplicate = 0.1;
    Rig rig(config, seed);
    for (int i = 0; i < 500; ++i) rig.publish_at(at(i), "key" + std::to_string(i % 31));
    rig.calendar.run_until(at(10'000));
    std::map<std::string, std::uint64_t> last;
    bool overtaken = false;  // between keys the order is free
    std::uint64_t previous = 0;
    for (const Delivery& delivery : rig.deliveries) {
      const std::string key = delivery.body.substr(0, delivery.body.find('#'));
      CHECK(last[key] <= delivery.id);
      last[key] = delivery.id;
      overtaken = overtaken || delivery.id < previous;
      previous = delivery.id;
    }
    CHECK(overtaken);
    CHECK(rig.deliveries.size() == 500 + rig.observer.count(Fate::duplicated));
    CHECK(rig.bus.open() == 0);
  }
}

TEST_CASE("a queue keeps no order") {
  BusConfig config;
  config.reorder = 0.2;
  config.reorder_delay = Distribution::constant(Duration::milliseconds(5));
  Rig rig(config);
  for (int i = 0; i < 1000; ++i) rig.publish_at(at(i), "key");
  rig.calendar.run_until(at(2000));
  const Ids ids = rig.ids();
  CHECK_FALSE(std::is_sorted(ids.begin(), ids.end()));
  CHECK(rig.observer.count(Fate::reordered) == Approx(200).margin(52));  // 4 standard deviations
  CHECK(ids.size() == 1000);
}

TEST_CASE("dropped and duplicated events are as many as the settings say") {
  BusConfig config;
  config.drop = 0.2;
  config.duplicate = 0.1;
  Rig rig(config);
  const int n = 20'000;
  for (int i = 0; i < n; ++i) rig.publish("key");
  const auto dropped = rig.observer.count(Fate::dropped);
  const auto duplicated = rig.observer.count(Fate::duplicated);
  CHECK(dropped == Approx(0.2 * n).margin(4 * 57));
  CHECK(duplicated == Approx(0.1 * (n - static_cast<int>(dropped))).margin(4 * 40));
  CHECK(rig.deliveries.size() == n - dropped + duplicated);
  CHECK(rig.bus.open() == 0);
}

TEST_CASE("the draws for delays do not depend on the drops") {
  BusConfig config;
  config.delay = Distribution(Distribution::Exponential{Duration::milliseconds(50)});
  Rig rig(config);
  config.duplicate = 1e-9;
  Rig other(config);
  for (Rig* each : {&rig, &other}) {
    for (int i = 0; i < 50; ++i) each->publish("key");
    each->calendar.run_until(at(100'000));
  }
  CHECK(rig.ids() == other.ids());
}

TEST_CASE("an outage holds events back and lets them through in order") {
  for (const BusConfig& config : {queue(), kafka()}) {
    Rig rig(config);
    rig.calendar.at(at(10), [&] {
      BusConditions outage;
      outage.outage = true;
      rig.bus.set_conditions(outage);
    });
    for (int i = 1; i <= 5; ++i) rig.publish_at(at(std::int64_t{5} * i), "key");
    rig.calendar.at(at(100), [&] { rig.bus.set_conditions({}); });
    rig.publish_at(at(101), "key");
    rig.calendar.run_until(at(200));
    CHECK(rig.ids() == Ids{1, 2, 3, 4, 5, 6});
    CHECK(rig.deliveries[0].at == at(5));
    CHECK(rig.deliveries[2].at == at(100));
    CHECK(rig.observer.count(Fate::held) == 4);  // what is published at 10 ms meets the outage
  }
}

TEST_CASE("delays without end that add up are as long as the longest") {
  BusConfig config = queue();
  config.delay = Distribution::constant(Distribution::kLongest);
  config.reorder = 1;
  config.reorder_delay = config.delay;
  config.retention = Distribution::kLongest;
  Rig rig(config);
  BusConditions conditions;
  conditions.extra_delays = {config.delay, config.delay};
  rig.bus.set_conditions(conditions);
  rig.publish_at(at(1), "a");
  rig.calendar.run_until(Time::never());
  REQUIRE(rig.deliveries.size() == 1);
  CHECK(rig.deliveries[0].at == at(1) + Distribution::kLongest);
}

TEST_CASE("an outage that loses drops what is published meanwhile") {
  Rig rig(queue());
  BusConditions outage;
  outage.outage = true;
  outage.outage_loses = true;
  rig.publish("key");
  rig.bus.set_conditions(outage);
  rig.publish("key");
  rig.bus.set_conditions({});
  rig.publish("key");
  CHECK(rig.ids() == Ids{1, 3});
  CHECK(rig.observer.count(Fate::dropped) == 1);
  CHECK(rig.bus.open() == 0);
}

TEST_CASE("what outlives the retention before its delivery is gone") {
  BusConfig config;
  config.retention = Duration::milliseconds(50);
  Rig rig(config);
  rig.calendar.at(at(0), [&] { rig.bus.block(); });
  rig.publish_at(at(0), "key");
  rig.publish_at(at(60), "key");
  rig.calendar.at(at(100), [&] { rig.bus.unblock(false); });
  rig.calendar.run_until(at(200));
  CHECK(rig.ids() == Ids{2});
  CHECK(rig.observer.count(Fate::expired) == 1);
  CHECK(rig.bus.open() == 0);
}

TEST_CASE("a queue delivers again what a consumer that forgot had not acknowledged") {
  Rig rig(queue());
  rig.publish("a");
  rig.acknowledging = false;
  rig.publish("b");
  rig.publish("c");
  rig.bus.acknowledge(EventId{3});
  rig.bus.block();
  rig.publish("d");
  rig.acknowledging = true;
  rig.bus.unblock(true);
  CHECK(rig.ids() == Ids{1, 2, 3, 2, 4});
  CHECK(rig.observer.count(Fate::redelivered) == 1);
  CHECK(rig.bus.open() == 0);
}

TEST_CASE("kafka delivers again all from the first event that is not acknowledged") {
  BusConfig config = kafka();
  config.partitions = 1;
  Rig rig(config);
  rig.publish("a");
  rig.acknowledging = false;
  for (const char* key : {"b", "c", "d"}) rig.publish(key);
  rig.bus.acknowledge(EventId{3});
  rig.bus.block();
  rig.acknowledging = true;
  rig.bus.unblock(true);
  CHECK(rig.ids() == Ids{1, 2, 3, 4, 2, 3, 4});
  CHECK(rig.bus.open() == 0);
}

TEST_CASE("a queue delivers again what is not acknowledged in time") {
  BusConfig config;
  config.redeliver_after = Duration::milliseconds(30);
  Rig rig(config);
  rig.acknowledging = false;
  rig.publish("a");
  rig.publish("b");
  rig.calendar.at(at(20), [&] { rig.bus.acknowledge(EventId{2}); });
  rig.calendar.at(at(70), [&] { rig.acknowledging = true; });
  rig.calendar.run_until(at(1000));
  CHECK(rig.ids() == Ids{1, 2, 1, 1, 1});
  CHECK(rig.deliveries.back().at == at(90));
  CHECK(rig.bus.open() == 0);
}

TEST_CASE("rebalances and pauses of the consumer lose nothing and keep the order of a key") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    INFO("seed " << seed);
    const Distribution often(Distribution::Exponential{Duration::milliseconds(200)});
    const Distribution briefly(Distribution::Exponential{Duration::milliseconds(30)});
    BusConfig config = kafka();
    config.delay = Distribution(Distribution::Exponential{Duration::milliseconds(20)});
    config.rebalance = {often, briefly};
    config.consumer_pause = {often, briefly};
    Rig rig(config, seed);
    rig.acknowledging = false;
    rig.bus.start(at(2000));
    for (int i = 0; i < 1000; ++i) rig.publish_at(at(i), "key" + std::to_string(i % 13));
    rig.calendar.at(at(500), [&] { rig.acknowledging = true; });
    rig.calendar.run_until(at(5000));
    std::set<std::uint64_t> delivered;
    std::map<std::string, std::uint64_t> highest;
    for (const Delivery& delivery : rig.deliveries) {
      std::uint64_t& high = highest[delivery.body.substr(0, delivery.body.find('#'))];
      const bool again = !delivered.insert(delivery.id).second;
      CHECK((again || delivery.id > high));  // a first delivery never comes after a later event
      high = std::max(high, delivery.id);
    }
    CHECK(delivered.size() == 1000);
    CHECK(rig.observer.count(Fate::redelivered) > 0);
    for (std::uint64_t id = 1; id <= 1000; ++id) rig.bus.acknowledge(EventId{id});
    CHECK(rig.bus.open() == 0);
  }
}

TEST_CASE("bus settings are read for one bus and for several") {
  const auto one = parse_buses(json(
      R"({"kind":"kafka","delay":{"constant":"2s"},"drop":0.1,"partitions":3,"retention":"1d"})"));
  REQUIRE(one.size() == 1);
  CHECK(one.at("main").kind == BusConfig::Kind::kafka);
  CHECK(one.at("main").partitions == 3);
  CHECK(one.at("main").retention == Duration::days(1));
  const auto two = parse_buses(json(R"({"a":{"kind":"queue"},"b":{"kind":"kafka"}})"));
  CHECK(two.size() == 2);
  CHECK(parse_buses(json("{}")).at("main").kind == BusConfig::Kind::queue);
}

TEST_CASE("malformed bus settings are refused") {
  for (const char* text :
       {R"({"kind":"rabbit"})", R"({"drop":1.5})", R"({"drop":"20%"})", R"({"dorp":0.1})",
        R"({"kind":"kafka","reorder":{"probability":0.1}})", R"({"kind":"kafka","partitions":0})",
        R"({"partitions":3})", R"({"kind":"kafka","redeliver_after":"1s"})",
        R"({"redeliver_after":"0s"})",
        R"({"rebalance":{"every":{"constant":"1h"},"pause":{"constant":"1s"}}})",
        R"({"consumer_pause":{"every":{"constant":"0s"},"for":{"constant":"1s"}}})",
        R"({"main":{"kind":"queue"},"other":5})", R"(7)"}) {
    INFO(text);
    CHECK_THROWS_AS(parse_buses(json(text)), InputError);
  }
}

#include "models/transport/network.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "model_fixtures.hpp"
#include "sim/heap_calendar.hpp"
#include "sim/simgrid_calendar.hpp"

using rehearse::Duration;
using rehearse::InputError;
using rehearse::Time;
using rehearse::models::Network;
using rehearse::models::NetworkConfig;
using rehearse::models::parse_network;
using rehearse::models::Streams;
using rehearse::sim::Calendar;
using rehearse::sim::HeapCalendar;
using rehearse::sim::SimGridCalendar;
using rehearse::test::json;

namespace {

const std::vector<std::string> kSources = {"datasets", "identity"};

double seconds(Calendar& calendar, Network& network, std::size_t source, std::uint64_t bytes,
               int messages) {
  const Time start = calendar.now();
  Time last = start;
  for (int i = 0; i < messages; ++i) {
    network.send(Network::Way::to_service, source, bytes, [&] { last = calendar.now(); });
  }
  calendar.run_until(start + Duration::seconds(1000));
  return (last - start).to_seconds();
}

}  // namespace

TEST_CASE("a message without delay arrives within send") {
  HeapCalendar calendar;
  Network network({}, kSources, Streams{}, calendar);
  bool arrived = false;
  network.send(Network::Way::to_source, 1, 1000, [&] { arrived = true; });
  CHECK(arrived);
}

TEST_CASE("a plain delay holds each way, whatever the size") {
  HeapCalendar calendar;
  Network network(parse_network(json(R"({"delay":{"constant":"5ms"}})")), kSources, Streams{},
                  calendar);
  CHECK(seconds(calendar, network, 0, 1'000'000, 3) == Approx(0.005));
}

TEST_CASE("answers share the link of their source and of the service") {
  SimGridCalendar calendar;
  const NetworkConfig config =
      parse_network(json(R"({"links":{"datasets":{"latency":"10ms","bandwidth":"1MB/s"},
                        "identity":{"bandwidth":"1GB/s"}},
               "shared":{"bandwidth":"2MB/s"}, "header_size": 0})"));
  Network network(config, kSources, Streams{}, calendar);
  CHECK(seconds(calendar, network, 0, 100'000, 1) == Approx(0.11).margin(1e-6));
  CHECK(seconds(calendar, network, 0, 100'000, 4) == Approx(0.41).margin(1e-6));
  CHECK(seconds(calendar, network, 1, 100'000, 4) == Approx(0.2).margin(1e-3));
}

TEST_CASE("links need the simulator's calendar") {
  HeapCalendar calendar;
  const NetworkConfig config = parse_network(json(R"({"links":{"*":{"bandwidth":"1Gbit/s"}}})"));
  CHECK_THROWS_AS(Network(config, kSources, Streams{}, calendar), InputError);
}

TEST_CASE("bandwidths are read with their units") {
  const auto read = [](const std::string& text) {
    return rehearse::models::parse_bandwidth(json("\"" + text + "\""));
  };
  CHECK(read("500kB/s") == 5e5);
  CHECK(read("1.5MB/s") == 1.5e6);
  CHECK(read("1Gbit/s") == 1.25e8);
  for (const char* text : {"10MB", "10", "MB/s", "0MB/s", "-1MB/s", "10mB/s", "10 MB/s", ""}) {
    INFO(text);
    CHECK_THROWS_AS(read(text), InputError);
  }
}

TEST_CASE("malformed network settings are refused") {
  for (const char* text :
       {R"({"delay":"1ms"})", R"({"links":{"datasets":{}}})", R"({"shared":{"bandwidth":"1MB/s"}})",
        R"({"model":"LV08"})", R"({"dealy":{"constant":"1ms"}})", R"([])"}) {
    INFO(text);
    CHECK_THROWS_AS(parse_network(json(text)), InputError);
  }
}

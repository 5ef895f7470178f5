#include "sim/links.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>
#include <vector>

#include "sim/simgrid_calendar.hpp"

using rehearse::Duration;
using rehearse::Time;
using rehearse::sim::LinkModel;
using rehearse::sim::Links;
using rehearse::sim::SimGridCalendar;

namespace {

constexpr auto kThere = Links::Direction::there;
constexpr auto kBack = Links::Direction::back;

double seconds_to_send(SimGridCalendar& calendar, Links::Path path, std::uint64_t bytes, int flows,
                       Links::Direction direction = kThere) {
  const Time start = calendar.now();
  Time last = start;
  for (int i = 0; i < flows; ++i) {
    calendar.links()->send(path, direction, bytes, [&] { last = calendar.now(); });
  }
  calendar.run_until(Time::never());
  return (last - start).to_seconds();
}

}  // namespace

TEST_CASE("a lone flow takes latency plus size over bandwidth") {
  SimGridCalendar calendar;
  const auto link = calendar.links()->add_link("wire", Duration::milliseconds(2), 1e6);
  const auto path = calendar.links()->add_path({link});
  CHECK(seconds_to_send(calendar, path, 50'000, 1) == Approx(0.052).margin(1e-8));
  CHECK(seconds_to_send(calendar, path, 50'000, 1, kBack) == Approx(0.052).margin(1e-8));
  CHECK(calendar.links()->in_flight() == 0);
}

TEST_CASE("flows in one direction share the bandwidth, flows in the other do not") {
  SimGridCalendar calendar;
  const auto link = calendar.links()->add_link("wire", Duration{}, 1e6);
  const auto path = calendar.links()->add_path({link});
  CHECK(seconds_to_send(calendar, path, 100'000, 5) == Approx(0.5).margin(1e-6));
  Time back;
  calendar.after(Duration{}, [&] {
    const Time start = calendar.now();
    calendar.links()->send(path, kThere, 100'000, [] {});
    calendar.links()->send(path, kBack, 100'000,
                           [&, start] { back = Time{} + (calendar.now() - start); });
  });
  calendar.run_until(Time::never());
  CHECK(back.to_seconds() == Approx(0.1).margin(1e-6));
}

TEST_CASE("paths that cross a shared link slow each other down") {
  SimGridCalendar calendar;
  Links& links = *calendar.links();
  const auto shared = links.add_link("uplink", Duration{}, 1e6);
  const auto first = links.add_path({shared, links.add_link("a", Duration{}, 1e9)});
  const auto second = links.add_path({shared, links.add_link("b", Duration{}, 1e9)});
  std::vector<double> ends;
  for (const auto path : {first, second}) {
    links.send(path, kThere, 100'000, [&] { ends.push_back(calendar.now().to_seconds()); });
  }
  calendar.run_until(Time::never());
  REQUIRE(ends.size() == 2);
  CHECK(ends[0] == Approx(0.2).margin(1e-6));
  CHECK(ends[1] == Approx(0.2).margin(1e-6));
}

TEST_CASE("a run that ends while flows are under way can go on, or be dropped") {
  for (const bool go_on : {true, false}) {
    int arrived = 0;
    SimGridCalendar calendar;
    const auto path =
        calendar.links()->add_path({calendar.links()->add_link("wire", Duration{}, 1e6)});
    for (int i = 0; i < 3; ++i) {
      calendar.links()->send(path, kThere, 1'000'000, [&] { ++arrived; });
    }
    calendar.run_until(Time{} + Duration::seconds(1));
    CHECK(calendar.now() == Time{} + Duration::seconds(1));
    CHECK(arrived == 0);
    CHECK(calendar.links()->in_flight() == 3);
    if (go_on) {
      calendar.run_until(Time{} + Duration::seconds(4));
      CHECK(arrived == 3);
    }
  }
}

TEST_CASE("an exception in an arrival leaves through the call that runs the calendar") {
  SimGridCalendar calendar;
  const auto path =
      calendar.links()->add_path({calendar.links()->add_link("wire", Duration{}, 1e6)});
  bool second = false;
  calendar.links()->send(path, kThere, 1000, [] { throw std::runtime_error("arrived badly"); });
  calendar.links()->send(path, kThere, 1'000'000, [&] { second = true; });
  CHECK_THROWS_WITH(calendar.run_until(Time{} + Duration::seconds(10)), "arrived badly");
  CHECK_FALSE(second);
}

TEST_CASE("the TCP model stretches latency and wastes bandwidth as SimGrid documents") {
  SimGridCalendar calendar(LinkModel::tcp);
  const auto link = calendar.links()->add_link("wire", Duration::microseconds(100), 1e6);
  const auto path = calendar.links()->add_path({link});
  const double expected = 13.01 * 1e-4 + 1e6 / (0.97 * 1e6);
  CHECK(seconds_to_send(calendar, path, 1'000'000, 1) == Approx(expected).epsilon(1e-4));
}

TEST_CASE("ten thousand messages one after the other all arrive") {
  SimGridCalendar calendar;
  const auto link = calendar.links()->add_link("wire", Duration::milliseconds(1), 1e8);
  const auto path = calendar.links()->add_path({link});
  int arrived = 0;
  struct Sender {
    SimGridCalendar& calendar;
    Links::Path path;
    int& arrived;
    void send() {
      calendar.links()->send(path, kThere, 200 + static_cast<std::uint64_t>(arrived) % 4000,
                             [this] {
                               if (++arrived < 10'000) send();
                             });
    }
  } sender{calendar, path, arrived};
  sender.send();
  calendar.run_until(Time::never());
  CHECK(arrived == 10'000);
}

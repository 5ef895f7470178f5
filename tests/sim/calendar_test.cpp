#include "sim/calendar.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <memory>
#include <stdexcept>
#include <vector>

#include "sim/heap_calendar.hpp"
#include "sim/simgrid_calendar.hpp"
#include "stats/random.hpp"

using rehearse::Duration;
using rehearse::Time;
using rehearse::sim::Calendar;
using rehearse::sim::HeapCalendar;
using rehearse::sim::SimGridCalendar;
using rehearse::stats::Stream;

namespace {

struct Expected {
  Time when;
  int id;
};

// Random events, many at equal dates, some cancelled, some made by others. Returns the order in
// which they ran and checks it against a stable sort of what was asked for.
std::vector<int> run_random_events(Calendar& calendar, std::uint64_t seed, Time base, int count) {
  Stream stream(seed, 0, "events");
  std::vector<Expected> expected;
  std::vector<int> ran;
  std::vector<Calendar::Handle> handles;
  std::vector<Time> dates;
  int next = 0;
  const auto add = [&](Time when, auto&& self) -> void {
    const int id = next++;
    expected.push_back({when, id});
    dates.push_back(when);
    handles.push_back(calendar.at(when, [&, id, when, self] {
      CHECK(calendar.now() == when);
      ran.push_back(id);
      if (next < 2 * count && stream.chance(0.5)) {
        self(when + Duration{static_cast<std::int64_t>(stream.below(4))}, self);
      }
    }));
  };
  for (int i = 0; i < count; ++i) {
    add(base + Duration{static_cast<std::int64_t>(stream.below(50))}, add);
  }
  std::vector<int> cancelled;
  for (int i = 0; i < count; i += 7) {
    calendar.cancel(handles[static_cast<std::size_t>(i)]);
    cancelled.push_back(i);
  }
  calendar.run_until(base + Duration::seconds(1));
  std::erase_if(expected, [&](const Expected& e) {
    return std::find(cancelled.begin(), cancelled.end(), e.id) != cancelled.end();
  });
  std::stable_sort(expected.begin(), expected.end(),
                   [](const Expected& a, const Expected& b) { return a.when < b.when; });
  std::vector<int> order;
  for (const Expected& e : expected) order.push_back(e.id);
  CHECK(ran == order);
  CHECK(calendar.executed() == ran.size());
  return ran;
}

void check_run_until(Calendar& calendar) {
  std::vector<int> ran;
  const Time end{1'000'000};
  calendar.at(end, [&] {
    ran.push_back(1);
    calendar.at(end, [&] { ran.push_back(2); });
    calendar.at(end + Duration{1}, [&] { ran.push_back(3); });
  });
  calendar.run_until(end);
  CHECK(ran == std::vector<int>{1, 2});
  CHECK(calendar.now() == end);
  CHECK(calendar.ties() == 1);
  calendar.run_until(end);
  CHECK(ran.size() == 2);
  calendar.run_until(end + Duration::days(200));
  CHECK(ran == std::vector<int>{1, 2, 3});
  CHECK(calendar.now() == end + Duration::days(200));
  calendar.after(Duration{5}, [&] { ran.push_back(4); });
  calendar.run_until(Time::never());
  CHECK(ran.back() == 4);
  CHECK(calendar.now() == end + Duration::days(200) + Duration{5});
}

void check_past_dates(Calendar& calendar) {
  std::vector<int> ran;
  calendar.at(Time{100}, [&] {
    calendar.at(Time{100}, [&] { ran.push_back(1); });
    calendar.at(Time{3}, [&] {
      ran.push_back(2);
      CHECK(calendar.now() == Time{100});
    });
  });
  calendar.at(Time{100}, [&] { ran.push_back(0); });
  calendar.run_until(Time{1000});
  CHECK(ran == std::vector<int>{0, 1, 2});
}

void check_exceptions(Calendar& calendar) {
  bool ran = false;
  calendar.at(Time{10}, [] { throw std::runtime_error("from an action"); });
  calendar.at(Time{11}, [&] { ran = true; });
  CHECK_THROWS_WITH(calendar.run_until(Time{1000}), "from an action");
  CHECK_FALSE(ran);
  calendar.after(Duration{5}, [&] { ran = true; });
  calendar.run_until(Time{2000});
  CHECK(ran);
}

void check_cancelling(Calendar& calendar) {
  int ran = 0;
  std::vector<Calendar::Handle> handles;
  for (int i = 0; i < 5000; ++i) {
    handles.push_back(calendar.at(Time{1000 + i}, [&] { ++ran; }));
  }
  for (std::size_t i = 0; i < handles.size(); ++i) {
    if (i % 10 != 0) calendar.cancel(handles[i]);
  }
  calendar.cancel({});
  calendar.at(Time{500}, [&] { calendar.cancel(handles[10]); });
  calendar.run_until(Time{100'000});
  CHECK(ran == 499);
  calendar.cancel(handles[20]);  // has run
  bool other = false;
  const auto reused = calendar.after(Duration{1}, [&] { other = true; });
  CHECK(reused.sequence != handles[20].sequence);
  calendar.cancel(handles[20]);
  calendar.run_until(Time{200'000});
  CHECK(other);
}

// From day 97 on, neighbouring nanoseconds share a double; they must still run in order, each at
// its own time.
void check_late_dates(Calendar& calendar) {
  for (const int day : {1, 96, 98, 149, 400}) {
    const Time base{Duration::days(day).ns};
    std::vector<std::int64_t> ran;
    for (const int offset : {7, 3, 5, 1, 0, 2, 6, 4}) {
      calendar.at(base + Duration{offset},
                  [&, base] { ran.push_back((calendar.now() - base).ns); });
    }
    calendar.run_until(base + Duration{5});
    CHECK(ran == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5});
    calendar.run_until(base + Duration{8});
    CHECK(ran == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7});
  }
}

}  // namespace

TEST_CASE("the plain calendar runs events in the order of time and insertion") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    INFO("seed " << seed);
    HeapCalendar calendar;
    run_random_events(calendar, seed, Time{}, 200);
  }
}

TEST_CASE("the calendar on SimGrid runs events in the same order as the plain one") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    for (const int day : {0, 97, 149}) {
      INFO("seed " << seed << " day " << day);
      const Time base{Duration::days(day).ns};
      HeapCalendar plain;
      SimGridCalendar simgrid;
      CHECK(run_random_events(simgrid, seed, base, 200) ==
            run_random_events(plain, seed, base, 200));
      CHECK(simgrid.ties() == plain.ties());
    }
  }
}

TEST_CASE("a plain run ends at its end and can be continued") {
  HeapCalendar calendar;
  check_run_until(calendar);
}

TEST_CASE("a run on SimGrid ends at its end and can be continued") {
  SimGridCalendar calendar;
  check_run_until(calendar);
}

TEST_CASE("a past date means now, after what is already due") {
  HeapCalendar plain;
  check_past_dates(plain);
  SimGridCalendar simgrid;
  check_past_dates(simgrid);
}

TEST_CASE("an exception from an action leaves through the call that runs the calendar") {
  HeapCalendar plain;
  check_exceptions(plain);
  SimGridCalendar simgrid;
  check_exceptions(simgrid);
}

TEST_CASE("a cancelled event never runs and a spent handle cancels nothing") {
  HeapCalendar plain;
  check_cancelling(plain);
  SimGridCalendar simgrid;
  check_cancelling(simgrid);
}

TEST_CASE("nanoseconds that share a double run in order, each at its own time") {
  HeapCalendar plain;
  check_late_dates(plain);
  SimGridCalendar simgrid;
  check_late_dates(simgrid);
}

TEST_CASE("a timer chain over 149 days on SimGrid keeps every nanosecond") {
  SimGridCalendar calendar;
  const Duration step{1'287'654'321'987};  // about 21 minutes
  std::int64_t ticks = 0;
  struct Chain {
    Calendar& calendar;
    Duration step;
    std::int64_t& ticks;
    void tick() {
      ++ticks;
      CHECK(calendar.now() == Time{} + step * ticks);
      calendar.after(step, [this] { tick(); });
    }
  } chain{calendar, step, ticks};
  calendar.after(step, [&] { chain.tick(); });
  const Time end{Duration::days(149).ns};
  calendar.run_until(end);
  CHECK(ticks == (end - Time{}) / step);
}

TEST_CASE("an action of any size is moved, run and destroyed once") {
  auto alive = std::make_shared<int>(0);
  int ran = 0;
  {
    HeapCalendar calendar;
    std::array<char, 100> large{};
    calendar.at(Time{1}, [alive, &ran] { ++ran; });
    calendar.at(Time{2}, [alive, large, &ran] { ran += 1 + large[0]; });
    calendar.cancel(calendar.at(Time{3}, [alive, large, &ran] { ran += 100 + large[0]; }));
    calendar.at(Time{400}, [alive, large] { static_cast<void>(large); });
    CHECK(alive.use_count() == 4);
    calendar.run_until(Time{100});
    CHECK(alive.use_count() == 2);
  }
  CHECK(ran == 2);
  CHECK(alive.use_count() == 1);
}

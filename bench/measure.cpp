#include "measure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <sstream>
#include <stdexcept>

#include "child.hpp"
#include "experiments/run.hpp"
#include "experiments/scenario/scenario.hpp"

namespace rehearse::bench {
namespace {

// From a child to its parent, as words.
template <class... Parts>
std::string pack(const Parts&... parts) {
  std::ostringstream text;
  text.precision(17);
  ((text << parts << ' '), ...);
  return text.str();
}

template <class... Parts>
void unpack(const std::string& text, Parts&... parts) {
  std::istringstream words(text);
  (words >> ... >> parts);
  if (!words) throw std::runtime_error("a child said: " + text);
}

RunCost run_once(const experiments::Scenario& scenario) {
  const ChildResult child = in_child([&scenario] {
    const experiments::FinishedRun run = experiments::run(scenario);
    const auto& metrics = run.result.metrics;
    return pack(run.perf.cpu_seconds, run.perf.wall_seconds,
                static_cast<std::uint64_t>(metrics.at("bus.published")), run.perf.events,
                static_cast<std::uint64_t>(metrics.at("store.datoms")), run.result.digest);
  });
  RunCost cost;
  unpack(child.text, cost.cpu_seconds, cost.wall_seconds, cost.changes, cost.events, cost.datoms,
         cost.digest);
  cost.peak_mib = child.peak_mib;
  return cost;
}

// The tapes of one run, which must be the run that was measured.
void record(const experiments::Scenario& scenario, const RunCost& measured, Tape& calendar,
            Tape& store) {
  const ChildResult child = in_child([&] {
    record_calendar(&calendar);
    record_store(&store);
    const experiments::FinishedRun run = experiments::run(scenario);
    record_calendar(nullptr);
    return pack(run.perf.events, run.result.digest);
  });
  std::uint64_t events = 0;
  std::string digest;
  unpack(child.text, events, digest);
  if (events != measured.events || digest != measured.digest) {
    throw std::runtime_error("the recorded run differs from the measured one");
  }
}

CalendarReplay replay(const Tape& tape, CalendarReplay (*play)(TapeReader&)) {
  const ChildResult child = in_child([&] {
    TapeReader reader(tape);
    const CalendarReplay result = play(reader);
    return pack(result.seconds, result.executed, result.cancelled, result.most_pending);
  });
  CalendarReplay result;
  unpack(child.text, result.seconds, result.executed, result.cancelled, result.most_pending);
  return result;
}

StoreReplay replay(const Tape& tape) {
  const ChildResult child = in_child([&] {
    TapeReader reader(tape);
    const StoreReplay result = replay_store(reader);
    return pack(result.seconds, result.statements, result.rows, result.savepoints);
  });
  StoreReplay result;
  unpack(child.text, result.seconds, result.statements, result.rows, result.savepoints);
  return result;
}

template <class Cost>
Cost fastest(int repeat, double Cost::*seconds, const std::function<Cost()>& once) {
  Cost best = once();
  for (int i = 1; i < repeat; ++i) {
    const Cost next = once();
    if (next.*seconds < best.*seconds) best = next;
  }
  return best;
}

std::string row(const std::string& operation, std::uint64_t count, double floor, double measured) {
  const auto number = [](double value, const char* format) {
    return value > 0 ? fmt::format(fmt::runtime(format), value) : std::string("-");
  };
  return fmt::format("{:<44} {:>12} {:>9} {:>11} {:>6}\n", operation, count,
                     number(floor, "{:.2f}"), number(measured, "{:.2f}"),
                     number(floor > 0 ? measured / floor : 0, "{:.2f}"));
}

}  // namespace

Measurement measure(const Options& options) {
  std::vector<experiments::Override> overrides;
  if (!options.duration.empty()) overrides.push_back({"/duration", options.duration});
  const experiments::Scenario scenario = experiments::load_scenario(options.scenario, overrides);
  Measurement m;
  m.run =
      fastest<RunCost>(options.repeat, &RunCost::cpu_seconds, [&] { return run_once(scenario); });
  if (!options.floor) return m;
  Tape calendar;
  Tape store;
  record(scenario, m.run, calendar, store);
  m.has_floor = true;
  m.timers = fastest<CalendarReplay>(options.repeat, &CalendarReplay::seconds,
                                     [&] { return replay(calendar, replay_on_timers); });
  m.calendar = fastest<CalendarReplay>(options.repeat, &CalendarReplay::seconds,
                                       [&] { return replay(calendar, replay_on_calendar); });
  m.store =
      fastest<StoreReplay>(options.repeat, &StoreReplay::seconds, [&] { return replay(store); });
  return m;
}

std::string table(const Measurement& m) {
  std::string text = fmt::format("{:<44} {:>12} {:>9} {:>11} {:>6}\n", "operation", "count",
                                 "floor s", "measured s", "ratio");
  double floor = 0;
  if (m.has_floor) {
    floor = m.timers.seconds + m.store.seconds;
    text += row("calendar: events on SimGrid timers", m.timers.executed + m.timers.cancelled,
                m.timers.seconds, m.calendar.seconds);
    text += row("store: statements on SQLite", m.store.statements, m.store.seconds, 0);
  }
  text += row("run: changes of the truth", m.run.changes, floor, m.run.cpu_seconds);
  if (m.has_floor) {
    text += fmt::format(
        "\ncalendar: {} executed, {} cancelled, at most {} pending\n"
        "store: {} rows written, {} savepoints, {} datoms\n",
        m.timers.executed, m.timers.cancelled, m.timers.most_pending, m.store.rows,
        m.store.savepoints, m.run.datoms);
  }
  text += fmt::format("run: {:.0f} changes/s, {:.2f} s of wall time, peak RSS {:.0f} MiB\n",
                      static_cast<double>(m.run.changes) / m.run.cpu_seconds, m.run.wall_seconds,
                      m.run.peak_mib);
  return text;
}

}  // namespace rehearse::bench

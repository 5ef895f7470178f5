// How long it takes to say why copies are stale, when most of a run's documents wait for a call.
//
// A recorder hears of random changes of documents, all announced by events that are delivered and
// for which no call is ever made; then it is asked for the cause of each stale copy. What a
// document costs must not depend on how many there are, nor on the number of events.
//
//   audit_bench [DOCUMENTS [EVENTS]]       default 50000 and 1000000
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "measure/audit.hpp"
#include "stats/random.hpp"

namespace rehearse::measure {
namespace {

constexpr Duration kLength = Duration::hours(1);

double seconds_since(std::clock_t start) {
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

RecorderConfig config() {
  RecorderConfig config;
  config.window = {Time{}, Time{} + kLength, Time{} + kLength};
  config.sources.push_back({"registry", 1});
  return config;
}

world::Change change_of(std::uint64_t number, std::size_t document, std::int64_t version,
                        Time now) {
  world::Change change;
  change.number = number;
  change.at = now;
  change.entity = static_cast<world::Slot>(document);
  change.uri = "aip://model/registry/m" + std::to_string(document);
  change.type = "Model";
  change.version = version;
  change.facts = number;
  return change;
}

struct Times {
  double history = 0;
  double audit = 0;
};

Times measure(std::uint64_t documents, std::uint64_t events) {
  Recorder recorder(config());
  recorder.start({}, {}, {});
  stats::Stream draw(1, 0, "audit-bench");
  std::vector<std::int64_t> versions(documents, 0);
  Times times;
  std::clock_t start = std::clock();
  for (std::uint64_t number = 1; number <= events; ++number) {
    const Time now{static_cast<std::int64_t>(number) * kLength.ns /
                   static_cast<std::int64_t>(events)};
    const std::size_t document = draw.below(documents);
    recorder.on(models::Changed{change_of(number, document, ++versions[document], now), {}}, now);
    recorder.on(models::Published{{number}, number}, now);
    recorder.on(models::EventFate{{number}, models::Fate::delivered}, now);
  }
  recorder.finish();
  times.history = seconds_since(start);
  start = std::clock();
  const Audit audit = picture(recorder);
  times.audit = seconds_since(start);
  fmt::print("{:>9} documents, {:>9} events: told in {:.2f} s, {} causes in {:.2f} s\n", documents,
             events, times.history, audit.entities.size(), times.audit);
  fmt::print("  the last: {}\n", audit.entities.back().cause);
  return times;
}

}  // namespace
}  // namespace rehearse::measure

int main(int argc, char** argv) {
  const std::uint64_t documents = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 50'000;
  const std::uint64_t events = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000;
  const auto few = rehearse::measure::measure(documents / 10, events / 10);
  const auto many = rehearse::measure::measure(documents, events);
  fmt::print("ten times as much takes {:.1f} times as long\n", many.audit / few.audit);
  return 0;
}

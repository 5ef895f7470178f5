#include "measure/event_log.hpp"

#include <catch2/catch.hpp>

#include "measure/source_usage.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::measure;
using models::Fate;

namespace {
constexpr Time at(std::int64_t seconds) { return Time{} + Duration::seconds(seconds); }
const Window kWhole{at(0), at(600), at(660)};

// The event with this number announces the first version of a document of its own.
void publish(EventLog& log, std::uint64_t event) {
  log.changed(event, static_cast<std::uint32_t>(event), 1, 0);
  log.published({event}, event);
}
}  // namespace

TEST_CASE("each delivery waits until the first call begun at or after it") {
  EventLog log(kWhole);
  publish(log, 1);
  publish(log, 2);
  log.fate({1}, Fate::delivered, at(10));
  log.fate({2}, Fate::delivered, at(12));  // coalesced
  log.called({1}, at(15));
  log.called({2}, at(15));
  log.called({2}, at(40));  // nobody waits any more
  log.acknowledged({2});
  log.finish();
  const Lags::Summary waits = log.waits().summary();
  CHECK(waits.count == 2);
  CHECK(waits.mean == 4);
  CHECK(waits.max == 5);
  CHECK(waits.censored == 0);
  CHECK_FALSE(log.find({2})->without_call);
}

TEST_CASE("a duplicate that is delivered while its event waits counts as a wait of its own") {
  EventLog log(kWhole);
  log.fate({1}, Fate::delivered, at(10));
  log.fate({1}, Fate::delivered, at(14));
  log.fate({1}, Fate::delivered, at(14));
  log.called({1}, at(20));
  log.fate({1}, Fate::delivered, at(30));
  log.called({1}, at(31));
  log.finish();
  CHECK(log.waits().summary().count == 4);
  CHECK(log.waits().summary().mean == Approx(23.0 / 4));
}

TEST_CASE("a delivery without a call at the end is censored, one answered otherwise is no wait") {
  EventLog log(kWhole);
  for (const std::uint64_t event : {1, 2, 4}) publish(log, event);
  log.fate({1}, Fate::delivered, at(10));
  log.fate({2}, Fate::delivered, at(10));
  log.acknowledged({2});
  log.fate({4}, Fate::delivered, at(10));
  log.fate({4}, Fate::delivered, at(11));
  log.dead_lettered({4}, "unknown event type");
  log.acknowledged({4});
  log.finish();
  CHECK(log.waits().summary().count == 1);
  CHECK(log.waits().summary().censored == 1);
  CHECK(log.waits().summary().max == 650);
  CHECK(log.find({2})->without_call);
  CHECK(log.find({4})->dead);
  CHECK_FALSE(log.find({4})->without_call);
  CHECK(log.reason({4}) == "unknown event type");
}

TEST_CASE("the newest event of a document is that of its newest version, and delivery is final") {
  EventLog log(kWhole);
  log.changed(1, 7, 1, 0);
  log.published({1}, 1);
  log.fate({1}, Fate::dropped, at(1));
  CHECK(log.find({1})->fate == Fate::dropped);
  log.changed(2, 7, 2, 0);
  log.published({2}, 2);
  log.published({3}, 0);  // no change is behind it
  CHECK(log.newest_event(7).value == 2);
  CHECK(log.newest_event(8).value == 0);
  log.fate({2}, Fate::duplicated, at(1));
  log.fate({2}, Fate::delivered, at(1));
  log.fate({2}, Fate::dropped, at(1));  // the duplicate
  CHECK(log.find({2})->fate == Fate::delivered);
  CHECK(log.count(Fate::dropped) == 2);
  CHECK(log.published() == 3);
}

TEST_CASE("a record is kept while its event is under way or the newest of its document") {
  EventLog log(kWhole);
  const auto announce = [&log](std::uint64_t event, std::uint32_t document) {
    log.changed(event, document, static_cast<std::int64_t>(event), 0);
    log.published({event}, event);
  };
  const auto deliver_and_call = [&log](std::uint64_t event) {
    log.fate({event}, Fate::delivered, at(1));
    log.called({event}, at(2));
  };
  announce(1, 7);
  deliver_and_call(1);
  announce(2, 7);
  CHECK(log.kept() == 2);  // the first is not acknowledged yet
  log.acknowledged({1});
  CHECK(log.find({1}) == nullptr);
  deliver_and_call(2);
  log.acknowledged({2});
  CHECK(log.find({2}) != nullptr);  // the newest of its document
  log.fate({1}, Fate::delivered, at(3));
  CHECK(log.find({1})->again);  // whatever was forgotten
  CHECK(log.find({1})->waiting);
  log.called({1}, at(5));
  CHECK(log.find({1}) == nullptr);
  announce(3, 7);
  log.fate({3}, Fate::dropped, at(6));
  announce(4, 7);
  CHECK(log.find({2}) == nullptr);
  CHECK(log.find({3}) == nullptr);
  announce(5, 7);
  CHECK(log.kept() == 2);  // the fourth is on the bus
  log.finish();
  CHECK(log.waits().summary().count == 3);
}

TEST_CASE("the records kept do not grow with the events") {
  constexpr std::uint64_t kDocuments = 100;
  EventLog log(kWhole);
  stats::Stream draw(2, 0, "documents");
  for (std::uint64_t event = 1; event <= 100'000; ++event) {
    log.changed(event, static_cast<std::uint32_t>(draw.below(kDocuments)),
                static_cast<std::int64_t>(event), 0);
    log.published({event}, event);
    if (draw.chance(0.1)) {
      log.fate({event}, Fate::dropped, at(1));
      continue;
    }
    log.fate({event}, Fate::delivered, at(1));
    if (draw.chance(0.1)) log.fate({event}, Fate::delivered, at(1));
    if (draw.chance(0.1)) log.dead_lettered({event}, "refused");
    log.called({event}, at(1));
    log.acknowledged({event});
    if (draw.chance(0.1)) {
      log.fate({event}, Fate::delivered, at(1));
      log.called({event}, at(1));
      log.acknowledged({event});
    }
    if (draw.chance(0.1)) log.fate({event - draw.below(event)}, Fate::expired, at(1));  // a copy
  }
  CHECK(log.kept() == kDocuments);
}

TEST_CASE("the calls ahead of a document's are those that its source's queue holds before it") {
  EventLog log(kWhole);
  std::uint64_t events = 0;
  const auto announce = [&](std::uint32_t document, std::size_t source, std::int64_t version) {
    log.changed(++events, document, version, source);
    log.published({events}, events);
    log.fate({events}, Fate::delivered, at(1));
    return mds::EventId{events};
  };
  const mds::EventId first = announce(10, 0, 1);
  announce(20, 1, 1);  // another source's queue
  announce(30, 0, 1);
  announce(30, 0, 2);  // shares the call of the one before
  announce(10, 0, 2);  // the same, of document 10
  announce(40, 0, 1);
  CHECK(log.calls_ahead_of(10) == 0);
  CHECK(log.calls_ahead_of(20) == 0);
  CHECK(log.calls_ahead_of(30) == 1);
  CHECK(log.calls_ahead_of(40) == 2);
  CHECK(log.calls_ahead_of(50) == 0);
  log.called(first, at(2));  // for what the first event announced; the one after it waits on
  CHECK(log.calls_ahead_of(30) == 0);
  CHECK(log.calls_ahead_of(10) == 1);
  CHECK(log.calls_ahead_of(40) == 2);
}

// One by one, this would look a million events over fifty thousand times.
TEST_CASE("calls ahead are counted for fifty thousand documents among a million events") {
  constexpr std::uint32_t kDocuments = 50'000;
  constexpr std::uint64_t kEvents = 1'000'000;
  EventLog log(kWhole);
  stats::Stream draw(1, 0, "documents");
  std::vector<std::uint64_t> waits_since(kDocuments, 0);
  for (std::uint64_t event = 1; event <= kEvents; ++event) {
    const auto document = static_cast<std::uint32_t>(draw.below(kDocuments));
    log.changed(event, document, static_cast<std::int64_t>(event), document % 2);
    log.published({event}, event);
    log.fate({event}, Fate::delivered, at(1));
    if (event <= kEvents / 2) {
      log.called({event}, at(1));
      log.acknowledged({event});
    } else if (waits_since[document] == 0) {
      waits_since[document] = event;
    }
  }
  std::vector<std::uint64_t> queues[2];
  for (std::uint32_t d = 0; d < kDocuments; ++d) {
    if (waits_since[d] != 0) queues[d % 2].push_back(waits_since[d]);
  }
  for (auto& queue : queues) std::sort(queue.begin(), queue.end());
  std::size_t wrong = 0;
  for (std::uint32_t d = 0; d < kDocuments; ++d) {
    const auto& queue = queues[d % 2];
    const auto place = std::lower_bound(queue.begin(), queue.end(), waits_since[d]);
    wrong += log.calls_ahead_of(d) != static_cast<std::size_t>(place - queue.begin());
  }
  CHECK(wrong == 0);
}

TEST_CASE("a source's rates, peak minute, utilization and waits cover the window") {
  SourceUsage usage(Window{at(60), at(210), at(300)});
  for (int i = 0; i < 100; ++i) usage.request(at(30));  // warm-up
  for (int i = 0; i < 6; ++i) usage.request(at(70));    // the minute from 60
  for (int i = 0; i < 9; ++i) usage.request(at(130));   // the minute from 120
  for (int i = 0; i < 50; ++i) usage.request(at(200));  // a minute cut by the window's end
  CHECK(usage.requests() == 165);
  CHECK(usage.rate_mean() == Approx(65.0 / 150));
  CHECK(usage.rate_peak_1m() == Approx(9.0 / 60));
  usage.service_start(Duration::seconds(5), Duration::seconds(20), at(50));  // 10 s inside
  usage.service_start(Duration::seconds(4), Duration::seconds(30), at(100));
  usage.service_start(Duration::seconds(2), Duration::seconds(60), at(200));  // 10 s inside
  CHECK(usage.utilization(2) == Approx(50.0 / 300));
  CHECK(usage.wait_mean() == 3);  // the first wait began in the warm-up
}

// What tests of the models share: a subscriber that counts, and worlds of a few entities.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "models/host/happening.hpp"
#include "world/world.hpp"

namespace rehearse::test {

/// Counts what it is told.
class CountingObserver {
 public:
  void on(const models::Changed& changed, Time) { changes.push_back(changed.change); }
  void on(const models::Published&, Time) { ++published; }
  void on(const models::EventFate& fate, Time) { ++fates.at(static_cast<std::size_t>(fate.fate)); }
  void on(const mds::SourceRequest&, Time) { ++requests; }
  void on(const models::CallServed& served, Time) {
    waits.push_back(served.waited);
    services.push_back(served.takes);
    lost_items.insert(lost_items.end(), served.lost.begin(), served.lost.end());
  }
  void on(const models::CallEnded& ended, Time) {
    if (ended.response.outcome == mds::Response::Outcome::timed_out) ++timeouts;
    ++responses;
  }
  void on(const mds::Notice&, Time) { ++notices; }
  void on(const mds::TxReport&, Time) { ++transactions; }
  void on(const models::QueueLength& queue, Time) {
    longest_queue = std::max(longest_queue, queue.length);
  }

  std::uint64_t count(models::Fate fate) const { return fates.at(static_cast<std::size_t>(fate)); }

  std::vector<world::Change> changes;
  std::vector<Duration> waits;
  std::vector<Duration> services;
  std::array<std::uint64_t, 7> fates{};
  std::size_t longest_queue = 0;
  std::vector<std::string> lost_items;
  std::uint64_t published = 0;
  std::uint64_t requests = 0;
  std::uint64_t responses = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t notices = 0;
  std::uint64_t transactions = 0;
};

/// Happenings that one subscriber hears.
template <class Subscriber>
models::Happenings heard_by(Subscriber& subscriber) {
  models::Happenings happenings;
  happenings.subscribe(subscriber);
  return happenings;
}

inline config::Node json(const std::string& text) { return config::parse(text, "test.json"); }

/// A world of shipped sources.
inline world::World world_of(const std::vector<std::string>& names) {
  std::vector<world::SourceShape> shapes;
  for (const std::string& name : names) shapes.push_back(*world::shipped_shape(name));
  return world::World(shapes);
}

/// Creates `count` entities before time 0: dataset-0, dataset-1, ...
inline void populate(world::World& world, const std::string& source, const std::string& type,
                     const std::string& stem, int count) {
  for (int i = 0; i < count; ++i) {
    world::Operation operation;
    operation.source = source;
    operation.type = type;
    operation.id = stem + std::to_string(i);
    operation.op = world::Op::create;
    world.apply(operation, Time{});
  }
}

}  // namespace rehearse::test

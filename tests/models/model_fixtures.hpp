// What tests of the models share: an observer that records, and worlds of a few entities.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "models/host/observer.hpp"
#include "world/world.hpp"

namespace rehearse::test {

/// Counts what it is told.
class CountingObserver : public models::Observer {
 public:
  void on_change(const world::Change& change, const world::EdgeDelta&) override {
    changes.push_back(change);
  }
  void on_publish(mds::EventId, std::uint64_t, Time) override { ++published; }
  void on_fate(mds::EventId, models::Fate fate, Time) override {
    ++fates.at(static_cast<std::size_t>(fate));
  }
  void on_request(const mds::SourceRequest&, Time) override { ++requests; }
  void on_service_start(mds::RequestId, std::size_t, Duration waited, Duration service,
                        Time) override {
    waits.push_back(waited);
    services.push_back(service);
  }
  void on_response(mds::RequestId, const mds::Response& response, std::int64_t, Time) override {
    if (response.outcome == mds::Response::Outcome::timed_out) ++timeouts;
    ++responses;
  }
  void on_lost_page(mds::RequestId, const std::vector<std::string>& uris, Time) override {
    lost_items.insert(lost_items.end(), uris.begin(), uris.end());
  }
  void on_notice(const mds::Notice&, Time) override { ++notices; }
  void on_transaction(const mds::TxReport&, Time) override { ++transactions; }
  void on_queue(std::size_t length, Time) override {
    longest_queue = std::max(longest_queue, length);
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

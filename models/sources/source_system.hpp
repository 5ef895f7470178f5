// A source system: what changes in it, and who hears of it.
//
// Changes come from random processes and from a feed of operations with dates (scripts and traces),
// of which one at a time is in the calendar. A change goes to the truth, to the oracle and to
// whoever hears of it, and is announced by a thin event, unless a fault keeps the source silent.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/host/happening.hpp"
#include "models/sources/change_process.hpp"
#include "models/sources/publisher.hpp"
#include "models/sources/source_config.hpp"
#include "world/oracle.hpp"
#include "world/world.hpp"

namespace rehearse::models {

/// An operation and its date.
struct DatedOperation {
  Time at;
  world::Operation operation;
};

/// Gives the next operation, dates never going back; nullopt when there is none left.
using OperationFeed = std::function<std::optional<DatedOperation>()>;

/// What all sources of a run share.
struct SourceSurroundings {
  sim::Calendar& calendar;
  world::World& world;
  world::Oracle& oracle;
  const Happenings& happenings;
  Publisher& publisher;
  bool events_carry_state = false;  ///< events hold the payload (hydration mode event-payload)
};

class SourceSystem final : public ChangeProcess::Sink {
 public:
  /// `index` is that of the source in the world. Generated ids go on from the population, so the
  /// world holds it already. REQUIRES: `config` and what `surroundings` refers
  /// to outlive this.
  SourceSystem(const SourceConfig& config, std::size_t index, OperationFeed feed,
               const Streams& streams, const SourceSurroundings& surroundings);

  /// Begins; no change is made at or after `until`.
  void start(Time until);
  /// A random or scripted change: random processes may collide, so creating what exists and
  /// changing what does not exist do nothing.
  void try_change(const world::Operation& operation) override;
  /// A change that somebody means to make. Throws InputError when it cannot be made (World::make),
  /// or not any more: no change is made at or after the end that start() was given.
  world::Change make(const world::Operation& operation);
  std::uint64_t& next_number(const std::string& type) override { return next_number_.at(type); }

  /// Announces an entity that exists, without a change behind it.
  void announce(const world::TypeShape& type, const std::string& id);

  /// A silent source tells nobody of its changes.
  void set_silent(bool silent) { silent_ = silent; }

 private:
  void feed_next();
  /// Takes a change that was made to the oracle, to whoever hears of it and to the bus.
  void spread(Changed& changed, const std::string& id);
  void publish(const world::Change& change, const std::string& type, const std::string& id);
  std::string body_with_state(std::string body, const std::string& type, const std::string& id);

  std::size_t index_;
  SourceSurroundings surroundings_;
  OperationFeed feed_;
  std::vector<std::unique_ptr<ChangeProcess>> processes_;
  std::map<std::string, std::uint64_t> next_number_;  ///< by type that is created at random
  Time until_;
  bool silent_ = false;
};

/// The API path of an entity.
std::string api_path(const world::World& world, const world::TypeShape& type,
                     const std::string& id);

}  // namespace rehearse::models

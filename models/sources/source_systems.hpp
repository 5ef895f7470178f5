// The source systems of a run, and the way in for whoever changes a source on purpose.
//
// Such a change goes the way of every other: truth, oracle, whoever hears of it, thin event, bus,
// service. It differs in one thing: what cannot be done is an error, while random processes, which
// may collide, pass over it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "models/sources/source_system.hpp"

namespace rehearse::models {

class SourceSystems {
 public:
  /// REQUIRES: in the order of the world's sources; `world` outlives this.
  explicit SourceSystems(const world::World& world) : world_(world) {}
  void add(std::unique_ptr<SourceSystem> system) { systems_.push_back(std::move(system)); }

  /// Begins; no change is made at or after `until`.
  void start(Time until);
  SourceSystem& at(std::size_t source) { return *systems_.at(source); }

  /// Makes a change at the source of that name, now. As in the systems that Rehearse models, a
  /// reference may point to what does not exist (any more). Throws InputError, and has then changed
  /// and announced nothing, for a source or type that is not there, a type of another source, an id
  /// that exists (to create) or does not (to update or delete), fields or references that the type
  /// does not have or that have the wrong form, and a change after the run's duration.
  world::Change make(const std::string& source, world::Operation operation);

 private:
  const world::World& world_;
  std::vector<std::unique_ptr<SourceSystem>> systems_;
};

}  // namespace rehearse::models

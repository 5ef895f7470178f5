// Making one change to a world.
//
// First everything the operation names is looked up, so that a bad operation changes nothing; then
// the version is written and the sum of its facts (base/fact_hash.hpp) corrected for what changed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/fact_hash.hpp"
#include "world/state.hpp"

namespace rehearse::world {

/// The text that stands for a field's value in the sum of facts; empty where it has none.
std::string canonical_text(const StoredValue& value);

/// Hash of all facts of a part.
std::uint64_t part_facts(const WorldState& state, Slot root, const StoredPart& part);

class Application {
 public:
  /// Throws InputError when the operation names what does not exist or has values of the wrong
  /// kind. REQUIRES: both outlive this.
  Application(WorldState& state, const Operation& operation);

  /// nullopt for the creation of what exists and the change of what does not.
  std::optional<Change> run(Time at);
  /// For these throws InputError instead.
  Change require(Time at);

 private:
  void check_fields() const;
  void check_refs() const;
  void check_tags() const;
  void check_parts() const;
  [[noreturn]] void refuse(const std::string& message) const;
  std::string nearest_living() const;
  std::string owners() const;

  void set_fields();
  void set_refs();
  void set_tags();
  void set_parts();
  void clear();
  void add_fact(std::string_view attribute, std::string_view text);
  void drop_fact(std::string_view attribute, std::string_view text);
  Version& version() { return *version_; }
  Change change(Time at) const;

  WorldState& state_;
  const Operation& operation_;
  std::size_t source_ = kNone;
  std::size_t type_ = kNone;
  const TypeLayout* layout_ = nullptr;
  Slot slot_ = kNoSlot;
  Version* version_ = nullptr;
  FactHasher hash_;  ///< of its facts
};

}  // namespace rehearse::world

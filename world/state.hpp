// The inside of a world, shared by world.cpp, api.cpp and the oracle.
//
// Every entity that exists, existed or was ever referred to has a slot. Roots of documents have a
// Version; parts (cells of a test) live in the Version of their root. A Version that a copy of the
// world or the history shares is never written (see cow.hpp); slots are never reused.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/name_index.hpp"
#include "base/time.hpp"
#include "world/cow.hpp"
#include "world/layout.hpp"
#include "world/ordered_ids.hpp"
#include "world/world.hpp"

namespace rehearse::world {

/// A field's value; monostate where it has none.
using StoredValue = std::variant<std::monostate, std::string, std::int64_t, double, bool>;

struct StoredPart {
  Slot slot = kNoSlot;
  std::string key;
  std::string name;
};

/// The state of a document from one change to the next.
struct Version {
  bool exists = false;
  std::int64_t number = 0;
  std::int64_t created_ms = 0;
  Time changed_at;
  std::uint64_t facts = 0;
  std::vector<StoredValue> values;      // by field of the layout
  std::vector<std::vector<Slot>> refs;  // by reference of the layout
  std::vector<std::string> tags;        // "key::value", without duplicates
  std::vector<StoredPart> parts;        // in the order given
};

struct Entity {
  std::shared_ptr<const Identity> identity;  // shared with copies of the world
  std::size_t type = kNone;
  bool alive = false;            // exists now (roots and parts)
  Slot parent = kNoSlot;         // of a part
  std::uint32_t rank = 0;        // place in TypeLists::living while alive
  std::shared_ptr<Version> now;  // of a root that exists or existed; shared with copies
  std::vector<std::shared_ptr<const Version>> past;  // oldest first, as far back as reads reach
};

/// The entities of a type that exist.
struct TypeLists {
  std::vector<Slot> living;  // a removed one is replaced by the last
  OrderedIds ordered;        // by id
  OrderedIds ever;           // by id, removed ones too; only where history is kept
};

/// How a source lists its entities.
struct SourceState {
  std::optional<Duration> history;  ///< how far back reads reach; nullopt: to now only
  Listing listing;
  Time changed_at = {std::numeric_limits<std::int64_t>::min()};  // existence of any entity
};

class WorldState {
 public:
  explicit WorldState(std::vector<SourceShape> shapes)
      : layout(std::make_shared<const Layout>(std::move(shapes))),
        sources(layout->sources().size()),
        names(layout->namespaces()),
        lists(layout->types().size()) {}

  /// The slot of an id; kNoSlot when it was never mentioned.
  Slot lookup(std::size_t type, std::string_view id) const {
    return lookup_in(layout->types()[type].names, id);
  }
  /// The slot of an id, a new one when it was never mentioned.
  Slot intern(std::size_t type, std::string_view id);
  Slot lookup_uri(std::string_view uri) const;
  Slot lookup_in(std::size_t space, std::string_view id) const;  ///< a namespace
  const Entity& entity(Slot slot) const { return (*entities)[slot]; }
  const TypeLayout& type_of(Slot slot) const { return layout->types()[entity(slot).type]; }
  /// Makes an entity count as existing, or not.
  void set_alive(Slot slot, bool alive);
  /// The document's version for writing at `at`; no copy of the world shares it any longer.
  Version& edit_version(Slot slot, Time at);
  /// Sums up the facts of a document afresh (World::apply keeps them step by step).
  std::vector<World::ExpectedFact> facts_of(Slot slot) const;
  /// The state a read at `at` sees: nullptr when there was none.
  const Version* version_at(Slot slot, Time at) const;
  std::string payload(Slot slot, const Version& version) const;

  std::shared_ptr<const Layout> layout;  // shared with copies of the world
  std::vector<SourceState> sources;
  Cow<std::vector<Entity>> entities;
  std::vector<Cow<NameIndex>> names;  // slots by id, for each namespace
  std::vector<Cow<TypeLists>> lists;  // by type
  std::uint64_t changes = 0;
};

}  // namespace rehearse::world

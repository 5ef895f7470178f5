// The inside of a world, for the files of this folder alone: those that change it (apply.hpp) and
// those that read it (api.cpp, payload.cpp, truth_graph.cpp, the oracle).
//
// Every entity that exists, existed or was ever referred to has a slot. Roots of documents have a
// Version (version.hpp); parts (cells of a test) live in the Version of their root. A Version that
// a copy of the world or the history shares is never written (see cow.hpp); slots are never reused.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/name_index.hpp"
#include "base/time.hpp"
#include "world/cow.hpp"
#include "world/layout.hpp"
#include "world/ordered_ids.hpp"
#include "world/version.hpp"
#include "world/world.hpp"

namespace rehearse::world {

struct Entity {
  std::shared_ptr<const Identity> identity;  // shared with copies of the world
  std::shared_ptr<Version> now;              // of a root that exists or existed; shared with copies
  std::uint32_t type = 0;                    // index into Layout::types()
  Slot parent = kNoSlot;                     // of a part
  std::uint32_t rank = 0;                    // place in TypeLists::living while alive
  bool alive = false;                        // exists now (roots and parts)
};

/// Versions of a document that were replaced, oldest first, as far back as reads reach.
using PastVersions = std::vector<std::shared_ptr<const Version>>;

/// The entities of a type that exist.
struct TypeLists {
  std::vector<Slot> living;  // a removed one is replaced by the last
  OrderedIds ordered;        // by id
  // Only where history is kept: by id, those too that reads of the past may still see, and when
  // these were removed, oldest first.
  OrderedIds ever;
  std::vector<std::pair<Time, Slot>> removed;
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
  /// An entity of a source with history came to exist or ceased to, at `at`.
  void note_existence(Slot slot, Time at);
  /// Sums up the facts of a document afresh (World::apply keeps them step by step).
  std::vector<World::ExpectedFact> facts_of(Slot slot) const;
  /// The state a read at `at` sees: nullptr when there was none.
  const Version* version_at(Slot slot, Time at) const;
  std::string payload(Slot slot, const Version& version) const;

  std::shared_ptr<const Layout> layout;  // shared with copies of the world
  std::vector<SourceState> sources;
  Cow<std::vector<Entity>> entities;
  Cow<std::map<Slot, PastVersions>> past;  // only where history is kept
  std::vector<Cow<NameIndex>> names;       // slots by id, for each namespace
  std::vector<Cow<TypeLists>> lists;       // by type
  std::uint64_t changes = 0;
};

}  // namespace rehearse::world

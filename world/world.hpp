// What is true: the entities of all source systems with their versions, and what their APIs say.
//
// Truth is kept in normalised form (fields and references), and payloads are made from it in each
// system's own shape. This is on purpose other code than the metadata service's normaliser: if both
// were one, their mistakes would cancel. Nothing here knows the simulator or the service.
//
// Every change, even one that alters no field, raises the entity's version by one; a re-created
// entity goes on counting. Ids and counts of versions are never forgotten; states of the past are
// kept only as far back as reads of sources with replica lag reach (see retain_history).
//
// Copies share what neither has changed since, so that copying a small world costs less than a
// change. A part (cell of a test) exists while its parent does and lists it; references to entities
// that do not exist are kept and stand in payloads.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "world/ordered_ids.hpp"
#include "world/shape.hpp"

namespace rehearse::world {

enum class Op : std::uint8_t { create, update, remove };

/// A field value as truth keeps it; strings are text, numbers keep their kind.
using FieldValue = std::variant<std::string, std::int64_t, double, bool>;

/// A change to make at a source. On update only the named fields and references are replaced.
struct Operation {
  std::string source;
  std::string type;
  std::string id;
  Op op = Op::update;
  std::map<std::string, FieldValue> fields;
  std::map<std::string, std::vector<std::string>> refs;  ///< attribute -> ids of the targets
  std::vector<std::string> tags;                         ///< "key::value"; replaced when given
  bool replace_tags = false;
  std::vector<Part> parts;  ///< entities embedded in this one (cells of a test)
  bool replace_parts = false;
  Slot entity = kNoSlot;  ///< of `id`, where the caller knows it: spares looking it up
};

/// What a change did.
struct Change {
  std::uint64_t number = 0;  ///< counts all changes of the run, from 1
  Time at;
  std::size_t source = 0;  ///< index into World::sources()
  Op op = Op::update;
  Slot entity = kNoSlot;  ///< the document root
  std::string uri;        ///< of the document root
  std::string type;
  std::int64_t version = 0;
  std::uint64_t facts =
      0;                 ///< what the graph's copy must sum to (base/fact_hash.hpp); 0 if deleted
  bool relinked = true;  ///< existence, references or parts may differ from before
  std::string event;     ///< the thin event that announces it
};

/// An answer of a source's API.
struct ApiAnswer {
  int status = 200;
  std::string body;
  std::string uri;           ///< of the entity read; empty for listings
  std::int64_t version = 0;  ///< of the state read; 0 when not found
};

/// What is true of one document now.
struct Truth {
  std::string uri;
  std::string type;
  bool exists = false;
  std::int64_t version = 0;
  Time changed_at;
  std::uint64_t facts = 0;
};

/// How a source's API lists entities.
enum class Paging : std::uint8_t {
  cursor,  ///< in the order of ids, continuing after the last id given: stable under changes
  offset   ///< continuing at a position: entities created or removed meanwhile shift the pages
};

struct Listing {
  std::size_t page_size = 100;  ///< when no limit is asked for, and the most that is given
  Paging paging = Paging::cursor;
};

class WorldState;

class World {
 public:
  /// The shapes of the sources of this run, in scenario order. Throws InputError when two sources
  /// have the same name, or the same type on the same platform.
  explicit World(std::vector<SourceShape> sources);
  ~World();
  World(World&&) noexcept;
  World& operator=(World&&) noexcept;
  World(const World&);  ///< for exploration, which branches
  World& operator=(const World&);

  const std::vector<SourceShape>& sources() const;

  /// Makes a change. Creating what exists and changing what does not exist do nothing (nullopt):
  /// random processes may collide. An empty text or target is no value. Throws InputError, without
  /// changing anything, for unknown sources, types or attributes, for values of the wrong kind, and
  /// for an id that another type of the same component has. Changes of what existed before the run
  /// have times at or before 0.
  std::optional<Change> apply(const Operation& operation, Time at);

  /// The same of a change that somebody means to make: what apply() passes over is an InputError
  /// that says why it cannot be, and of which id it could.
  Change make(const Operation& operation, Time at);

  /// GET `path` on a source, reading the state of `read_at` (now, or earlier for a lagging
  /// replica; at the earliest 0). Listings: `LIST_PATH[?limit=N][&cursor=C]`.
  ApiAnswer get(std::size_t source, std::string_view path, Time read_at) const;
  /// The same of a source that loses a page: a listing is answered with the page's next cursor and
  /// without its items, and `lost` holds the URIs of those. Other answers are as ever.
  ApiAnswer get_without_items(std::size_t source, std::string_view path, Time read_at,
                              std::vector<std::string>& lost) const;

  void set_listing(std::size_t source, Listing listing);

  /// Keeps old versions of a source's entities so that reads may lag by up to `reach`; what no read
  /// reaches any more is forgotten with the next change of its entity. Call before the first
  /// change.
  void retain_history(std::size_t source, Duration reach);

  /// The document of that URI; nullopt when it never existed. Parts are no documents.
  std::optional<Truth> find(std::string_view uri) const;
  /// All documents that exist now, in the order of their URIs.
  std::vector<Truth> all() const;
  /// Number of existing entities of a type (of the first source that has it, unless one is named),
  /// and the id of the k-th in a stable order (creation order, a removed one being replaced by the
  /// last). Throws InputError when no source has the type.
  std::size_t count(std::string_view type, std::string_view source = {}) const;
  std::string id_at(std::string_view type, std::size_t k, std::string_view source = {}) const;
  /// The same entity's slot, and the id of a slot.
  Slot slot_at(std::string_view type, std::size_t k, std::string_view source = {}) const;
  /// Changes of `next` and, after it, of `later` are to come (base/prefetch.hpp). REQUIRES: slots.
  void expect(Slot next, Slot later) const;
  std::string_view id_of(Slot slot) const;
  std::string uri_of(std::string_view type, std::string_view id,
                     std::string_view source = {}) const;
  /// The facts the graph should hold of a document: (entity URI, attribute, canonical text),
  /// sorted.
  struct ExpectedFact {
    std::string uri, attribute, text;
    auto operator<=>(const ExpectedFact&) const = default;
  };
  std::vector<ExpectedFact> expected_facts(std::string_view uri) const;

 private:
  std::unique_ptr<WorldState> state_;
  friend class Oracle;
};

}  // namespace rehearse::world

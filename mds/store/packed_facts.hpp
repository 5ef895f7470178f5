// The bytes in which the store keeps facts: an entity's current facts are one blob, and so are the
// datoms that one transaction wrote about one entity. One row instead of one per fact is what makes
// a read of an entity one lookup and a write of a change two (docs/performance.md).
//
//   fact   := varint(attribute * 8 + kind) varint(length of body) body
//   body   := text: its bytes; integer: zigzag varint; real: 8 bytes, little endian;
//             boolean: one byte; reference: varint(entity);
//             derived edge: varint(target), then varints of the entities between, in path order
//   facts  := fact*          in the order of attribute names, then values; parts first
//   change := byte(life) varint(verified + 1, 0 = not a verification) (byte(op) fact)*
//
// Numbers stand for attributes and entities (symbols.hpp, entity_table.hpp). Decoding trusts its
// input, as the bytes come from this file alone, but for the ends of things: a damaged file is an
// InputError and no read beyond them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "mds/contract/facts.hpp"

namespace rehearse::mds {

using EntityId = std::int64_t;  ///< 0: none
using Symbol = std::int32_t;    ///< a name; 0: the attribute that links a document to its parts

inline constexpr Symbol kPart = 0;

enum class ValueKind : std::uint8_t { text, integer, real, boolean, reference, derived };

/// What a datom does. A replacement retracts the one value the attribute had and asserts another.
enum class DatomOp : std::uint8_t { retracted, added, replaced };

/// A fact inside packed bytes; the views point into them.
struct PackedFact {
  Symbol attribute = 0;
  ValueKind kind = ValueKind::text;
  std::string_view body;
  std::string_view bytes;  ///< the whole fact
};

/// A datom that is about to be written or was read from the log.
struct Datom {
  DatomOp op = DatomOp::added;
  PackedFact fact;
  PackedFact old;  ///< the replaced fact, when known
};

void append_varint(std::string& to, std::uint64_t value);
/// Reads a varint off the front of `from`.
std::uint64_t take_varint(std::string_view& from);

void append_fact(std::string& to, Symbol attribute, ValueKind kind, std::string_view body);
void append_reference(std::string& to, Symbol attribute, EntityId target);
void append_integer(std::string& to, Symbol attribute, std::int64_t value);
void append_real(std::string& to, Symbol attribute, double value);
void append_boolean(std::string& to, Symbol attribute, bool value);
/// `path` runs from the first entity after the start to the target.
void append_derived(std::string& to, Symbol edge, const std::vector<EntityId>& path);

/// Takes the next fact off the front of `from`; false at the end.
bool take_fact(std::string_view& from, PackedFact& fact);
/// All of them, in place of what `facts` holds.
void take_apart(std::string_view packed, std::vector<PackedFact>& facts);

std::int64_t integer_of(const PackedFact& fact);  ///< REQUIRES: an integer
double real_of(const PackedFact& fact);           ///< REQUIRES: a real
bool boolean_of(const PackedFact& fact);          ///< REQUIRES: a boolean
EntityId target_of(const PackedFact& fact);       ///< of a reference or derived edge
/// The entities between start and target of a derived edge.
std::vector<EntityId> between_of(const PackedFact& fact);

bool is_edge(const PackedFact& fact);

/// Opens a change; datoms are appended behind it.
void append_change_head(std::string& to, std::uint8_t life, std::optional<Time> verified);
void append_datom(std::string& to, DatomOp op, const PackedFact& fact);

struct ChangeHead {
  std::uint8_t life = 0;
  std::optional<Time> verified;
};
ChangeHead take_change_head(std::string_view& from);
bool take_datom(std::string_view& from, Datom& datom);

/// Applies the datoms of a change to facts, keeping the order `before` gives to attributes.
class FactFold {
 public:
  void apply(const Datom& datom);
  const std::vector<PackedFact>& facts() const { return facts_; }
  void clear() { facts_.clear(); }

 private:
  std::vector<PackedFact> facts_;
};

}  // namespace rehearse::mds

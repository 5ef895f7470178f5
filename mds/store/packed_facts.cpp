#include "mds/store/packed_facts.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>

#include "mds/store/damage.hpp"

namespace rehearse::mds {
namespace {

constexpr unsigned kKindBits = 3;

[[noreturn]] void refuse_damaged() {
  throw DamagedStore("the graph store is damaged: facts do not end where they say");
}

std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

constexpr std::size_t kLongestVarint = 10;

char* put_varint(char* to, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) *to++ = static_cast<char>(value | 0x80);
  *to++ = static_cast<char>(value);
  return to;
}

void append_head(std::string& to, Symbol attribute, ValueKind kind, std::size_t length) {
  std::array<char, 2 * kLongestVarint> head;
  char* end = put_varint(head.data(), (static_cast<std::uint64_t>(attribute) << kKindBits) |
                                          static_cast<std::uint64_t>(kind));
  end = put_varint(end, length);
  to.append(head.data(), end);
}

std::size_t varint_size(std::uint64_t value) {
  return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7;
}

void append_varint_fact(std::string& to, Symbol attribute, ValueKind kind, std::uint64_t value) {
  append_head(to, attribute, kind, varint_size(value));
  append_varint(to, value);
}

}  // namespace

void append_varint(std::string& to, std::uint64_t value) {
  std::array<char, kLongestVarint> bytes;
  to.append(bytes.data(), put_varint(bytes.data(), value));
}

std::uint64_t take_varint(std::string_view& from) {
  if (!from.empty() && static_cast<unsigned char>(from.front()) < 0x80) {  // as nearly all are
    const auto byte = static_cast<std::uint64_t>(from.front());
    from.remove_prefix(1);
    return byte;
  }
  std::uint64_t value = 0;
  std::size_t at = 0;
  for (unsigned shift = 0;; shift += 7) {
    if (at == from.size() || shift > 63) refuse_damaged();
    const auto byte = static_cast<unsigned char>(from[at++]);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  from.remove_prefix(at);
  return value;
}

void append_fact(std::string& to, Symbol attribute, ValueKind kind, std::string_view body) {
  append_head(to, attribute, kind, body.size());
  to.append(body);
}

void append_reference(std::string& to, Symbol attribute, EntityId target) {
  assert(target > 0);
  append_varint_fact(to, attribute, ValueKind::reference, static_cast<std::uint64_t>(target));
}

void append_integer(std::string& to, Symbol attribute, std::int64_t value) {
  append_varint_fact(to, attribute, ValueKind::integer, zigzag(value));
}

void append_real(std::string& to, Symbol attribute, double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  append_head(to, attribute, ValueKind::real, sizeof bits);
  for (unsigned i = 0; i < sizeof bits; ++i) to.push_back(static_cast<char>(bits >> (8 * i)));
}

void append_boolean(std::string& to, Symbol attribute, bool value) {
  append_fact(to, attribute, ValueKind::boolean, std::string_view(value ? "\1" : "\0", 1));
}

void append_derived(std::string& to, Symbol edge, const std::vector<EntityId>& path) {
  assert(!path.empty());
  std::size_t length = 0;
  for (const EntityId id : path) length += varint_size(static_cast<std::uint64_t>(id));
  append_head(to, edge, ValueKind::derived, length);
  append_varint(to, static_cast<std::uint64_t>(path.back()));
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    append_varint(to, static_cast<std::uint64_t>(path[i]));
  }
}

bool take_fact(std::string_view& from, PackedFact& fact) {
  if (from.empty()) return false;
  const char* start = from.data();
  const std::uint64_t head = take_varint(from);
  const std::size_t length = take_varint(from);
  if (length > from.size()) refuse_damaged();
  if ((head & ((1U << kKindBits) - 1)) > static_cast<std::uint64_t>(ValueKind::derived)) {
    refuse_damaged();
  }
  fact.attribute = static_cast<Symbol>(head >> kKindBits);
  fact.kind = static_cast<ValueKind>(head & ((1U << kKindBits) - 1));
  fact.body = from.substr(0, length);
  from.remove_prefix(length);
  fact.bytes = {start, static_cast<std::size_t>(from.data() - start)};
  return true;
}

void take_apart(std::string_view packed, std::vector<PackedFact>& facts) {
  facts.clear();
  PackedFact fact;
  while (take_fact(packed, fact)) facts.push_back(fact);
}

std::int64_t integer_of(const PackedFact& fact) {
  assert(fact.kind == ValueKind::integer);
  std::string_view body = fact.body;
  return unzigzag(take_varint(body));
}

bool boolean_of(const PackedFact& fact) {
  assert(fact.kind == ValueKind::boolean);
  if (fact.body.empty()) refuse_damaged();
  return fact.body.front() != '\0';
}

double real_of(const PackedFact& fact) {
  assert(fact.kind == ValueKind::real);
  if (fact.body.size() != sizeof(std::uint64_t)) refuse_damaged();
  std::uint64_t bits = 0;
  for (unsigned i = 0; i < sizeof bits; ++i) {
    bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(fact.body[i])) << (8 * i);
  }
  return std::bit_cast<double>(bits);
}

bool is_edge(const PackedFact& fact) {
  return fact.kind == ValueKind::reference || fact.kind == ValueKind::derived;
}

EntityId target_of(const PackedFact& fact) {
  if (!is_edge(fact)) refuse_damaged();
  std::string_view body = fact.body;
  return static_cast<EntityId>(take_varint(body));
}

std::vector<EntityId> between_of(const PackedFact& fact) {
  if (fact.kind != ValueKind::derived) refuse_damaged();
  std::string_view body = fact.body;
  take_varint(body);
  std::vector<EntityId> ids;
  while (!body.empty()) ids.push_back(static_cast<EntityId>(take_varint(body)));
  return ids;
}

void append_change_head(std::string& to, std::uint8_t life, std::optional<Time> verified) {
  to.push_back(static_cast<char>(life));
  append_varint(to, verified ? zigzag(verified->ns) + 1 : 0);
}

void append_datom(std::string& to, DatomOp op, const PackedFact& fact) {
  to.push_back(static_cast<char>(op));
  to.append(fact.bytes);
}

ChangeHead take_change_head(std::string_view& from) {
  ChangeHead head;
  if (from.empty()) refuse_damaged();
  head.life = static_cast<std::uint8_t>(from.front());
  from.remove_prefix(1);
  const std::uint64_t verified = take_varint(from);
  if (verified > 0) head.verified = Time{unzigzag(verified - 1)};
  return head;
}

bool take_datom(std::string_view& from, Datom& datom) {
  if (from.empty()) return false;
  datom.op = static_cast<DatomOp>(from.front());
  from.remove_prefix(1);
  return take_fact(from, datom.fact);
}

void FactFold::apply(const Datom& datom) {
  switch (datom.op) {
    case DatomOp::added:
      facts_.push_back(datom.fact);
      break;
    case DatomOp::retracted:
      std::erase_if(facts_, [&](const PackedFact& f) { return f.bytes == datom.fact.bytes; });
      break;
    case DatomOp::replaced: {
      // A value in the place of another, or the same edge resting on another path.
      const auto old = std::find_if(facts_.begin(), facts_.end(), [&](const PackedFact& f) {
        return f.attribute == datom.fact.attribute &&
               (datom.fact.kind != ValueKind::derived || target_of(f) == target_of(datom.fact));
      });
      if (old != facts_.end()) {
        *old = datom.fact;
      } else {
        facts_.push_back(datom.fact);
      }
      break;
    }
  }
}

}  // namespace rehearse::mds

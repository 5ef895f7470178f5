// A fingerprint of a set of facts.
//
// The graph and the truth each know, per document (an entity and the parts its source delivers with
// it), the sum (modulo 2^64) of the hashes of its facts.
// Sums do not depend on order and are updated by addition and subtraction, so comparing a copy with
// the truth costs one comparison of integers at each change. With a 64-bit hash two different sets
// agree by accident with probability 2^-64 per comparison.
#pragma once

#include <cstdint>
#include <string_view>

namespace rehearse {

/// Hash of the fact "`attribute` of the entity `uri` is `value`". `value` is the canonical text of
/// a normalised value: strings as they are, integers in decimal, booleans `true` or `false`, reals
/// as the shortest decimal that reads back the same, references as the URI they point to.
std::uint64_t fact_hash(std::string_view uri, std::string_view attribute, std::string_view value);

/// The same for many facts of one entity, whose URI is hashed once.
class FactHasher {
 public:
  FactHasher() = default;
  explicit FactHasher(std::string_view uri);
  std::uint64_t operator()(std::string_view attribute, std::string_view value) const;

 private:
  std::uint64_t uri_ = 0;
};

/// Hash of any bytes; the same on every machine. For jitter, digests and named streams.
std::uint64_t stable_hash(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace rehearse

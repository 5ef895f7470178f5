#include "base/fact_hash.hpp"

#include <bit>
#include <cstring>

namespace rehearse {
namespace {

// The finaliser of splitmix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit.
std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9U;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebU;
  x ^= x >> 31;
  return x;
}

// Little endian everywhere: first bytes are low.
std::uint64_t load_word(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word;
}

std::uint64_t load_rest(const char* bytes, std::size_t count) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < count; ++i) {
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return word;
}

}  // namespace

std::uint64_t stable_hash(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t hash = mix(seed + 0x9e3779b97f4a7c15U * (bytes.size() + 1));
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    hash = mix(hash ^ load_word(bytes.data() + at)) + 0x9e3779b97f4a7c15U;
  }
  return mix(hash ^ load_rest(bytes.data() + at, bytes.size() - at));
}

std::uint64_t fact_hash(std::string_view uri, std::string_view attribute, std::string_view value) {
  return FactHasher(uri)(attribute, value);
}

FactHasher::FactHasher(std::string_view uri) : uri_(stable_hash(uri)) {}

std::uint64_t FactHasher::operator()(std::string_view attribute, std::string_view value) const {
  return stable_hash(value, stable_hash(attribute, uri_));
}

}  // namespace rehearse

#include "base/fact_hash.hpp"

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

std::uint64_t load_little_endian(const char* bytes, std::size_t count) {
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
    hash = mix(hash ^ load_little_endian(bytes.data() + at, 8)) + 0x9e3779b97f4a7c15U;
  }
  return mix(hash ^ load_little_endian(bytes.data() + at, bytes.size() - at));
}

std::uint64_t fact_hash(std::string_view uri, std::string_view attribute, std::string_view value) {
  return stable_hash(value, stable_hash(attribute, stable_hash(uri)));
}

}  // namespace rehearse

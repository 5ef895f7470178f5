// A 128-bit fingerprint of a state that is a set of parts.
//
// Each part (an entity's row, a job, a pending event) is hashed by itself, and the state's
// fingerprint is the sum of its parts' (modulo 2^64 in each half). So it does not depend on the
// order in which parts are met, it is kept up to date by adding what came and subtracting what
// went, and what a step changes in it is the same wherever the step changes the same parts. With n
// different states the probability that any two share a fingerprint by accident is below n^2 /
// 2^128: 10^-24 for ten million. Not made to withstand an adversary.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/fact_hash.hpp"

namespace rehearse {

struct Fingerprint {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  Fingerprint& operator+=(const Fingerprint& other) {
    low += other.low;
    high += other.high;
    return *this;
  }
  Fingerprint& operator-=(const Fingerprint& other) {
    low -= other.low;
    high -= other.high;
    return *this;
  }
  friend Fingerprint operator+(Fingerprint a, const Fingerprint& b) { return a += b; }
  friend Fingerprint operator-(Fingerprint a, const Fingerprint& b) { return a -= b; }
  auto operator<=>(const Fingerprint&) const = default;

  std::string text() const;  ///< 32 hexadecimal digits
};

/// Hashes one part, field by field. Fields are told apart by their place, so the same fields in the
/// same order are needed for equal parts.
class PartHasher {
 public:
  /// `kind` tells parts of one kind from those of another with equal fields.
  explicit PartHasher(std::uint64_t kind) { add(kind); }

  PartHasher& add(std::uint64_t value) {
    low_ = mixed(low_ ^ value);
    high_ = mixed(high_ + value * 0x9e3779b97f4a7c15U);
    return *this;
  }
  PartHasher& add(std::string_view text) {
    low_ = mixed(low_ ^ stable_hash(text, 1));
    high_ = mixed(high_ ^ stable_hash(text, 2));
    return *this;
  }
  PartHasher& add(const Fingerprint& other) {
    low_ = mixed(low_ ^ other.low);
    high_ = mixed(high_ ^ other.high);
    return *this;
  }

  Fingerprint value() const { return {low_, high_}; }

 private:
  static std::uint64_t mixed(std::uint64_t x) {  // the finaliser of splitmix64
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
  }

  std::uint64_t low_ = 0x243f6a8885a308d3U;
  std::uint64_t high_ = 0x13198a2e03707344U;
};

}  // namespace rehearse

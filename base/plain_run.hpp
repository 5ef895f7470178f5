// How far a text goes on with characters that stand for themselves in JSON.
//
// Nearly every text of a payload is such a run from its first byte to its last, and each payload is
// written once and read once, so the bytes are looked at eight at a time ("SIMD within a
// register"; Warren, Hacker's Delight, 2nd ed., section 6-1).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace rehearse {

namespace plain_run_detail {

inline constexpr std::uint64_t kOnes = 0x0101010101010101U;
inline constexpr std::uint64_t kHighs = 0x8080808080808080U;

/// The high bit of each byte below `bound`, and perhaps of bytes behind the first such one.
constexpr std::uint64_t below(std::uint64_t word, std::uint64_t bound) {
  return (word - kOnes * bound) & ~word & kHighs;
}
constexpr std::uint64_t equal(std::uint64_t word, unsigned char byte) {
  return below(word ^ (kOnes * byte), 1);
}

}  // namespace plain_run_detail

/// Bytes at the front of `text` that are no control character, quote or backslash; with
/// `ascii_only`, and none above 0x7f.
inline std::size_t plain_run(std::string_view text, bool ascii_only) {
  using namespace plain_run_detail;
  std::size_t at = 0;
  if constexpr (std::endian::native == std::endian::little) {
    for (; at + 8 <= text.size(); at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + at, sizeof word);
      std::uint64_t other = below(word, 0x20) | equal(word, '"') | equal(word, '\\');
      if (ascii_only) other |= word & kHighs;
      if (other != 0) return at + static_cast<std::size_t>(std::countr_zero(other)) / 8;
    }
  }
  for (; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == '"' || byte == '\\' || (ascii_only && byte > 0x7f)) break;
  }
  return at;
}

}  // namespace rehearse

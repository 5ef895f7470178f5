// A tape: what a run asked of one of its parts, in order, so that the part alone can be made to do
// exactly that again. Operations are bytes and little-endian variable-length integers in a file
// that has no name, so a tape costs the disk what it holds and goes with the last process that
// uses it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace rehearse::bench {

class Tape {
 public:
  Tape();
  ~Tape();
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  void write_byte(std::uint8_t byte) { buffer_.push_back(static_cast<char>(byte)); }
  void write_number(std::uint64_t number) {
    for (; number >= 0x80; number >>= 7U) write_byte(static_cast<std::uint8_t>(number | 0x80U));
    write_byte(static_cast<std::uint8_t>(number));
    if (buffer_.size() >= kBuffer) flush();
  }
  void write_bytes(std::string_view bytes) {
    write_number(bytes.size());
    buffer_.append(bytes);
    if (buffer_.size() >= kBuffer) flush();
  }
  /// What is written in a forked process is seen by its parent after this.
  void flush();

 private:
  friend class TapeReader;
  static constexpr std::size_t kBuffer = 1U << 20U;

  std::string buffer_;
  int file_ = -1;
};

/// Reads a tape from its beginning. REQUIRES: the tape was flushed and outlives this.
class TapeReader {
 public:
  explicit TapeReader(const Tape& tape);
  ~TapeReader();
  TapeReader(const TapeReader&) = delete;
  TapeReader& operator=(const TapeReader&) = delete;

  bool at_end() const { return at_ == end_; }
  std::uint8_t byte() { return static_cast<std::uint8_t>(*at_++); }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint8_t next = byte();
      value |= static_cast<std::uint64_t>(next & 0x7fU) << shift;
      if (next < 0x80) return value;
    }
  }
  /// Valid as long as this.
  std::string_view bytes() {
    const std::size_t size = number();
    at_ += size;
    return {at_ - size, size};
  }
  std::size_t size() const { return static_cast<std::size_t>(end_ - begin_); }
  void rewind() { at_ = begin_; }

 private:
  const char* begin_ = nullptr;
  const char* end_ = nullptr;
  const char* at_ = nullptr;
};

}  // namespace rehearse::bench

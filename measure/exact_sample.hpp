// All the lengths of time ever measured of one kind, for exact quantiles.
//
// What a quantile will be is not known before the last value: any value may still become the
// median, so an exact one takes memory in proportion to the values (Munro & Paterson 1980,
// "Selection and sorting with limited storage"). None is forgotten, then, but each is kept small:
// a block of values is sorted and written down as differences from one to the next, with a count
// where a value repeats. n values spread over a range R take about log2(R / n) bits each, in bytes
// of seven; values that repeat take next to nothing.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace rehearse::measure {

class ExactSample {
 public:
  /// REQUIRES: value >= 0.
  void add(Duration value) {
    assert(value.ns >= 0);
    sum_ += value.ns;
    max_ = std::max(max_, value);
    if (value.ns == 0) {  // the most frequent one by far, where it comes up at all
      ++zeros_;
    } else {
      open_.push_back(value.ns);
      if (open_.size() == kBlock) close_block();
    }
  }

  std::uint64_t count() const { return zeros_ + blocks_.size() * kBlock + open_.size(); }
  Int128 sum() const { return sum_; }  ///< ns
  Duration max() const { return max_; }

  /// The values in rising order, each once, with how often it was added.
  class Walk;
  Walk walk() const;

  /// Bytes that the values take.
  std::size_t memory() const;

 private:
  using Block = std::vector<std::uint8_t>;  // sorted values, packed
  static constexpr std::size_t kBlock = std::size_t{1} << 16;

  static Block packed(std::vector<std::int64_t>& values);
  void close_block();

  std::uint64_t zeros_ = 0;
  std::vector<std::int64_t> open_;  // not sorted yet
  std::vector<Block> blocks_;
  Int128 sum_ = 0;
  Duration max_;
};

class ExactSample::Walk {
 public:
  /// REQUIRES: `sample` outlives this and does not change.
  explicit Walk(const ExactSample& sample);
  Walk(const Walk&) = delete;  // its readers point into its own block
  Walk& operator=(const Walk&) = delete;

  bool at_end() const { return count_ == 0; }
  /// REQUIRES: not at the end, as the next.
  Duration value() const {
    assert(!at_end());
    return {value_};
  }
  std::uint64_t count() const { return count_; }  ///< of that value
  void next();

 private:
  struct Reader {
    std::int64_t value = 0;
    std::uint64_t count = 0;
    const std::uint8_t* at = nullptr;
    const std::uint8_t* end = nullptr;
    bool read();
    bool operator<(const Reader& other) const { return value > other.value; }  // least first
  };
  void open(const Block& block);

  Block open_block_;
  std::vector<Reader> readers_;  // a heap
  std::int64_t value_ = 0;
  std::uint64_t count_ = 0;
};

inline ExactSample::Walk ExactSample::walk() const { return Walk(*this); }

}  // namespace rehearse::measure

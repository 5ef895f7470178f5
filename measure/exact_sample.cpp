#include "measure/exact_sample.hpp"

#include <cassert>

namespace rehearse::measure {
namespace {

constexpr std::uint8_t kMore = 0x80;
constexpr int kBits = 7;

void append(std::vector<std::uint8_t>& bytes, std::uint64_t number) {
  for (; number >= kMore; number >>= kBits) {
    bytes.push_back(static_cast<std::uint8_t>(number | kMore));
  }
  bytes.push_back(static_cast<std::uint8_t>(number));
}

std::uint64_t take(const std::uint8_t*& at) {
  std::uint64_t number = 0;
  for (int shift = 0;; shift += kBits) {
    const std::uint64_t byte = *at++;
    number |= (byte & (kMore - 1)) << shift;
    if (byte < kMore) return number;
  }
}

}  // namespace

// A value is its distance from the one before, doubled, plus 1 where a count follows: how often it
// comes beyond twice.
ExactSample::Block ExactSample::packed(std::vector<std::int64_t>& values) {
  std::sort(values.begin(), values.end());
  Block bytes;
  std::int64_t before = 0;
  for (std::size_t i = 0; i < values.size();) {
    std::size_t end = i + 1;
    while (end < values.size() && values[end] == values[i]) ++end;
    const auto distance = static_cast<std::uint64_t>(values[i] - before);
    append(bytes, distance << 1 | std::uint64_t{end - i > 1});
    if (end - i > 1) append(bytes, end - i - 2);
    before = values[i];
    i = end;
  }
  bytes.shrink_to_fit();
  return bytes;
}

void ExactSample::close_block() {
  blocks_.push_back(packed(open_));
  open_.clear();
}

std::size_t ExactSample::memory() const {
  std::size_t bytes = open_.capacity() * sizeof(std::int64_t) + blocks_.capacity() * sizeof(Block);
  for (const Block& block : blocks_) bytes += block.capacity();
  return bytes;
}

bool ExactSample::Walk::Reader::read() {
  if (at == end) return false;
  const std::uint64_t word = take(at);
  value += static_cast<std::int64_t>(word >> 1);
  count = (word & 1) == 0 ? 1 : take(at) + 2;
  return true;
}

void ExactSample::Walk::open(const Block& block) {
  Reader reader;
  reader.at = block.data();
  reader.end = block.data() + block.size();
  if (reader.read()) readers_.push_back(reader);
}

ExactSample::Walk::Walk(const ExactSample& sample) {
  std::vector<std::int64_t> unsorted = sample.open_;
  open_block_ = packed(unsorted);
  for (const Block& block : sample.blocks_) open(block);
  open(open_block_);
  std::make_heap(readers_.begin(), readers_.end());
  count_ = sample.zeros_;
  if (count_ == 0) next();
}

void ExactSample::Walk::next() {
  count_ = 0;
  if (readers_.empty()) return;
  value_ = readers_.front().value;
  while (!readers_.empty() && readers_.front().value == value_) {
    std::pop_heap(readers_.begin(), readers_.end());
    count_ += readers_.back().count;
    if (readers_.back().read()) {
      std::push_heap(readers_.begin(), readers_.end());
    } else {
      readers_.pop_back();
    }
  }
}

}  // namespace rehearse::measure

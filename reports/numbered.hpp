// Records by number, where the numbers are nearly dense.
//
// Event and change numbers count up from 1, so a vector holds their records at a tenth of the cost
// of a hash table. A number far beyond what has been seen (nothing forbids it) goes to a map, so
// that it cannot make the vector explode.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace rehearse::reports {

template <class Record>
class Numbered {
 public:
  /// The record of a number; a default one when there was none.
  Record& at(std::uint64_t number) {
    if (!sparse_.empty()) {
      if (const auto early = sparse_.find(number); early != sparse_.end()) return early->second;
    }
    if (number < dense_.size()) return dense_[number];
    if (number > 2 * dense_.size() + kSlack) return sparse_[number];
    dense_.resize(number + 1);
    return dense_[number];
  }

  /// nullptr when nothing was ever kept under this number, or a default record.
  const Record* find(std::uint64_t number) const {
    if (!sparse_.empty()) {
      if (const auto early = sparse_.find(number); early != sparse_.end()) return &early->second;
    }
    return number < dense_.size() ? &dense_[number] : nullptr;
  }

  /// Calls `visit(number, record)` for all records in the order of their numbers.
  template <class Visit>
  void each(Visit visit) const {
    for (std::size_t i = 0; i < dense_.size(); ++i) {
      if (!sparse_.contains(i)) visit(std::uint64_t{i}, dense_[i]);
    }
    for (const auto& [number, record] : sparse_) visit(number, record);
  }

 private:
  static constexpr std::uint64_t kSlack = 4096;
  std::vector<Record> dense_;
  std::map<std::uint64_t, Record> sparse_;
};

}  // namespace rehearse::reports

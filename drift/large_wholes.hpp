// Whole numbers that no double tells apart, of which a column of numbers would make one value.
//
// From 2^53 on a double leaves out odd numbers, near 1e17 fifteen of sixteen. Whole numbers of that
// size that differ by less are codes, not measurements: a column that holds two of them is read as
// labels. The first kMost different ones of a side are looked at, which finds codes given one after
// another; random ones of 64 bits seldom meet.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace rehearse::drift {

class LargeWholes {
 public:
  static constexpr std::size_t kMost = 10'000;
  static constexpr double kExact = 9'007'199'254'740'992;  ///< 2^53

  /// Two that are written differently and are one double.
  using Alike = std::pair<std::string, std::string>;

  /// Takes a cell that was read as `value`.
  void take(const std::string& cell, double value);

  const std::optional<Alike>& alike() const { return alike_; }
  /// Of both columns, or of one and the other.
  std::optional<Alike> alike(const LargeWholes& other) const;

 private:
  std::map<double, std::string> seen_;
  std::optional<Alike> alike_;
};

}  // namespace rehearse::drift

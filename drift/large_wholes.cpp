#include "drift/large_wholes.hpp"

#include <cmath>

#include "base/csv_cells.hpp"

namespace rehearse::drift {

void LargeWholes::take(const std::string& cell, double value) {
  if (std::abs(value) < kExact || std::isinf(value) || alike_) return;
  const auto known = seen_.find(value);
  if (known == seen_.end() && seen_.size() == kMost) return;
  const std::string label = csv::label_of(cell);
  // Powers of ten and fractions say themselves how exact they are.
  if (label.find_first_not_of("0123456789", label.starts_with('-') ? 1 : 0) != std::string::npos) {
    return;
  }
  if (known == seen_.end()) {
    seen_.emplace(value, label);
  } else if (known->second != label) {
    alike_.emplace(known->second, label);
  }
}

std::optional<LargeWholes::Alike> LargeWholes::alike(const LargeWholes& other) const {
  if (alike_) return alike_;
  if (other.alike_) return other.alike_;
  for (const auto& [value, label] : seen_) {
    const auto found = other.seen_.find(value);
    if (found != other.seen_.end() && found->second != label) return Alike(label, found->second);
  }
  return std::nullopt;
}

}  // namespace rehearse::drift

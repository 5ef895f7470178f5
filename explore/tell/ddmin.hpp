// Delta debugging: the smallest part of a failing input that still fails, as far as removing pieces
// can tell.
//
// The algorithm is ddmin (Zeller & Hildebrandt 2002): the input is cut into n pieces; where one
// piece alone or everything but one piece still fails, go on with that, else cut finer, down to
// single elements. The result is 1-minimal: without any one of its elements it no longer fails. The
// test need not be monotone; that costs steps, at worst n^2 + 3n, and never the guarantee. A subset
// is tested once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace rehearse::explore {

/// Places in the input, ascending.
using Subset = std::vector<std::size_t>;

struct DdminResult {
  Subset kept;
  std::uint64_t tests = 0;  ///< calls of `fails`
};

/// REQUIRES: fails(all of 0 .. size-1).
DdminResult ddmin(std::size_t size, const std::function<bool(const Subset&)>& fails);

}  // namespace rehearse::explore

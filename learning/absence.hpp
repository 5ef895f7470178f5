// The patterns in which the features of a request may be there or absent.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

#include "learning/world.hpp"

namespace rehearse::learning {

/// Calls visit(chance, present) for every pattern of those features that have a weight; whether
/// others are there changes nothing. Features absent for sure make no pattern of their own.
/// REQUIRES: as many weights as features, at most 16 of them neither there nor absent for sure.
template <class Visit>
void for_each_pattern(const World& world, std::span<const double> weights, const Visit& visit) {
  std::vector<bool> present(world.features(), true);
  std::vector<std::size_t> open;
  for (std::size_t j = 0; j < world.features(); ++j) {
    if (world.absent[j] == 0 || weights[j] == 0) continue;
    present[j] = false;
    if (world.absent[j] < 1) open.push_back(j);
  }
  assert(open.size() <= 16);
  for (std::size_t pattern = 0; pattern < std::size_t{1} << open.size(); ++pattern) {
    double chance = 1;
    for (std::size_t i = 0; i < open.size(); ++i) {
      const std::size_t j = open[i];
      present[j] = (pattern >> i) % 2 == 1;
      chance *= present[j] ? 1 - world.absent[j] : world.absent[j];
    }
    visit(chance, present);
  }
}

}  // namespace rehearse::learning

#include "explore/sampling/chains.hpp"

#include <algorithm>
#include <cassert>

namespace rehearse::explore {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

/// Kuhn's algorithm: grows the matching along one alternating path.
bool augment(const std::vector<std::vector<std::size_t>>& above, std::size_t from,
             std::vector<char>& visited, std::vector<std::size_t>& matched) {
  for (const std::size_t to : above[from]) {
    if (visited[to] != 0) continue;
    visited[to] = 1;
    if (matched[to] == kNone || augment(above, matched[to], visited, matched)) {
      matched[to] = from;
      return true;
    }
  }
  return false;
}

}  // namespace

bool ChainPartition::less(Element a, Element b) const {
  if (a == b) return false;
  const Placed& low = elements_[a];
  const Placed& high = elements_[b];
  return low.chain < high.clock.size() && high.clock[low.chain] >= low.place;
}

bool ChainPartition::takes(std::size_t chain, const std::vector<std::uint32_t>& clock) const {
  assert(last_[chain] != kNone);
  const Placed& newest = elements_[last_[chain]];
  return chain < clock.size() && clock[chain] >= newest.place;
}

// A chain of the i-th group whose newest element is below the new one takes it. Then that chain and
// the group before change places, so that the newest elements of a group stay incomparable.
std::size_t ChainPartition::choose_chain(const std::vector<std::uint32_t>& clock) {
  for (std::size_t i = 0;; ++i) {
    if (i == groups_.size()) groups_.emplace_back();
    std::vector<std::size_t>& group = groups_[i];
    auto found = std::find_if(group.begin(), group.end(),
                              [&](std::size_t chain) { return takes(chain, clock); });
    if (found == group.end() && group.size() <= i) {
      group.push_back(last_.size());
      last_.push_back(kNone);
      found = group.end() - 1;
    }
    if (found == group.end()) continue;
    const std::size_t chain = *found;
    if (i > 0) {
      group.erase(found);
      group.swap(groups_[i - 1]);
      groups_[i].push_back(chain);
    }
    return chain;
  }
}

ChainPartition::Element ChainPartition::add(const std::vector<Element>& below) {
  Placed placed;
  for (const Element element : below) {
    assert(element < elements_.size());
    const std::vector<std::uint32_t>& clock = elements_[element].clock;
    if (placed.clock.size() < clock.size()) placed.clock.resize(clock.size());
    for (std::size_t i = 0; i < clock.size(); ++i) {
      placed.clock[i] = std::max(placed.clock[i], clock[i]);
    }
  }
  placed.chain = choose_chain(placed.clock);
  if (placed.clock.size() <= placed.chain) placed.clock.resize(placed.chain + 1);
  const Element before = last_[placed.chain];
  placed.place = before == kNone ? 1 : elements_[before].place + 1;
  placed.clock[placed.chain] = placed.place;
  last_[placed.chain] = elements_.size();
  elements_.push_back(std::move(placed));
  return elements_.size() - 1;
}

std::size_t ChainPartition::width() const {
  std::vector<std::vector<std::size_t>> above(size());
  for (Element a = 0; a < size(); ++a) {
    for (Element b = a + 1; b < size(); ++b) {
      if (less(a, b)) above[a].push_back(b);
    }
  }
  std::vector<std::size_t> matched(size(), kNone);
  std::size_t pairs = 0;
  for (Element a = 0; a < size(); ++a) {
    std::vector<char> visited(size(), 0);
    if (augment(above, a, visited, matched)) ++pairs;
  }
  return size() - pairs;
}

}  // namespace rehearse::explore

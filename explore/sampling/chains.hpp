// A partial order that grows upwards, cut into chains as it grows.
//
// Elements come one at a time, each above some that are there already and below none: messages of a
// distributed system, each caused by others. An element gets a chain (a totally ordered subset)
// when it comes and keeps it. The algorithm is that of Agarwal & Garg (Efficient dependency
// tracking for relevant events in concurrent systems, 2007): chains stand in groups, i of them in
// the i-th, whose newest elements are pairwise incomparable; so an order of width w never takes
// more than w(w+1)/2 chains, and no algorithm that decides at once can promise fewer.
//
// Who is below whom is told by vector clocks over the chains: a < b when b's clock has reached a's
// place in a's chain.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rehearse::explore {

class ChainPartition {
 public:
  using Element = std::size_t;  ///< numbered in the order of coming

  /// Adds an element that is above `below` and all that is below those. REQUIRES: they are there.
  Element add(const std::vector<Element>& below);

  std::size_t size() const { return elements_.size(); }
  std::size_t chains() const { return last_.size(); }
  std::size_t chain_of(Element element) const { return elements_[element].chain; }
  bool less(Element a, Element b) const;
  /// The largest number of pairwise incomparable elements (Dilworth's theorem; by a maximum
  /// matching, O(size^3) at worst).
  std::size_t width() const;

 private:
  struct Placed {
    std::size_t chain = 0;
    std::uint32_t place = 0;           ///< in its chain, from 1
    std::vector<std::uint32_t> clock;  ///< by chain; shorter than chains() means zeros
  };

  bool takes(std::size_t chain, const std::vector<std::uint32_t>& clock) const;
  std::size_t choose_chain(const std::vector<std::uint32_t>& clock);

  std::vector<Placed> elements_;
  std::vector<Element> last_;                     ///< by chain: its newest element
  std::vector<std::vector<std::size_t>> groups_;  ///< chains; the i-th holds up to i + 1
};

}  // namespace rehearse::explore

// What must be written so that one set of packed facts becomes another: the datoms between what is
// stored of an entity and what its source, or the rules, say now.
//
// A single value that gives way to another single value of its attribute is one datom, a
// replacement; edges are retracted and added, because each is also written backwards. A derived
// edge that stays and rests on another path is a replacement of itself.
//
// The datoms point into the bytes they were found in. The buffers are kept from one entity to the
// next, so that finding a difference allocates nothing once they have grown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mds/store/packed_facts.hpp"
#include "mds/store/symbols.hpp"

namespace rehearse::mds {

class FactDifference {
 public:
  /// REQUIRES: `symbols` outlives this.
  explicit FactDifference(const Symbols& symbols) : symbols_(symbols) {}

  const std::vector<Datom>& datoms() const { return datoms_; }
  void clear() { datoms_.clear(); }

  /// From the facts `before` to those `after`, each in the order of attribute names.
  void find(std::string_view before, std::string_view after);
  /// The same for derived edges; without `retract` those that no longer hold stay.
  void find_edges(std::string_view before, std::string_view after, bool retract);
  /// Retracts derived edges behind the datoms there are.
  void retract_edges(std::string_view edges);

  /// `before` of find_edges() as the datoms leave it, packed.
  std::string applied_to_edges() const;

 private:
  void find_in_group(std::size_t old_begin, std::size_t old_end, std::size_t new_begin,
                     std::size_t new_end);

  const Symbols& symbols_;
  std::vector<PackedFact> before_, after_;
  std::vector<Datom> datoms_;
};

}  // namespace rehearse::mds

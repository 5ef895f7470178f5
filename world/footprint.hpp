// What may come to exist in a run beside the population, scripts and traces: what random processes
// create, and what models that act on purpose declare that they will. Checks take it to exist, as
// nobody knows beforehand when, or whether, it will.
//
// Of a type, such entities have one id, or ids made of a stem and a number without a sign, padded
// with zeros to a least width: rec-v1, rec-v2 (width 1), dataset-000042 (width 6). So no number has
// two spellings.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "world/shape.hpp"

namespace rehearse::world {

/// Entities of one type that something may create.
struct Creation {
  std::string source;
  std::string type;
  std::string id;                  ///< the whole id, or the stem before a number
  std::size_t digits = 0;          ///< least width of the number; 0: there is none
  std::vector<std::string> refs;   ///< attributes that may come to refer to something
  std::vector<std::string> parts;  ///< keys of the parts that they may have
};

/// What random processes create of a type: ids as world::generated_id makes them.
Creation random_creation(const std::string& source, const std::string& type);

class Footprint {
 public:
  void add(Creation creation);
  void add(const Footprint& other);

  const std::vector<Creation>& creations() const { return creations_; }
  /// An entity of that id may be created. Not asked about parts.
  bool may_create(const std::string& source, const std::string& type, std::string_view id) const;
  /// Of each creation of the type an id: what may have been meant.
  std::vector<std::string> examples(const std::string& source, const std::string& type) const;

 private:
  using TypeOf = std::pair<std::string, std::string>;  ///< source, type

  std::vector<Creation> creations_;
  std::map<TypeOf, std::set<std::string, std::less<>>> whole_;
  std::map<TypeOf, std::set<std::pair<std::string, std::size_t>>> numbered_;  ///< stem, digits
};

/// Throws InputError for a creation at a source that is not there, or of a type, with a reference
/// or with parts that the source does not have.
void check_footprint(const std::vector<SourceShape>& sources, const Footprint& footprint);

}  // namespace rehearse::world

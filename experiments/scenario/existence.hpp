// What can come to exist in a scenario: its entities, what scripts and traces create, and the
// footprint of random processes and models. Settings about anything else say nothing, and are
// refused with the nearest that they could be about.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "experiments/scenario/scenario.hpp"

namespace rehearse::experiments {

class Existence {
 public:
  /// REQUIRES: sources, contents, timeline, footprint and changes of `scenario` are there, and
  /// outlive this.
  explicit Existence(const Scenario& scenario);

  bool can_exist(const std::string& uri) const;
  /// Some entity of the type can exist, a part of another one included.
  bool has_type(const std::string& type) const { return types_.contains(type); }
  /// Some entity that can exist has a reference of this relation.
  bool has_relation(const std::string& relation) const { return relations_.contains(relation); }
  /// "; did you mean URI?", or which URIs there are, to end a message with.
  std::string nearest(const std::string& uri) const;

 private:
  using TypeOf = std::pair<std::size_t, std::string>;  ///< source, type

  void add(std::size_t source, const world::Operation& operation);
  void add_reference(std::size_t source, const std::string& type, const std::string& attribute);
  void add_parts(std::size_t source, const world::Operation& operation);
  void add_changes(std::size_t source);
  void add_footprint();
  bool can_exist(std::size_t source, const world::TypeShape& type, const std::string& id) const;

  const Scenario& scenario_;
  std::set<std::string> named_;  ///< URIs of entities that the scenario names
  std::map<TypeOf, std::size_t> generated_;
  std::map<TypeOf, std::set<std::string>> part_keys_;  ///< by type of the parent
  std::set<std::string> types_;
  std::set<std::string> relations_;
};

}  // namespace rehearse::experiments

// The schema in numbers: what a write must look at to know which rules it may concern, and what a
// walk along a rule must read at each step.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mds/store/schema.hpp"
#include "mds/store/symbols.hpp"

namespace rehearse::mds {

/// A condition on an entity; attribute -1: none.
struct CompiledCondition {
  Symbol attribute = -1;
  std::string equals;
};

struct CompiledStep {
  std::vector<Symbol> attributes;  ///< whose references are followed, ascending
  bool backwards = false;
  Symbol to = 0;
  CompiledCondition where;
};

struct CompiledRule {
  Symbol edge = 0;  ///< attribute of the derived edge
  Symbol from = 0;
  CompiledCondition where;
  std::vector<CompiledStep> steps;
  double similarity = 0;
  std::size_t index = 0;  ///< in Schema::rules
};

/// What an edge's attribute means; the name lives as long as the schema and the symbols.
struct RelationMeaning {
  std::string_view relation;
  bool upstream = false;
};

class CompiledSchema {
 public:
  CompiledSchema(const Schema& schema, Symbols& symbols);
  CompiledSchema(const CompiledSchema&) = delete;
  CompiledSchema& operator=(const CompiledSchema&) = delete;

  const Schema& schema() const { return schema_; }
  const std::vector<CompiledRule>& rules() const { return rules_; }
  /// The rule whose derived edges have this attribute; nullptr for an attribute of a source.
  const CompiledRule* rule_of(Symbol edge) const;
  /// The same for an edge that was read. Throws DamagedStore when no rule makes it.
  const CompiledRule& maker_of(Symbol edge) const;

  /// Entities of this type stand on paths of rules.
  bool on_path(Symbol type) const { return types_.contains(type); }
  /// A fact of this attribute may change what a rule gives at its holder.
  bool touches_holder(Symbol attribute) const { return holders_.contains(attribute); }
  /// The same at the entity it refers to, because a rule follows it backwards.
  bool touches_target(Symbol attribute) const { return targets_.contains(attribute); }

  /// The relation of a reference attribute held by an entity of `type`; its own name when the
  /// schema does not declare it. REQUIRES: not the attribute of a derived edge.
  RelationMeaning meaning(Symbol type, Symbol attribute, const Symbols& symbols) const;
  /// References of this attribute run upstream from holders of some type.
  bool may_run_upstream(Symbol attribute) const { return upstream_.contains(attribute); }

  /// Types of the owners' index: what `owners` points to, and what those belong to.
  bool is_owner_type(Symbol type) const { return owner_types_.contains(type); }

 private:
  void compile_rule(const Rule& rule, Symbols& symbols);
  void find_owner_types(Symbols& symbols);

  Schema schema_;
  std::vector<CompiledRule> rules_;
  std::set<Symbol> types_, holders_, targets_, owner_types_, upstream_;
  std::map<std::pair<Symbol, Symbol>, RelationMeaning> meanings_;  ///< type 0: every type
};

}  // namespace rehearse::mds

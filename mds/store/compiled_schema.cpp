#include "mds/store/compiled_schema.hpp"

#include <algorithm>

#include "mds/contract/facts.hpp"
#include "mds/store/damage.hpp"

namespace rehearse::mds {
namespace {

constexpr const char* kEveryType = "*";

// A rule and an attribute may have the same name; the sign keeps their numbers apart.
std::string edge_symbol(const std::string& name) { return "=" + name; }

CompiledCondition compile_condition(const std::optional<Condition>& where, Symbols& symbols) {
  if (!where) return {};
  return {symbols.intern(where->attribute), where->equals};
}

}  // namespace

CompiledSchema::CompiledSchema(const Schema& schema, Symbols& symbols) : schema_(schema) {
  for (const char* name : {kName, kDescription, kOwners, kTags, kVersion, kCreatedAt}) {
    symbols.intern(name);
  }
  for (const RelationDeclaration& r : schema_.relations) {
    const Symbol type = r.type == kEveryType ? 0 : symbols.intern(r.type);
    const Symbol attribute = symbols.intern(r.attribute);
    meanings_[{type, attribute}] = {r.relation, r.upstream};
    if (r.upstream) upstream_.insert(attribute);
  }
  for (const Rule& rule : schema_.rules) compile_rule(rule, symbols);
  find_owner_types(symbols);
}

void CompiledSchema::compile_rule(const Rule& rule, Symbols& symbols) {
  CompiledRule compiled;
  compiled.edge = symbols.intern(edge_symbol(rule.name));
  compiled.from = symbols.intern(rule.from);
  compiled.where = compile_condition(rule.where, symbols);
  compiled.similarity = rule.similarity;
  compiled.index = rules_.size();
  types_.insert(compiled.from);
  if (compiled.where.attribute >= 0) holders_.insert(compiled.where.attribute);
  std::string at = rule.from;
  for (const RuleStep& step : rule.path) {
    CompiledStep hop;
    hop.backwards = step.backwards;
    hop.to = symbols.intern(step.to);
    hop.where = compile_condition(step.where, symbols);
    const std::string& holder = step.backwards ? step.to : at;
    for (const RelationDeclaration& r : schema_.relations) {
      if (r.relation != step.relation || (r.type != holder && r.type != kEveryType)) continue;
      const Symbol attribute = symbols.intern(r.attribute);
      hop.attributes.push_back(attribute);
      holders_.insert(attribute);
      if (step.backwards) targets_.insert(attribute);
    }
    std::sort(hop.attributes.begin(), hop.attributes.end());
    hop.attributes.erase(std::unique(hop.attributes.begin(), hop.attributes.end()),
                         hop.attributes.end());
    types_.insert(hop.to);
    if (hop.where.attribute >= 0) holders_.insert(hop.where.attribute);
    compiled.steps.push_back(std::move(hop));
    at = step.to;
  }
  rules_.push_back(std::move(compiled));
}

void CompiledSchema::find_owner_types(Symbols& symbols) {
  std::set<std::string> found;
  for (const RelationDeclaration& r : schema_.relations) {
    if (r.attribute == kOwners) found.insert(r.target);
  }
  for (std::size_t before = 0; before != found.size();) {
    before = found.size();
    for (const RelationDeclaration& r : schema_.relations) {
      if (found.contains(r.type)) found.insert(r.target);
    }
  }
  for (const std::string& type : found) owner_types_.insert(symbols.intern(type));
}

const CompiledRule* CompiledSchema::rule_of(Symbol edge) const {
  for (const CompiledRule& rule : rules_) {
    if (rule.edge == edge) return &rule;
  }
  return nullptr;
}

const CompiledRule& CompiledSchema::maker_of(Symbol edge) const {
  const CompiledRule* rule = rule_of(edge);
  if (rule == nullptr) {
    throw DamagedStore("the graph store is damaged: it has derived edges that no rule makes");
  }
  return *rule;
}

RelationMeaning CompiledSchema::meaning(Symbol type, Symbol attribute,
                                        const Symbols& symbols) const {
  if (const auto own = meanings_.find({type, attribute}); own != meanings_.end()) {
    return own->second;
  }
  if (const auto any = meanings_.find({0, attribute}); any != meanings_.end()) return any->second;
  return {symbols.name(attribute), false};
}

}  // namespace rehearse::mds

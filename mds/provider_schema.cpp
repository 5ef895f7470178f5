// The store's schema, and the declarations that ship.
#include <map>
#include <utility>

#include "mds/embedded.hpp"
#include "mds/provider.hpp"

namespace rehearse::mds {
namespace {

using ByAttribute = std::map<std::pair<std::string, std::string>, RelationDeclaration>;

void declare(ByAttribute& relations, const Provider& provider, RelationDeclaration relation) {
  const auto key = std::make_pair(relation.type, relation.attribute);
  const auto [at, added] = relations.emplace(key, relation);
  const RelationDeclaration& known = at->second;
  if (added || (known.relation == relation.relation && known.target == relation.target &&
                known.upstream == relation.upstream)) {
    return;
  }
  throw InputError("provider \"" + provider.name + "\": the attribute \"" + relation.attribute +
                   "\" of " + relation.type + " is " + relation.relation + " to " +
                   relation.target + " here, but another provider says " + known.relation + " to " +
                   known.target + "; providers of one domain agree about its relations");
}

void declare_all(ByAttribute& relations, const Provider& provider, const std::string& type,
                 const std::vector<ReferenceDeclaration>& references) {
  for (const ReferenceDeclaration& reference : references) {
    declare(relations, provider,
            {type, reference.attribute, reference.relation, reference.type, reference.upstream});
  }
}

std::vector<Provider> load_shipped() {
  std::vector<Provider> providers;
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.path.rfind("providers/", 0) == 0) {
      providers.push_back(parse_provider(config::parse(file.text, file.path)));
    }
  }
  return providers;
}

const std::vector<Provider>& shipped() {
  static const std::vector<Provider> providers = load_shipped();
  return providers;
}

std::vector<Rule> load_rules() {
  std::vector<Rule> rules;
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.path.rfind("rules/", 0) != 0) continue;
    for (Rule& rule : parse_rules(config::parse(file.text, file.path))) {
      rules.push_back(std::move(rule));
    }
  }
  return rules;
}

}  // namespace

Schema make_schema(const std::vector<Provider>& providers, const std::vector<Rule>& rules) {
  ByAttribute relations;
  for (const Provider& provider : providers) {
    for (const TypeDeclaration& type : provider.types) {
      declare_all(relations, provider, type.type, type.references);
      for (const PartDeclaration& part : type.parts) {
        declare(relations, provider,
                {part.type, part.parent_attribute, part.parent_relation, type.type,
                 part.parent_upstream});
        declare_all(relations, provider, part.type, part.references);
      }
    }
  }
  Schema schema;
  for (auto& [key, relation] : relations) schema.relations.push_back(std::move(relation));
  schema.rules = rules;
  return schema;
}

const Provider* shipped_provider(const std::string& name) {
  for (const Provider& provider : shipped()) {
    if (provider.name == name) return &provider;
  }
  return nullptr;
}

std::vector<std::string> shipped_provider_names() {
  std::vector<std::string> names;
  for (const Provider& provider : shipped()) names.push_back(provider.name);
  return names;
}

const std::vector<Rule>& shipped_rules() {
  static const std::vector<Rule> rules = load_rules();
  return rules;
}

}  // namespace rehearse::mds

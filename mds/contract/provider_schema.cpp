#include <map>
#include <utility>

#include "mds/contract/provider.hpp"

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

}  // namespace rehearse::mds

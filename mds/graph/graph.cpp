#include "mds/graph/graph.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "mds/graph/questions.hpp"
#include "mds/graph/search.hpp"
#include "mds/store/store_core.hpp"

namespace rehearse::mds {
namespace {

void add_facts(const FactView& view, EntityId id, std::vector<StoredFact>& facts) {
  const StoreCore& core = view.core();
  EntityState state;
  view.load(id, state);
  for (const PackedFact& fact : state.facts) {
    if (fact.attribute == kPart) {
      add_facts(view, target_of(fact), facts);
    } else {
      facts.push_back(
          {core.entities.uri(id), core.symbols.name(fact.attribute), text_of(core, fact)});
    }
  }
}

}  // namespace

Graph::Graph(const Store& store) : view_(store.core(), kLatest) {}

Graph Graph::as_of(const Store& store, Time at) {
  return Graph(FactView(store.core(), store.core().log.tx_at(at)));
}

EntityId Graph::find_live(std::string_view uri) const {
  const EntityId id = view_.core().entities.find(uri);
  return id != 0 && view_.is_live(id) ? id : 0;
}

std::vector<EntityId> Graph::live_ids(bool roots_only) const {
  std::vector<EntityId> found;
  EntityState state;
  for (EntityId id = 1; id <= view_.core().entities.size(); ++id) {
    view_.load(id, state);
    if (state.row.life == Life::live && (!roots_only || state.row.root == id)) found.push_back(id);
  }
  return found;
}

std::vector<std::string> Graph::live_documents() const {
  std::vector<std::string> found;
  for (const EntityId id : live_ids(true)) found.push_back(view_.core().entities.uri(id));
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<StoredFact> Graph::facts(std::string_view document) const {
  std::vector<StoredFact> facts;
  const EntityId id = find_live(document);
  if (id == 0) return facts;
  add_facts(view_, id, facts);
  std::sort(facts.begin(), facts.end());
  return facts;
}

std::vector<DerivedEdge> Graph::derived_edges() const {
  const StoreCore& core = view_.core();
  std::vector<DerivedEdge> found;
  EntityState state;
  for (EntityId id = 1; id <= core.entities.size(); ++id) {
    view_.load(id, state);
    for (const PackedFact& edge : state.edges) {
      const CompiledRule& rule = core.schema.maker_of(edge.attribute);
      found.push_back({core.entities.uri(id), core.schema.schema().rules[rule.index].name,
                       core.entities.uri(target_of(edge))});
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> Graph::answer(const std::string& ask, const std::string& uri) const {
  std::vector<std::string> questions = walked_questions();
  questions.emplace_back("find");
  if (std::find(questions.begin(), questions.end(), ask) == questions.end()) {
    std::string allowed;
    for (const std::string& question : questions) {
      allowed += (allowed.empty() ? "" : ", ") + question;
    }
    const auto near = config::nearest(ask, questions);
    throw InputError("the question \"" + ask + "\" is not known; ask one of " + allowed +
                     (near ? "; did you mean \"" + *near + "\"?" : ""));
  }
  if (ask == "find")
    return found_by_name(*this, uri) ? std::vector{uri} : std::vector<std::string>{};
  const EntityId id = find_live(uri);
  if (id == 0) return {};
  std::vector<EntityId> ids = walk_answer(view_, ask, id);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<std::string> uris;
  for (const EntityId found : ids) uris.push_back(view_.core().entities.uri(found));
  std::sort(uris.begin(), uris.end());
  return uris;
}

}  // namespace rehearse::mds

#include "mds/graph/graph.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/error.hpp"
#include "mds/graph/owners.hpp"
#include "mds/graph/provenance.hpp"
#include "mds/graph/questions.hpp"
#include "mds/graph/search.hpp"
#include "mds/store/store_core.hpp"

namespace rehearse::mds {
namespace {

using Ids = std::vector<EntityId>;

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

void add(Ids& to, const Ids& more) { to.insert(to.end(), more.begin(), more.end()); }

// Everything that owners belong to, transitively: teams, groups, organisations.
Ids memberships(const FactView& view, const Ids& owners) {
  const CompiledSchema& schema = view.core().schema;
  Ids found = owners;
  EntityState state;
  EntityState other;
  for (std::size_t i = 0; i < found.size(); ++i) {
    view.load(found[i], state);
    for (const PackedFact& fact : state.facts) {
      if (fact.kind != ValueKind::reference) continue;
      const EntityId target = target_of(fact);
      if (std::find(found.begin(), found.end(), target) != found.end()) continue;
      view.load(target, other);
      if (other.row.life == Life::live && schema.is_owner_type(other.row.type)) {
        found.push_back(target);
      }
    }
  }
  found.erase(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(owners.size()));
  return found;
}

// Whether something can be made from entities of this type at all.
bool can_be_upstream(const StoreCore& core, Symbol type) {
  const auto& relations = core.schema.schema().relations;
  return std::any_of(relations.begin(), relations.end(), [&](const RelationDeclaration& r) {
    return r.upstream && r.target == core.symbols.name(type);
  });
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

// ---- an entity, and what is around it ----

EntitySummary Graph::summary(EntityId id) const {
  const StoreCore& core = view_.core();
  const EntityRow& row = view_.peek(id);
  return {core.entities.uri(id),  core.symbols.name(row.type), name_of(view_, id),
          life_cycle(view_, row), view_.last_verified(id),     view_.last_enriched(id)};
}

std::vector<EntitySummary> Graph::summaries(std::vector<EntityId> ids) const {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<EntitySummary> found;
  for (const EntityId id : ids) found.push_back(summary(id));
  std::sort(found.begin(), found.end(),
            [](const EntitySummary& a, const EntitySummary& b) { return a.uri < b.uri; });
  return found;
}

std::optional<EntitySummary> Graph::entity(std::string_view uri) const {
  const EntityId id = view_.core().entities.find(uri);
  if (id == 0 || !view_.knows(id)) return std::nullopt;
  return summary(id);
}

std::vector<Neighbour> Graph::neighbours(std::string_view uri) const {
  std::vector<Neighbour> found;
  const EntityId id = find_live(uri);
  if (id == 0) return found;
  for (const Step& step : steps(view_, id)) {
    found.push_back({std::string(step.relation), step.outgoing, step.derived, summary(step.other)});
  }
  std::sort(found.begin(), found.end(), [](const Neighbour& a, const Neighbour& b) {
    return std::tie(a.relation, b.outgoing, a.entity.uri) <
           std::tie(b.relation, a.outgoing, b.entity.uri);
  });
  return found;
}

std::vector<HistoryEntry> Graph::history(std::string_view uri) const {
  const EntityId id = view_.core().entities.find(uri);
  return id == 0 ? std::vector<HistoryEntry>{} : history_of(view_, id);
}

std::vector<Provenance> Graph::provenance(std::string_view uri) const {
  const EntityId id = find_live(uri);
  return id == 0 ? std::vector<Provenance>{} : provenance_of(view_, id);
}

// ---- lineage, models and what hangs on them ----

std::vector<LineageEntry> Graph::lineage(std::string_view uri, Direction direction,
                                         std::size_t depth) const {
  std::vector<LineageEntry> found;
  const EntityId id = find_live(uri);
  if (id == 0) return found;
  for (const Relative& relative : mds::lineage(view_, id, direction, depth)) {
    found.push_back({relative.depth, summary(relative.id)});
  }
  std::sort(found.begin(), found.end(), [](const LineageEntry& a, const LineageEntry& b) {
    return std::tie(a.depth, a.entity.uri) < std::tie(b.depth, b.entity.uri);
  });
  return found;
}

Impact Graph::impact(std::string_view uri) const {
  Ids affected;
  Ids owners;
  for (const std::string& model : answer("impact", std::string(uri))) {
    affected.push_back(view_.core().entities.find(model));
    add(owners, owner_ids(view_, affected.back()));
  }
  std::sort(owners.begin(), owners.end());
  owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
  return {summaries(affected), owners_among(owners), summaries(memberships(view_, owners))};
}

std::vector<Owner> Graph::owners_among(const std::vector<EntityId>& ids) const {
  std::vector<Owner> found;
  for (const EntitySummary& owner : summaries(ids)) {
    found.push_back({owner, has_left(view_, view_.core().entities.find(owner.uri))});
  }
  return found;
}

std::vector<Owner> Graph::owners(std::string_view uri) const {
  const EntityId id = find_live(uri);
  return id == 0 ? std::vector<Owner>{} : owners_among(owner_ids(view_, id));
}

std::vector<SharedFeatures> Graph::models_sharing(const std::vector<std::string>& features) const {
  std::map<EntityId, std::size_t> counts;
  Ids given;
  for (const std::string& uri : features) given.push_back(find_live(uri));
  std::sort(given.begin(), given.end());
  given.erase(std::unique(given.begin(), given.end()), given.end());
  for (const EntityId feature : given) {
    if (feature == 0) continue;
    for (const EntityId model : related(view_, feature, vocabulary::kUses, false)) ++counts[model];
  }
  std::vector<SharedFeatures> found;
  for (const auto& [model, count] : counts) found.push_back({summary(model), count});
  std::sort(found.begin(), found.end(), [](const SharedFeatures& a, const SharedFeatures& b) {
    return std::tie(b.shared, a.model.uri) < std::tie(a.shared, b.model.uri);
  });
  return found;
}

ModelPage Graph::model(std::string_view uri) const {
  ModelPage page;
  EntityId id = find_live(uri);
  if (id == 0) return page;
  const Ids models = related(view_, id, vocabulary::kInstanceOf, true);
  if (!models.empty()) id = models.front();
  page.current = summaries(related(view_, id, vocabulary::kCurrentInstance, true));
  page.instances = summaries(related(view_, id, vocabulary::kInstanceOf, false));
  EntityState state;
  view_.load(id, state);
  const StoreCore& core = view_.core();
  for (const HistoryEntry& entry : history(core.entities.uri(id))) {
    if (entry.derived) continue;  // its relation is a rule's name and no symbol
    const RelationMeaning meaning =
        core.schema.meaning(state.row.type, core.symbols.find(entry.attribute), core.symbols);
    if (meaning.relation != vocabulary::kCurrentInstance) continue;
    if (entry.added) {
      page.deployments.push_back({entry.text, entry.at, std::nullopt});
      continue;
    }
    for (Deployment& deployment : page.deployments) {
      if (deployment.instance == entry.text && !deployment.until) deployment.until = entry.at;
    }
  }
  return page;
}

std::vector<EntitySummary> Graph::data_dependencies(std::string_view uri) const {
  std::vector<EntitySummary> found;
  for (const LineageEntry& entry : lineage(uri, Direction::upstream)) {
    if (entry.entity.type == vocabulary::kDataset) found.push_back(entry.entity);
  }
  std::sort(found.begin(), found.end(),
            [](const EntitySummary& a, const EntitySummary& b) { return a.uri < b.uri; });
  return found;
}

std::vector<EntitySummary> Graph::unused() const {
  Ids found;
  EntityState state;
  for (const EntityId id : live_ids(true)) {
    view_.load(id, state);
    if (!can_be_upstream(view_.core(), state.row.type)) continue;
    if (lineage_step(view_, id, Direction::downstream).empty()) found.push_back(id);
  }
  return summaries(found);
}

std::vector<PathStep> Graph::path(std::string_view from, std::string_view to) const {
  const EntityId start = find_live(from);
  const EntityId end = find_live(to);
  if (start == 0 || end == 0) return {};
  struct Reached {
    EntityId from;
    Step step;
  };
  std::map<EntityId, Reached> reached{{start, {0, {}}}};
  Ids frontier{start};
  const auto& uri = [this](EntityId id) { return view_.core().entities.uri(id); };
  while (!frontier.empty() && !reached.contains(end)) {
    Ids next;
    for (const EntityId at : frontier) {
      std::vector<Step> ways = steps(view_, at);
      std::sort(ways.begin(), ways.end(), [&](const Step& a, const Step& b) {
        return std::tuple(a.relation, !a.outgoing, uri(a.other)) <
               std::tuple(b.relation, !b.outgoing, uri(b.other));
      });
      for (const Step& way : ways) {
        if (reached.emplace(way.other, Reached{at, way}).second) next.push_back(way.other);
      }
    }
    frontier = std::move(next);
  }
  std::vector<PathStep> path;
  if (!reached.contains(end)) return path;
  for (EntityId at = end; at != start; at = reached.at(at).from) {
    const Step& step = reached.at(at).step;
    path.push_back({std::string(step.relation), step.outgoing, summary(at)});
  }
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace rehearse::mds

#include "mds/fact_view.hpp"

#include <algorithm>

#include "mds/store_core.hpp"

namespace rehearse::mds {

void FactView::load(EntityId id, EntityState& state) const {
  core_->entities.load(id, state.row);
  if (!is_current()) {
    load_past(id, state);
    return;
  }
  take_apart(state.row.facts, state.facts);
  take_apart(state.row.edges, state.edges);
}

void FactView::load_past(EntityId id, EntityState& state) const {
  EntityRow& row = state.row;
  row.life = Life::referenced;
  row.changed = 0;
  row.facts.clear();
  row.edges.clear();
  state.buffer.clear();
  struct Piece {
    std::int64_t tx;
    std::size_t end;
  };
  std::vector<Piece> pieces;
  core_->log.changes(id, until_, [&](std::int64_t tx, std::string_view change) {
    state.buffer.append(change);
    pieces.push_back({tx, state.buffer.size()});
  });
  FactFold fold;
  std::size_t start = 0;
  for (const Piece& piece : pieces) {
    std::string_view change(state.buffer.data() + start, piece.end - start);
    start = piece.end;
    row.life = static_cast<Life>(take_change_head(change).life);
    Datom datom;
    while (take_datom(change, datom)) {
      if (datom.fact.kind != ValueKind::derived) row.changed = piece.tx;
      fold.apply(datom);
    }
  }
  state.facts.clear();
  state.edges.clear();
  for (const PackedFact& fact : fold.facts()) {
    (fact.kind == ValueKind::derived ? state.edges : state.facts).push_back(fact);
  }
}

bool FactView::is_live(EntityId id) const {
  EntityState state;
  load(id, state);
  return state.row.life == Life::live;
}

std::vector<EntityId> FactView::sources(EntityId target, Symbol attribute) const {
  return core_->log.sources(target, attribute, until_);
}

std::vector<BackEdge> FactView::back(EntityId target) const {
  return core_->log.back(target, until_);
}

std::optional<Time> FactView::last_verified(EntityId id) const {
  EntityRow row;
  core_->entities.load(id, row);
  return core_->log.last_verified(row.root, until_);
}

std::int64_t FactView::last_enriched_tx(EntityId id) const {
  return core_->passes.last_enriched(id, until_);
}

std::optional<Time> FactView::last_enriched(EntityId id) const {
  const std::int64_t tx = last_enriched_tx(id);
  if (tx == 0) return std::nullopt;
  return core_->log.tx(tx).at;
}

const PackedFact* find_fact(const std::vector<PackedFact>& facts, Symbol attribute) {
  const auto found = std::find_if(facts.begin(), facts.end(),
                                  [&](const PackedFact& f) { return f.attribute == attribute; });
  return found != facts.end() ? &*found : nullptr;
}

std::string text_of(const StoreCore& core, const PackedFact& fact) {
  switch (fact.kind) {
    case ValueKind::text:
      return std::string(fact.body);
    case ValueKind::integer:
      return canonical_text(integer_of(fact));
    case ValueKind::real:
      return canonical_text(real_of(fact));
    case ValueKind::boolean:
      return canonical_text(fact.body.front() != '\0');
    case ValueKind::reference:
    case ValueKind::derived:
      break;
  }
  return core.entities.uri(target_of(fact));
}

bool has_value(const StoreCore& core, const std::vector<PackedFact>& facts, Symbol attribute,
               std::string_view text) {
  return std::any_of(facts.begin(), facts.end(), [&](const PackedFact& fact) {
    return fact.attribute == attribute && text_of(core, fact) == text;
  });
}

}  // namespace rehearse::mds

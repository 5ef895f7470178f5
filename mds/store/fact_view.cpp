#include "mds/store/fact_view.hpp"

#include <algorithm>

#include "mds/store/store_core.hpp"

namespace rehearse::mds {

FactView::FactView(const StoreCore& core, std::int64_t until)
    : core_(&core),
      until_(until),
      past_(until == kLatest ? nullptr : std::make_shared<PastRows>(core, until)) {}

void FactView::load(EntityId id, EntityState& state) const {
  state.row = peek(id);
  take_apart(state.row.facts, state.facts);
  take_apart(state.row.edges, state.edges);
}

bool FactView::knows(EntityId id) const {
  return peek(id).life != Life::referenced || core_->log.has_back(id, until_);
}

std::vector<EntityId> FactView::sources(EntityId target, Symbol attribute) const {
  return core_->log.sources(target, attribute, until_);
}

std::vector<BackEdge> FactView::back(EntityId target) const {
  return core_->log.back(target, until_);
}

std::optional<Time> FactView::last_verified(EntityId id) const {
  const EntityId root = peek(id).root;
  return past_ == nullptr ? core_->log.last_verified(root) : past_->row(root).verified;
}

std::int64_t FactView::last_enriched_tx(EntityId id) const {
  const std::int64_t pass = past_ == nullptr ? core_->passes.last_pass(until_) : past_->pass();
  return core_->passes.last_enriched(id, pass, until_);
}

std::optional<Time> FactView::last_enriched(EntityId id) const {
  const EntityRow& row = peek(id);
  const std::int64_t tx = last_enriched_tx(id);
  if (tx == 0 || row.life == Life::referenced) return std::nullopt;
  // A pass that was over before an entity was heard of says nothing about it.
  if (tx < row.changed && tx < core_->log.first_change_tx(id)) return std::nullopt;
  return core_->log.time_of(tx);
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
      return canonical_text(boolean_of(fact));
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

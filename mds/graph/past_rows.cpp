#include "mds/graph/past_rows.hpp"

#include "mds/store/store_core.hpp"

namespace rehearse::mds {

PastRows::PastRows(const StoreCore& core, std::int64_t until)
    : core_(&core), until_(until), pass_(core.passes.last_pass(until)) {}

const PastRow& PastRows::row(EntityId id) {
  if (const auto kept = rows_.find(id); kept != rows_.end()) return kept->second;
  if (rows_.size() == kKept) rows_.clear();
  PastRow& past = rows_[id];
  fold(id, past);
  return past;
}

void PastRows::fold(EntityId id, PastRow& past) {
  const EntityRow& now = core_->entities.peek(id);
  past.row.id = id;
  past.row.type = now.type;
  past.row.root = id;
  bytes_.clear();
  pieces_.clear();
  core_->log.changes(id, until_, [this](std::int64_t tx, std::string_view change) {
    bytes_.append(change);
    pieces_.push_back({tx, bytes_.size()});
  });
  facts_.clear();
  edges_.clear();
  std::size_t start = 0;
  for (const Piece& piece : pieces_) {
    apply(piece.tx, std::string_view(bytes_).substr(start, piece.end - start), past);
    start = piece.end;
    if (past.row.life == Life::live) past.row.root = now.root;  // known by reference, it is no part
  }
  for (const PackedFact& fact : facts_.facts()) past.row.facts.append(fact.bytes);
  for (const PackedFact& edge : edges_.facts()) past.row.edges.append(edge.bytes);
}

void PastRows::apply(std::int64_t tx, std::string_view change, PastRow& past) {
  const ChangeHead head = take_change_head(change);
  const auto life = static_cast<Life>(head.life);
  if ((past.row.life == Life::live) != (life == Life::live)) past.row.changed = tx;
  past.row.life = life;
  if (head.verified) past.verified = head.verified;
  Datom datom;
  while (take_datom(change, datom)) {
    if (datom.fact.kind == ValueKind::derived) {
      edges_.apply(datom);
    } else {
      past.row.changed = tx;
      facts_.apply(datom);
    }
  }
}

}  // namespace rehearse::mds

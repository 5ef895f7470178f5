#include "mds/hydration/writes.hpp"

#include "mds/contract/normaliser.hpp"
#include "mds/contract/untrusted.hpp"

namespace rehearse::mds {
namespace {

bool live(const std::optional<LifeCycle>& life) {
  return life == LifeCycle::hydrated || life == LifeCycle::enriched;
}

/// A part that is known by reference only and was not in its parent's payload does not exist.
void drop_missing_parts(const Answer& answer, const Turn& turn) {
  for (const std::string& part : answer.part_stubs) {
    if (turn.store.life_cycle(part) != LifeCycle::referenced) continue;
    turn.store.begin(turn.now, answer.cause);
    turn.store.remove(part, answer.sent);
    turn.store.commit();
  }
}

}  // namespace

Cause cause_of(WorkClass work, const std::vector<PendingEvent>& events, RequestId request) {
  Cause cause;
  cause.request = request;
  if (!events.empty()) {
    cause.kind = CauseKind::event;
    cause.event = events.back().id;
  } else {
    cause.kind =
        work == WorkClass::reconciliation ? CauseKind::reconciliation : CauseKind::enrichment;
  }
  return cause;
}

Document normalised(const DocumentKey& document, std::string_view body,
                    const Catalogue& catalogue) {
  const Contract& contract = catalogue.contracts()[document.contract];
  return normalise(*contract.provider, *contract.type, document.id, body);
}

void check_acceptable(const DocumentKey& key, const Document& document, const Turn& turn) {
  if (turn.catalogue.contracts()[key.contract].shares_names &&
      turn.store.type(document.root.uri).value_or(document.root.type) != document.root.type &&
      live(turn.store.life_cycle(document.root.uri))) {
    throw Refusal{"payload has the id of an entity of another type"};
  }
  if (!turn.config.hydration.reject_unknown_references) return;
  const auto check = [&](const EntityFacts& entity) {
    for (const Fact& fact : entity.facts) {
      const auto* reference = std::get_if<Reference>(&fact.value);
      if (reference == nullptr || reference->uri == document.root.uri) continue;
      if (!live(turn.store.life_cycle(reference->uri))) {
        throw Refusal{"payload refers to the unknown entity " + excerpt(reference->uri)};
      }
    }
  };
  check(document.root);
  for (const EntityFacts& part : document.parts) check(part);
}

void store_found(const Answer& answer, const Document& document, Turn& turn) {
  turn.store.begin(turn.now, answer.cause);
  const bool changed = turn.store.put(document, answer.sent);
  turn.store.commit();
  drop_missing_parts(answer, turn);
  if (changed) turn.changed = true;
  turn.tell(NoticeLevel::all, changed ? Notice::Kind::stored : Notice::Kind::unchanged,
            answer.document, answer.cause.request);
}

void store_not_found(const Answer& answer, Turn& turn) {
  turn.tell(NoticeLevel::all, Notice::Kind::not_found, answer.document, answer.cause.request);
  const std::string uri = turn.catalogue.uri_of(answer.document);
  const auto life = turn.store.life_cycle(uri);
  // An entity of another type that shares the name is none of this answer's business.
  const Contract& contract = turn.catalogue.contracts()[answer.document.contract];
  const bool another =
      contract.shares_names && live(life) && turn.store.type(uri) != contract.type->type;
  if (life && life != LifeCycle::deleted && !another) {
    turn.store.begin(turn.now, answer.cause);
    turn.store.remove(uri, answer.sent);
    turn.store.commit();
    turn.changed = true;
  }
  drop_missing_parts(answer, turn);
}

void dead_letter(const std::vector<PendingEvent>& events, SourceIndex source,
                 const std::string& reason, std::string_view body, const Turn& turn) {
  if (events.empty()) return;
  Cause cause;
  cause.kind = CauseKind::event;
  cause.event = events.back().id;
  turn.store.begin(turn.now, cause);
  for (const PendingEvent& event : events) {
    ++turn.counters.dead_lettered;
    turn.store.dead_letter({event.id, source, turn.now, reason, std::string(body)});
    if (turn.telling(NoticeLevel::measures)) {
      Notice notice;
      notice.kind = Notice::Kind::dead_lettered;
      notice.source = source;
      notice.event = event.id;
      notice.detail = reason;
      turn.notices.tell(std::move(notice));
    }
  }
  turn.store.commit();
}

void acknowledge(const std::vector<PendingEvent>& events, const Turn& turn) {
  turn.acks.add(events, turn.store, turn.now + turn.config.store.commit_within);
}

void store_bootstrap(SourceIndex source, const std::string& path, const std::string& payload,
                     const Turn& turn) {
  const auto key = turn.catalogue.document_at(source, path);
  if (!key) {
    throw InputError("source \"" + turn.catalogue.provider(source).name + "\" has no entity at " +
                     excerpt(path));
  }
  try {
    const Document document = normalised(*key, payload, turn.catalogue);
    turn.store.begin(turn.now, Cause{CauseKind::bootstrap, {}, {}});
    turn.store.put(document, turn.now);
    turn.store.commit();
  } catch (const Refusal& refusal) {
    throw InputError("source \"" + turn.catalogue.provider(source).name + "\", " + excerpt(path) +
                     ": " + refusal.reason);
  }
}

}  // namespace rehearse::mds

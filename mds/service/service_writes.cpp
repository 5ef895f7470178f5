// What is written to the store, and the acknowledgements that follow it.
#include <algorithm>
#include <cassert>

#include "mds/contract/normaliser.hpp"
#include "mds/service/service_state.hpp"

namespace rehearse::mds {
namespace {

bool live(const std::optional<LifeCycle>& life) {
  return life == LifeCycle::hydrated || life == LifeCycle::enriched;
}

}  // namespace

Cause Service::State::cause_of(WorkClass work, const std::vector<PendingEvent>& events,
                               RequestId request) const {
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

Document Service::State::normalised(const DocumentKey& document, std::string_view body) const {
  const Contract& contract = catalogue->contracts()[document.contract];
  return normalise(*contract.provider, *contract.type, document.id, body);
}

/// Throws Refusal for a document that would take another's name, or (where so set) refers to what
/// is not in the graph yet.
void Service::State::check_acceptable(const DocumentKey& key, const Document& document) const {
  if (catalogue->contracts()[key.contract].shares_names &&
      store->type(document.root.uri).value_or(document.root.type) != document.root.type &&
      live(store->life_cycle(document.root.uri))) {
    throw Refusal{"payload has the id of an entity of another type"};
  }
  if (!config->hydration.reject_unknown_references) return;
  const auto check = [&](const EntityFacts& entity) {
    for (const Fact& fact : entity.facts) {
      const auto* reference = std::get_if<Reference>(&fact.value);
      if (reference == nullptr || reference->uri == document.root.uri) continue;
      if (!live(store->life_cycle(reference->uri))) {
        throw Refusal{"payload refers to the unknown entity " + excerpt(reference->uri)};
      }
    }
  };
  check(document.root);
  for (const EntityFacts& part : document.parts) check(part);
}

void Service::State::store_found(const Answer& answer, const Document& document, Time at) {
  store->begin(at, answer.cause);
  const bool changed = store->put(document, answer.sent);
  store->commit();
  drop_missing_parts(answer, at);
  if (changed) wake_enrichment(at);
  tell(NoticeLevel::all, changed ? Notice::Kind::stored : Notice::Kind::unchanged, answer.document,
       answer.cause.request);
}

void Service::State::store_not_found(const Answer& answer, Time at) {
  tell(NoticeLevel::all, Notice::Kind::not_found, answer.document, answer.cause.request);
  const std::string uri = catalogue->uri_of(answer.document);
  const auto life = store->life_cycle(uri);
  // An entity of another type that shares the name is none of this answer's business.
  const Contract& contract = catalogue->contracts()[answer.document.contract];
  const bool another =
      contract.shares_names && live(life) && store->type(uri) != contract.type->type;
  if (life && life != LifeCycle::deleted && !another) {
    store->begin(at, answer.cause);
    store->remove(uri, answer.sent);
    store->commit();
    wake_enrichment(at);
  }
  drop_missing_parts(answer, at);
}

/// A part that is known by reference only and was not in its parent's payload does not exist.
void Service::State::drop_missing_parts(const Answer& answer, Time at) {
  for (const std::string& part : answer.part_stubs) {
    if (store->life_cycle(part) != LifeCycle::referenced) continue;
    store->begin(at, answer.cause);
    store->remove(part, answer.sent);
    store->commit();
  }
}

void Service::State::dead_letter(const std::vector<PendingEvent>& events, SourceIndex source,
                                 const std::string& reason, std::string_view body, Time at) {
  if (events.empty()) return;
  Cause cause;
  cause.kind = CauseKind::event;
  cause.event = events.back().id;
  store->begin(at, cause);
  for (const PendingEvent& event : events) {
    ++counters.dead_lettered;
    store->dead_letter({event.id, source, at, reason, std::string(body)});
    if (telling(NoticeLevel::measures)) {
      Notice notice;
      notice.kind = Notice::Kind::dead_lettered;
      notice.source = source;
      notice.event = event.id;
      notice.detail = reason;
      tell(std::move(notice));
    }
  }
  store->commit();
}

void Service::State::acknowledge(const std::vector<PendingEvent>& events) {
  if (events.empty()) return;
  const std::uint64_t last = store->counts().transactions;
  if (unsaved.empty()) commit_due = now + config->store.commit_within;
  assert(unsaved.empty() || unsaved.back().transaction <= last);
  for (const PendingEvent& event : events) unsaved.push_back({event.id, last});
  release_acks();
}

/// What an acknowledged event has led to must outlive the service.
void Service::State::release_acks() {
  const std::uint64_t durable = store->durable();
  while (!unsaved.empty() && unsaved.front().transaction <= durable) {
    acks.push_back(unsaved.front().event);
    unsaved.pop_front();
  }
  if (unsaved.empty()) commit_due = Time::never();
}

void Service::State::bootstrap(SourceIndex source, const std::string& path,
                               const std::string& payload, Time at) {
  const auto key = catalogue->document_at(source, path);
  if (!key) {
    throw InputError("source \"" + catalogue->provider(source).name + "\" has no entity at " +
                     excerpt(path));
  }
  try {
    const Document document = normalised(*key, payload);
    store->begin(at, Cause{CauseKind::bootstrap, {}, {}});
    store->put(document, at);
    store->commit();
  } catch (const Refusal& refusal) {
    throw InputError("source \"" + catalogue->provider(source).name + "\", " + excerpt(path) +
                     ": " + refusal.reason);
  }
  enrichment.wanted = true;
}

}  // namespace rehearse::mds

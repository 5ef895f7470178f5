#include "explore/search/effects.hpp"

#include <algorithm>
#include <set>

namespace rehearse::explore {
namespace {

enum Part : std::uint64_t { kKey = 0x300, kChanges };

using Names = std::set<std::string>;

/// The entities that a document has or refers to in any of its states.
Names mentioned_by(const ScriptedTruth& truth, DocumentIndex document) {
  Names names{truth.documents()[document]};
  for (std::size_t position = 0; position <= truth.length(); ++position) {
    const StateIndex state = truth.state(document, position);
    for (const auto& entity : truth.entities(document, state)) names.insert(entity.first);
    for (const auto& reference : truth.references(document, state)) names.insert(reference.to);
  }
  return names;
}

/// The entities that a document has in any of its states.
Names owned_by(const ScriptedTruth& truth, DocumentIndex document) {
  Names names{truth.documents()[document]};
  for (std::size_t position = 0; position <= truth.length(); ++position) {
    const StateIndex state = truth.state(document, position);
    for (const auto& entity : truth.entities(document, state)) names.insert(entity.first);
  }
  return names;
}

bool meet(const Names& a, const Names& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& name) { return b.contains(name); });
}

}  // namespace

Effects::Effects(const System& system, EffectTable& table)
    : system_(system),
      truth_(system.truth()),
      table_(table),
      apart_(system.documents_apart()),
      events_store_(system.setup().service.hydration.event_payload),
      index_(system.setup().service.store.index) {
  const std::size_t count = truth_.documents().size();
  std::vector<Names> owned;
  Names owned_by_any;
  Names mentioned_by_any;
  for (DocumentIndex d = 0; d < count; ++d) {
    owned.push_back(owned_by(truth_, d));
    owned_by_any.insert(owned[d].begin(), owned[d].end());
    mentioned_by_any.merge(mentioned_by(truth_, d));
  }
  // What nobody ever has may be a part that any document could be asked for.
  std::erase_if(mentioned_by_any, [&](const auto& name) { return owned_by_any.contains(name); });
  for (DocumentIndex d = 0; d < count; ++d) {
    Names names = mentioned_by(truth_, d);
    names.insert(mentioned_by_any.begin(), mentioned_by_any.end());
    mentioned_documents_.emplace_back();
    for (DocumentIndex other = 0; other < count; ++other) {
      if (meet(names, owned[other])) mentioned_documents_[d].push_back(other);
    }
    mentioned_.emplace_back(names.begin(), names.end());
  }
  for (std::size_t position = 0; position <= truth_.length(); ++position) {
    PartHasher hash(kChanges);
    for (DocumentIndex d = 0; d < count; ++d) hash.add(truth_.since(d, position));
    changes_.push_back(hash.value());
  }
}

std::vector<std::optional<Fingerprint>> Effects::keys(const std::vector<Choice>& choices,
                                                      const Vantage& here) const {
  std::vector<std::optional<Fingerprint>> keys(choices.size());
  if (!apart_) return keys;
  for (std::size_t i = 0; i < choices.size(); ++i) keys[i] = key(choices[i], here);
  return keys;
}

void Effects::add_document(PartHasher& hash, DocumentIndex document, const Vantage& here) const {
  hash.add(document).add(here.jobs[document]).add(here.waiting[document]);
  hash.add(truth_.since(document, here.branch.position));
  hash.add((here.branch.delivered[document] ? 1U : 0U) | (here.branch.gave_up[document] ? 2U : 0U));
}

void Effects::add_all_jobs(PartHasher& hash, const Vantage& here) const {
  hash.add(here.all_jobs).add(changes_[here.branch.position]);
}

void Effects::add_pass(PartHasher& hash, DocumentIndex document, const Vantage& here) const {
  hash.add(here.parts.passing ? 1 : 0);
  if (!here.parts.passing) return;
  if (here.parts.outstanding < 2 || !here.parts.unasked.empty()) {
    hash.add(0).add(here.store).add(here.parts.enrichment);
    add_all_jobs(hash, here);
    return;
  }
  hash.add(1).add(here.parts.enrichment);
  for (const DocumentIndex other : mentioned_documents_[document]) {
    hash.add(here.jobs[other]).add(truth_.since(other, here.branch.position));
  }
}

std::optional<Fingerprint> Effects::key_of_call(const Choice& choice, const Vantage& here) const {
  const Branch& b = here.branch;
  const OpenCall& call = b.calls[system_.find_call(choice)];
  const DocumentIndex document = truth_.document_at(call.source, call.path);
  if (document == kNoDocument) return key_of_page(choice, call, here);
  // Which of several calls is meant is said by their order, which no part holds.
  const auto same = [&](const OpenCall& c) {
    return c.source == call.source && c.path == call.path;
  };
  if (std::count_if(b.calls.begin(), b.calls.end(), same) > 1) return std::nullopt;
  PartHasher hash(kKey);
  hash.add(static_cast<std::uint64_t>(choice.action)).add(call.moment);
  add_document(hash, document, here);
  add_pass(hash, document, here);
  if (is_fault(choice.action)) return hash.add(b.failures).value();
  if (index_) return hash.add(here.store).add(here.parts.enrichment).value();
  for (const std::string& name : mentioned_[document]) {
    hash.add(system_.store().entity_fingerprint(name));
    hash.add(here.parts.unasked.count(name));
  }
  return hash.value();
}

// A page of a list has those fetched that are not in the graph and for which there is no job.
std::optional<Fingerprint> Effects::key_of_page(const Choice& choice, const OpenCall& call,
                                                const Vantage& here) const {
  const ScriptedTruth::List* list = truth_.list_at(call.source, call.path);
  if (list == nullptr) return std::nullopt;
  if (here.parts.passing && (here.parts.outstanding == 0 || !here.parts.unasked.empty())) {
    return std::nullopt;
  }
  const Branch& b = here.branch;
  PartHasher hash(kKey);
  hash.add(static_cast<std::uint64_t>(choice.action)).add(call.source).add(call.path);
  hash.add(call.moment).add(list->since[b.position]);
  hash.add(here.lists.at({call.source, list->path})).add(is_fault(choice.action) ? b.failures : 0);
  for (const DocumentIndex d : list->documents) {
    hash.add(here.jobs[d]).add(truth_.since(d, b.position));
    hash.add(system_.store().entity_fingerprint(truth_.documents()[d]));
  }
  return hash.value();
}

std::optional<Fingerprint> Effects::key(const Choice& choice, const Vantage& here) const {
  const Branch& b = here.branch;
  PartHasher hash(kKey);
  hash.add(static_cast<std::uint64_t>(choice.action)).add(choice.event);
  switch (choice.action) {
    case Action::deliver:
    case Action::duplicate:
      if (events_store_) return std::nullopt;
      add_document(hash, truth_.announcements()[choice.event - 1].document, here);
      hash.add(here.parts.passing ? 1 : 0);
      hash.add(std::count(b.brought_back.begin(), b.brought_back.end(), choice.event));
      return hash.add(choice.action == Action::duplicate ? b.duplicates : 0).value();
    case Action::drop:
      return hash.add(b.drops).value();
    case Action::change:
      return hash.add(b.position).value();
    case Action::answer:
    case Action::answer_old:
    case Action::fail:
    case Action::time_out:
      return key_of_call(choice, here);
    case Action::enrich:
      hash.add(here.store).add(here.parts.enrichment);
      if (here.parts.passing || here.parts.asks) add_all_jobs(hash, here);
      return hash.value();
    default:
      return std::nullopt;
  }
}

void Effects::learn(const Fingerprint& key, const Fingerprint& effect) {
  table_.insert(key, [&] { return effect; });
}

}  // namespace rehearse::explore

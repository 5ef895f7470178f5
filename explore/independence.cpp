#include "explore/independence.hpp"

#include <algorithm>
#include <set>

#include "explore/system.hpp"

namespace rehearse::explore {
namespace {

enum Budget : std::uint8_t { kNone, kDrops, kDuplicates, kFailures };

/// The entities that a document has or refers to in any of its states.
std::set<std::string> mentioned(const Truth& truth, DocumentIndex document) {
  std::set<std::string> names{truth.documents()[document]};
  for (std::size_t position = 0; position <= truth.length(); ++position) {
    const StateIndex state = truth.state(document, position);
    for (const auto& entity : truth.entities(document, state)) names.insert(entity.first);
    for (const auto& reference : truth.references(document, state)) names.insert(reference.to);
  }
  return names;
}

bool meet(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& name) { return b.contains(name); });
}

void close_transitively(std::vector<std::vector<bool>>& related) {
  for (std::size_t via = 0; via < related.size(); ++via) {
    for (auto& row : related) {
      if (!row[via]) continue;
      for (std::size_t to = 0; to < related.size(); ++to) row[to] = row[to] || related[via][to];
    }
  }
}

}  // namespace

Independence::Independence(const Setup& setup, const Truth& truth, bool limits_bind)
    : truth_(truth), events_store_(setup.service.hydration.event_payload) {
  const mds::ServiceConfig& service = setup.service;
  simple_ = !limits_bind && !service.hydration.breaker &&
            service.hydration.cache_ttl == Duration{} &&
            service.reconciliation.order == mds::ReconciliationConfig::Order::round_robin &&
            !service.reconciliation.delete_if_unlisted;
  if (!simple_) return;
  const std::size_t count = truth.documents().size();
  std::vector<std::set<std::string>> names;
  for (DocumentIndex d = 0; d < count; ++d) names.push_back(mentioned(truth, d));
  related_.assign(count, std::vector<bool>(count, false));
  for (DocumentIndex a = 0; a < count; ++a) {
    for (DocumentIndex b = 0; b < count; ++b) related_[a][b] = meet(names[a], names[b]);
  }
  if (service.store.index) close_transitively(related_);
}

Footprint Independence::footprint(const System& system, const Choice& choice) const {
  Footprint foot;
  if (!simple_) return foot;
  const Branch& branch = system.branch();
  switch (choice.action) {
    case Action::deliver:
    case Action::duplicate:
    case Action::drop:
    case Action::change: {
      const Announcement& event = truth_.announcements()[choice.event - 1];
      foot.document = event.document;
      foot.stores =
          events_store_ && (choice.action == Action::deliver || choice.action == Action::duplicate);
      foot.everything = foot.stores && event.op == world::Op::remove;
      if (choice.action == Action::drop) foot.budget = kDrops;
      if (choice.action == Action::duplicate) foot.budget = kDuplicates;
      return foot;
    }
    case Action::answer:
    case Action::answer_old:
    case Action::fail:
    case Action::time_out: {
      if (branch.service.enrichment_passing()) return foot;
      const OpenCall& call = branch.calls[system.find_call(choice)];
      foot.document = truth_.document_at(call.source, call.path);
      if (foot.document == kNoDocument) return foot;
      foot.stores = !is_fault(choice.action);
      if (is_fault(choice.action)) foot.budget = kFailures;
      const std::size_t read = choice.action == Action::answer ? branch.position : call.moment;
      foot.everything = foot.stores && truth_.state(foot.document, read) == 0;
      return foot;
    }
    default:
      return foot;
  }
}

bool Independence::independent(const Footprint& a, const Footprint& b) const {
  if (a.everything || b.everything || a.document == b.document) return false;
  if (a.budget != kNone && a.budget == b.budget) return false;
  return !(a.stores && b.stores && related_[a.document][b.document]);
}

}  // namespace rehearse::explore

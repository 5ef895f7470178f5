// The properties of a step.
#include <algorithm>
#include <limits>

#include "explore/system/system.hpp"
#include "mds/graph/graph.hpp"
#include "mds/store/consistency.hpp"

namespace rehearse::explore {
namespace {

std::string text_of(const world::Edge& edge) {
  return edge.from + " " + edge.relation + " " + edge.to;
}

}  // namespace

void System::violate(Property property, std::string what) {
  if (!setup_.settings.checks(property)) return;
  violations_.push_back({property, std::move(what)});
}

// Changes that had happened by then. No step makes a change and calls, so equal times do not occur.
std::size_t System::position_at(Time at) const {
  const auto& times = branch_.changed_at;
  return static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), at) - times.begin());
}

void System::take_notice(const mds::Notice& notice, std::set<std::uint64_t>& dead) {
  if (notice.kind == mds::Notice::Kind::dead_lettered) dead.insert(notice.event.value);
  if (notice.kind != mds::Notice::Kind::gave_up) return;
  const DocumentIndex document = truth_.document(notice.uri);
  if (document != kNoDocument) branch_.gave_up[document] = true;
}

void System::take_report(const mds::TxReport& report) {
  Branch& b = branch_;
  for (const mds::DocumentChange& change : report.documents) check_document(change);
  if (!report.documents.empty()) enriched_ = false;
  if (report.cause.kind == mds::CauseKind::enrichment && report.documents.empty()) {
    enriched_ = true;
  }
  for (const mds::EdgeChange& edge : report.edges) {
    const std::uint32_t number = number_of(edge);
    const auto at = std::lower_bound(b.edges.begin(), b.edges.end(), number);
    const bool there = at != b.edges.end() && *at == number;
    if (edge.added && !there) b.edges.insert(at, number);
    if (!edge.added && there) b.edges.erase(at);
    if (edge.added && !truth_.ever(edge_names_[number], b.position)) {
      phantoms_.insert(edge_names_[number]);
    }
  }
}

void System::check_document(const mds::DocumentChange& change) {
  Branch& b = branch_;
  const DocumentIndex document = truth_.document(change.uri);
  if (document == kNoDocument) {
    if (change.live) violate(Property::facts, change.uri + " is in the graph and never existed");
    return;
  }
  const StateIndex state = truth_.state_of(document, change.live ? change.facts : 0);
  b.copies[document] = state;
  if (state == kUnknownState || !truth_.was(document, state, 0, b.position)) {
    violate(Property::facts, "the graph's copy of " + change.uri + " (version " +
                                 std::to_string(change.version) +
                                 ") is what its source never said");
    return;
  }
  const auto verified = store_.last_verified(change.uri);
  if (verified && !truth_.was(document, state, position_at(*verified), b.position)) {
    violate(Property::last_verified,
            "the graph's copy of " + change.uri + " is older than its last_verified says");
  }
  if (store_.marked_for_enrichment() == 0) return;
  const auto enriched = store_.last_enriched(change.uri);
  if (enriched && *enriched == b.now) {
    violate(Property::last_enriched, "last_enriched says that the edges of " + change.uri +
                                         " are right as of now, but they are still to be derived");
  }
}

void System::take_ack(mds::EventId event, const std::set<std::uint64_t>& dead) {
  Branch& b = branch_;
  const std::string name = "event " + std::to_string(event.value);
  const auto at = std::find_if(b.unacknowledged.begin(), b.unacknowledged.end(),
                               [&](const auto& waiting) { return waiting.event == event.value; });
  if (at == b.unacknowledged.end()) {
    violate(Property::acknowledged, name + " is acknowledged more often than it was delivered");
    return;
  }
  const std::size_t arrived = at->arrived;
  b.unacknowledged.erase(at);
  if (commits_) commit(event.value);
  if (dead.contains(event.value)) return;
  const DocumentIndex document = truth_.announcements()[event.value - 1].document;
  const StateIndex copy = b.copies[document];
  if (copy == kUnknownState || !truth_.was(document, copy, arrived, b.position)) {
    violate(Property::acknowledged, name + " is acknowledged, but the graph's copy of " +
                                        truth_.documents()[document] +
                                        " is older than its arrival");
  }
}

std::uint32_t System::number_of(const mds::EdgeChange& edge) {
  const world::Edge name{edge.from, edge.relation, edge.to};
  const auto [at, fresh] =
      edge_numbers_.emplace(name, static_cast<std::uint32_t>(edge_names_.size()));
  if (fresh) edge_names_.push_back(name);
  return at->second;
}

std::vector<world::Edge> System::edges_in_graph() const {
  std::vector<world::Edge> edges;
  for (const std::uint32_t number : branch_.edges) edges.push_back(edge_names_[number]);
  std::sort(edges.begin(), edges.end());
  return edges;
}

// A pass that is at its end says of all entities that their edges are right.
void System::check_enriched() {
  if (store_.marked_for_enrichment() > 0) return;
  const auto& copies = branch_.copies;
  if (std::count(copies.begin(), copies.end(), kUnknownState) > 0) return;
  const std::vector<world::Edge> have = edges_in_graph();
  const std::vector<world::Edge>& want = implied_.edges(copies);
  for (const world::Edge& edge : want) {
    if (std::binary_search(have.begin(), have.end(), edge)) continue;
    violate(Property::last_enriched, "last_enriched says that edges are right, but " +
                                         text_of(edge) + " follows from the facts and is missing");
    return;
  }
  for (const world::Edge& edge : have) {
    if (std::binary_search(want.begin(), want.end(), edge)) continue;
    violate(Property::last_enriched, "last_enriched says that edges are right, but " +
                                         text_of(edge) + " does not follow from the facts");
    return;
  }
}

void System::check_quiet() {
  const Branch& b = branch_;
  check_stubs();
  check_answers();
  if (!b.unacknowledged.empty()) {
    violate(Property::acknowledged,
            "event " + std::to_string(b.unacknowledged.front().event) +
                " was delivered and is neither acknowledged nor a dead letter");
  }
  for (DocumentIndex d = 0; d < truth_.documents().size(); ++d) {
    if (!b.delivered[d] || b.gave_up[d]) continue;
    if (b.copies[d] == truth_.state(d, b.position)) continue;
    violate(Property::p1, "events are quiet and the last one about " + truth_.documents()[d] +
                              " was delivered, but the graph's copy is not the truth");
    return;
  }
}

void System::check_stubs() {
  if (!enriches_) return;
  for (const mds::Stub& stub : store_.stubs(std::numeric_limits<std::int32_t>::max())) {
    const DocumentIndex document = truth_.document(stub.uri);
    if (document == kNoDocument || truth_.state(document, branch_.position) == 0) continue;
    violate(Property::stubs, "events are quiet and the graph knows " + stub.uri +
                                 " by reference only, though its source has it");
    return;
  }
}

// A copy of the service is asked, as asking may leave an answer behind.
void System::check_answers() {
  if (!config_.query_cache || setup_.questions.empty()) return;
  mds::Service service = branch_.service;
  for (const world::Question& question : setup_.questions) {
    const mds::QueryAnswer given = service.ask(question.ask, question.entity, branch_.now);
    if (!given.cached) continue;
    if (given.uris == mds::Graph(store_).answer(question.ask, question.entity)) continue;
    violate(Property::answers, "events are quiet, but the question " + question.ask + " " +
                                   question.entity +
                                   " is answered with what the graph held earlier");
    return;
  }
}

void System::check_end() {
  const Branch& b = branch_;
  if (config_.store.index) {
    const std::vector<std::string> problems = mds::check_consistency(store_, 1);
    if (!problems.empty()) violate(Property::index, "at the end " + problems.front());
  }
  for (DocumentIndex d = 0; d < truth_.documents().size(); ++d) {
    if (b.copies[d] == truth_.state(d, b.position)) continue;
    violate(Property::p2,
            "at the end the graph's copy of " + truth_.documents()[d] + " is not the truth");
    return;
  }
  const std::vector<world::Edge> have = edges_in_graph();
  const std::vector<world::Edge>& want = truth_.edges(b.position);
  if (enriches_ && have != want) {
    for (const world::Edge& edge : want) {
      if (std::binary_search(have.begin(), have.end(), edge)) continue;
      violate(Property::p2, "at the end " + text_of(edge) + " is missing from the graph");
      return;
    }
    violate(Property::p2, "at the end the graph holds a derived edge that is not true");
  } else if (enriches_ && digest() != truth_.final_digest()) {
    violate(Property::p2, "at the end the graph's rows are not the truth, whatever was reported");
  }
}

}  // namespace rehearse::explore

#include "explore/system/checks.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "mds/graph/graph.hpp"
#include "mds/store/consistency.hpp"

namespace rehearse::explore {
namespace {

std::string text_of(const world::Edge& edge) {
  return edge.from + " " + edge.relation + " " + edge.to;
}

}  // namespace

Checks::Checks(const Setup& setup, const ScriptedTruth& truth, const mds::Store& store)
    : setup_(setup),
      truth_(truth),
      store_(store),
      enriches_(setup.service.enrichment.every.has_value()),
      implied_(truth, setup.rules) {}

void Checks::begin_step() {
  violations_.clear();
  enriched_ = false;
}

void Checks::end_step(const Branch& branch, bool quiet, bool complete) {
  if (enriched_) check_enriched(branch);
  if (quiet) check_quiet(branch);
  if (complete) check_end(branch);
}

void Checks::violate(Property property, std::string what) {
  if (!setup_.settings.checks(property)) return;
  violations_.push_back({property, std::move(what)});
}

void Checks::take_notice(const mds::Notice& notice, Branch& b, std::set<std::uint64_t>& dead) {
  if (notice.kind == mds::Notice::Kind::dead_lettered) dead.insert(notice.event.value);
  if (notice.kind != mds::Notice::Kind::gave_up) return;
  const DocumentIndex document = truth_.document(notice.uri);
  if (document != kNoDocument) b.gave_up[document] = true;
}

void Checks::take_report(const mds::TxReport& report, Branch& b) {
  for (const mds::DocumentChange& change : report.documents) check_document(change, b);
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

void Checks::check_document(const mds::DocumentChange& change, Branch& b) {
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
  if (verified && !truth_.was(document, state, b.position_at(*verified), b.position)) {
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

bool Checks::take_ack(mds::EventId event, Branch& b, const std::set<std::uint64_t>& dead) {
  const std::string name = "event " + std::to_string(event.value);
  const auto at = std::find_if(b.unacknowledged.begin(), b.unacknowledged.end(),
                               [&](const auto& waiting) { return waiting.event == event.value; });
  if (at == b.unacknowledged.end()) {
    violate(Property::acknowledged, name + " is acknowledged more often than it was delivered");
    return false;
  }
  const std::size_t arrived = at->arrived;
  b.unacknowledged.erase(at);
  if (dead.contains(event.value)) return true;
  const DocumentIndex document = truth_.announcements()[event.value - 1].document;
  const StateIndex copy = b.copies[document];
  if (copy == kUnknownState || !truth_.was(document, copy, arrived, b.position)) {
    violate(Property::acknowledged, name + " is acknowledged, but the graph's copy of " +
                                        truth_.documents()[document] +
                                        " is older than its arrival");
  }
  return true;
}

std::uint32_t Checks::number_of(const mds::EdgeChange& edge) {
  const world::Edge name{edge.from, edge.relation, edge.to};
  const auto [at, fresh] =
      edge_numbers_.emplace(name, static_cast<std::uint32_t>(edge_names_.size()));
  if (fresh) edge_names_.push_back(name);
  return at->second;
}

std::vector<world::Edge> Checks::edges_in_graph(const Branch& b) const {
  std::vector<world::Edge> edges;
  for (const std::uint32_t number : b.edges) edges.push_back(edge_names_[number]);
  std::sort(edges.begin(), edges.end());
  return edges;
}

// A pass that is at its end says of all entities that their edges are right.
void Checks::check_enriched(const Branch& b) {
  if (store_.marked_for_enrichment() > 0) return;
  const auto& copies = b.copies;
  if (std::count(copies.begin(), copies.end(), kUnknownState) > 0) return;
  const std::vector<world::Edge> have = edges_in_graph(b);
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

void Checks::check_quiet(const Branch& b) {
  check_stubs(b);
  check_answers(b);
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

void Checks::check_stubs(const Branch& b) {
  if (!enriches_) return;
  for (const mds::Stub& stub : store_.stubs(std::numeric_limits<std::int32_t>::max())) {
    const DocumentIndex document = truth_.document(stub.uri);
    if (document == kNoDocument || truth_.state(document, b.position) == 0) continue;
    violate(Property::stubs, "events are quiet and the graph knows " + stub.uri +
                                 " by reference only, though its source has it");
    return;
  }
}

// A copy of the service is asked, as asking may leave an answer behind.
void Checks::check_answers(const Branch& b) {
  if (!setup_.service.query_cache || setup_.questions.empty()) return;
  mds::Service service = b.service;
  for (const world::Question& question : setup_.questions) {
    const mds::QueryAnswer given = service.ask(question.ask, question.entity, b.now);
    if (!given.cached) continue;
    if (given.uris == mds::Graph(store_).answer(question.ask, question.entity)) continue;
    violate(Property::answers, "events are quiet, but the question " + question.ask + " " +
                                   question.entity +
                                   " is answered with what the graph held earlier");
    return;
  }
}

void Checks::check_end(const Branch& b) {
  if (setup_.service.store.index) {
    const std::vector<std::string> problems = mds::check_consistency(store_, 1);
    if (!problems.empty()) violate(Property::index, "at the end " + problems.front());
  }
  for (DocumentIndex d = 0; d < truth_.documents().size(); ++d) {
    if (b.copies[d] == truth_.state(d, b.position)) continue;
    violate(Property::p2,
            "at the end the graph's copy of " + truth_.documents()[d] + " is not the truth");
    return;
  }
  const std::vector<world::Edge> have = edges_in_graph(b);
  const std::vector<world::Edge>& want = truth_.edges(b.position);
  if (enriches_ && have != want) {
    for (const world::Edge& edge : want) {
      if (std::binary_search(have.begin(), have.end(), edge)) continue;
      violate(Property::p2, "at the end " + text_of(edge) + " is missing from the graph");
      return;
    }
    violate(Property::p2, "at the end the graph holds a derived edge that is not true");
  } else if (enriches_ && store_.digest() != truth_.final_digest()) {
    violate(Property::p2, "at the end the graph's rows are not the truth, whatever was reported");
  }
}

}  // namespace rehearse::explore

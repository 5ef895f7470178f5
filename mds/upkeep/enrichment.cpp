#include "mds/upkeep/enrichment.hpp"

#include <algorithm>
#include <cassert>

namespace rehearse::mds {
namespace {

constexpr int kMostDoublings = 6;  // of the tick's interval, between attempts at a failing stub
constexpr Duration kLongestWait = Duration::days(36'500);

}  // namespace

Enrichment::Enrichment(const EnrichmentConfig& config, Time start) {
  state_.origin = start;
  if (config.every) state_.next_tick = start + *config.every;
}

void Enrichment::enrich_marked(const Turn& turn) {
  const EnrichmentConfig& config = turn.config.enrichment;
  EnrichResult total;
  do {  // once even when nothing is marked: that too says how far the edges are right
    turn.store.begin(turn.now, Cause{CauseKind::enrichment, {}, {}});
    const EnrichResult result =
        turn.store.enrich(static_cast<std::size_t>(config.batch), config.retraction);
    turn.store.commit();
    total.entities += result.entities;
    total.edges_added += result.edges_added;
    total.edges_retracted += result.edges_retracted;
  } while (turn.store.marked_for_enrichment() > 0);
  turn.counters.edges_materialized += total.edges_added;
  turn.counters.edges_retracted += total.edges_retracted;
  if (total.entities == 0 || !turn.telling(NoticeLevel::all)) return;
  Notice notice;
  notice.kind = Notice::Kind::enriched;
  notice.detail = std::to_string(total.entities) + " entities, " +
                  std::to_string(total.edges_added) + " edges added, " +
                  std::to_string(total.edges_retracted) + " retracted";
  turn.notices.tell(std::move(notice));
}

void Enrichment::wake(const Turn& turn) {
  state_.wanted = true;
  if (!turn.config.enrichment.every || state_.next_tick >= turn.now) return;
  const Duration every = *turn.config.enrichment.every;
  const Duration since = turn.now - state_.origin;
  state_.next_tick = state_.origin + every * ((since.ns + every.ns - 1) / every.ns);
}

void Enrichment::tick(Hydration& hydration, Turn& turn) {
  if (const auto every = turn.config.enrichment.every) {
    state_.next_tick = state_.origin + *every * ((turn.now - state_.origin) / *every + 1);
  }
  state_.wanted = false;
  ++turn.counters.enrichment_runs;
  enrich_marked(turn);
  while (!state_.retries.empty() && state_.retries.begin()->first <= turn.now) {
    const DocumentKey document = state_.retries.begin()->second;
    state_.retries.erase(state_.retries.begin());
    demand(document, state_.failed[document].part_stubs, hydration, turn);
  }
  state_.passing = true;
  continue_pass(hydration, turn);
  if (!state_.failed.empty()) state_.wanted = true;
}

void Enrichment::continue_pass(Hydration& hydration, Turn& turn) {
  const auto batch = static_cast<std::size_t>(turn.config.enrichment.batch);
  while (state_.passing && state_.outstanding <= batch / 2) {
    const auto stubs = turn.store.stubs(batch - state_.outstanding, state_.cursor);
    if (stubs.empty()) {
      if (state_.outstanding > 0) return;
      state_.passing = false;
      if (turn.store.marked_for_enrichment() > 0) enrich_marked(turn);
      return;
    }
    for (const Stub& stub : stubs) {
      state_.cursor = stub.number;
      const auto document = turn.catalogue.document_of(stub.uri, stub.type);
      if (!document) continue;  // of a source that is not connected
      std::vector<std::string> part_stubs;
      if (turn.catalogue.uri_of(*document) != stub.uri) part_stubs.push_back(stub.uri);
      demand(*document, part_stubs, hydration, turn);
    }
  }
}

void Enrichment::demand(const DocumentKey& document, const std::vector<std::string>& part_stubs,
                        Hydration& hydration, Turn& turn) {
  switch (hydration.demand_stub(document, part_stubs, turn)) {
    case Hydration::Demand::waits:
      ++state_.outstanding;
      break;
    case Hydration::Demand::refused:
      failed(document, part_stubs, turn);
      break;
    case Hydration::Demand::waits_already:
    case Hydration::Demand::answered:
      break;
  }
}

void Enrichment::on_fetch_end(const FetchEnd& end, const Turn& turn) {
  assert(state_.outstanding > 0);
  --state_.outstanding;
  if (end.how != FetchEnd::How::settled) {
    failed(end.document, end.part_stubs, turn);
    return;
  }
  const auto entry = state_.failed.find(end.document);
  if (entry == state_.failed.end()) return;
  state_.retries.erase({entry->second.retry_at, end.document});
  state_.failed.erase(entry);
}

void Enrichment::failed(const DocumentKey& document, const std::vector<std::string>& part_stubs,
                        const Turn& turn) {
  EnrichmentState::Failed& entry = state_.failed[document];
  state_.retries.erase({entry.retry_at, document});
  const Duration every = turn.config.enrichment.every.value_or(Duration{});
  const std::int64_t ticks = std::int64_t{1} << std::min(entry.failures, kMostDoublings);
  entry.retry_at = turn.now + (every < kLongestWait / ticks ? every * ticks : kLongestWait);
  ++entry.failures;
  entry.part_stubs = part_stubs;
  state_.retries.emplace(entry.retry_at, document);
  wake(turn);
}

/// True when a stub of a connected source has not been asked for. Passes over those of others.
bool Enrichment::stubs_left(const Turn& turn) {
  for (;;) {
    const auto stubs =
        turn.store.stubs(static_cast<std::size_t>(turn.config.enrichment.batch), state_.cursor);
    if (stubs.empty()) return false;
    for (const Stub& stub : stubs) {
      if (turn.catalogue.document_of(stub.uri, stub.type)) return true;
      state_.cursor = stub.number;
    }
  }
}

bool Enrichment::due(const Turn& turn) {
  assert(!turn.config.enrichment.every);
  return !state_.retries.empty() || turn.store.marked_for_enrichment() > 0 || stubs_left(turn);
}

bool Enrichment::has_work(const Turn& turn) {
  return state_.passing || !state_.failed.empty() || turn.store.marked_for_enrichment() > 0 ||
         stubs_left(turn);
}

}  // namespace rehearse::mds

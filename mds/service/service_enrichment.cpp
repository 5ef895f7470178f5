// Enrichment: derived edges recomputed in batches, and stubs fetched within the budget.
//
// A tick enriches what is marked and starts a pass: stubs are asked for, a batch at a time, until
// none is left (those that the answers bring among them); then what the answers marked is enriched.
#include <algorithm>
#include <cassert>
#include <utility>

#include "mds/service/service_state.hpp"

namespace rehearse::mds {
namespace {

constexpr int kMostDoublings = 6;  // of the tick's interval, between attempts at a failing stub
constexpr Duration kLongestWait = Duration::days(36'500);

}  // namespace

void Service::State::enrich_marked(Time at) {
  const auto batch = static_cast<std::size_t>(config->enrichment.batch);
  EnrichResult total;
  do {  // once even when nothing is marked: that too says how far the edges are right
    store->begin(at, Cause{CauseKind::enrichment, {}, {}});
    const EnrichResult result = store->enrich(batch, config->enrichment.retraction);
    store->commit();
    total.entities += result.entities;
    total.edges_added += result.edges_added;
    total.edges_retracted += result.edges_retracted;
  } while (store->marked_for_enrichment() > 0);
  counters.edges_materialized += total.edges_added;
  counters.edges_retracted += total.edges_retracted;
  if (total.entities == 0 || !telling(NoticeLevel::all)) return;
  Notice notice;
  notice.kind = Notice::Kind::enriched;
  notice.detail = std::to_string(total.entities) + " entities, " +
                  std::to_string(total.edges_added) + " edges added, " +
                  std::to_string(total.edges_retracted) + " retracted";
  tell(std::move(notice));
}

std::optional<Time> Service::State::next_tick(Time) const {
  if (!config->enrichment.every || !enrichment.wanted) return std::nullopt;
  return enrichment.next_tick;
}

/// The next tick is the first on the grid that is not past.
void Service::State::wake_enrichment(Time at) {
  enrichment.wanted = true;
  if (!config->enrichment.every || enrichment.next_tick >= at) return;
  const Duration every = *config->enrichment.every;
  const Duration since = at - enrichment.origin;
  enrichment.next_tick = enrichment.origin + every * ((since.ns + every.ns - 1) / every.ns);
}

void Service::State::enrichment_tick(Time at) {
  if (const auto every = config->enrichment.every) {
    enrichment.next_tick = enrichment.origin + *every * ((at - enrichment.origin) / *every + 1);
  }
  enrichment.wanted = false;
  ++counters.enrichment_runs;
  enrich_marked(at);
  while (!enrichment.retries.empty() && enrichment.retries.begin()->first <= at) {
    const DocumentKey document = enrichment.retries.begin()->second;
    enrichment.retries.erase(enrichment.retries.begin());
    demand_stub(document, enrichment.failed[document].part_stubs, at);
  }
  enrichment.passing = true;
  continue_pass(at);
  if (!enrichment.failed.empty()) enrichment.wanted = true;
}

void Service::State::continue_pass(Time at) {
  const auto batch = static_cast<std::size_t>(config->enrichment.batch);
  while (enrichment.passing && enrichment.outstanding <= batch / 2) {
    const auto stubs = store->stubs(batch - enrichment.outstanding, enrichment.cursor);
    if (stubs.empty()) {
      if (enrichment.outstanding > 0) return;
      enrichment.passing = false;
      if (store->marked_for_enrichment() > 0) enrich_marked(at);
      return;
    }
    for (const Stub& stub : stubs) {
      enrichment.cursor = stub.number;
      auto document = catalogue->document_of(stub.uri, stub.type);
      if (!document) continue;  // of a source that is not connected
      std::vector<std::string> part_stubs;
      if (catalogue->uri_of(*document) != stub.uri) part_stubs.push_back(stub.uri);
      demand_stub(*std::move(document), std::move(part_stubs), at);
    }
  }
}

void Service::State::demand_stub(DocumentKey document, std::vector<std::string> part_stubs,
                                 Time at) {
  JobIndex index = dispatcher.jobs.find(document);
  if (index == kNoJob) {
    if (part_stubs.empty() && answer_from_cache(document, {}, WorkClass::enrichment, at)) return;
    if (!room()) {
      ++counters.queue_refusals;
      tell(NoticeLevel::measures, Notice::Kind::queue_full, document, {}, "enrichment");
      stub_failed(document, std::move(part_stubs), at);
      return;
    }
    const SourceIndex source = source_of(document);
    index = dispatcher.jobs.open(std::move(document), WorkClass::enrichment, true);
    dispatcher.queue(index, source);
    note_waiting();
  }
  Job& job = dispatcher.jobs[index];
  for (std::string& part : part_stubs) job.part_stubs.push_back(std::move(part));
  if (!std::exchange(job.for_enrichment, true)) ++enrichment.outstanding;
}

void Service::State::stub_failed(const DocumentKey& document, std::vector<std::string> part_stubs,
                                 Time at) {
  EnrichmentState::Failed& failed = enrichment.failed[document];
  enrichment.retries.erase({failed.retry_at, document});
  const Duration every = config->enrichment.every.value_or(Duration{});
  const std::int64_t ticks = std::int64_t{1} << std::min(failed.failures, kMostDoublings);
  failed.retry_at = at + (every < kLongestWait / ticks ? every * ticks : kLongestWait);
  ++failed.failures;
  failed.part_stubs = std::move(part_stubs);
  enrichment.retries.emplace(failed.retry_at, document);
  wake_enrichment(at);
}

void Service::State::stub_settled(const DocumentKey& document) {
  const auto failed = enrichment.failed.find(document);
  if (failed == enrichment.failed.end()) return;
  enrichment.retries.erase({failed->second.retry_at, document});
  enrichment.failed.erase(failed);
}

/// True when a stub of a connected source has not been asked for. Passes over those of others.
bool Service::State::stubs_left() {
  const auto batch = static_cast<std::size_t>(config->enrichment.batch);
  for (;;) {
    const auto stubs = store->stubs(batch, enrichment.cursor);
    if (stubs.empty()) return false;
    for (const Stub& stub : stubs) {
      if (catalogue->document_of(stub.uri, stub.type)) return true;
      enrichment.cursor = stub.number;
    }
  }
}

bool Service::State::enrichment_due() {
  assert(!config->enrichment.every);
  return !enrichment.retries.empty() || store->marked_for_enrichment() > 0 || stubs_left();
}

bool Service::State::enrichment_has_work() {
  return enrichment.passing || !enrichment.failed.empty() || store->marked_for_enrichment() > 0 ||
         stubs_left();
}

}  // namespace rehearse::mds

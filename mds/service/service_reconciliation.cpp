// Reconciliation: every id that a source lists or the graph knows is fetched once per round, never
// from the cache. Only a 404 deletes, unless the settings say that what is not listed is gone.
#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include "mds/contract/listing.hpp"
#include "mds/contract/uri.hpp"
#include "mds/hydration/retry.hpp"
#include "mds/service/service_state.hpp"

namespace rehearse::mds {
namespace {

using Order = ReconciliationConfig::Order;

/// The ids of a contract that the graph knows, sorted.
std::vector<DocumentKey> known(const Store& store, const Contract& contract, std::uint32_t index) {
  std::vector<DocumentKey> keys;
  for (const std::string& uri : store.known(contract.type->type)) {
    const auto parts = split_uri(uri);
    if (!parts || parts->component != contract.type->component ||
        parts->platform != contract.provider->platform) {
      continue;  // another provider of the domain has it
    }
    if (auto id = decode_id(parts->encoded_id)) keys.push_back({index, *std::move(id)});
  }
  std::sort(keys.begin(), keys.end());  // by id, which encoding does not keep
  return keys;
}

}  // namespace

void Service::State::begin_round(Time start, Duration spread, Time at) {
  ReconciliationState& round = reconciliation;
  if (config->reconciliation.order == Order::on_idle && round.active && !round.all_queued()) {
    return;  // what is left over has not sufficed yet
  }
  round.active = true;
  // A service that starts in the middle of a round does not catch up on its past.
  round.start = config->reconciliation.order == Order::oldest_first ? std::max(start, at) : start;
  round.spread = spread;
  // What the last round found and did not come to stays due.
  for (RoundLane& lane : round.lanes) lane = RoundLane{};
  for (std::uint32_t i = 0; i < catalogue->contracts().size(); ++i) {
    const Contract& contract = catalogue->contracts()[i];
    auto keys = known(*store, contract, i);
    auto& order = round.lanes[contract.source.value].order;
    std::move(keys.begin(), keys.end(), std::back_inserter(order));
    want_listing(i);
  }
  for (RoundLane& lane : round.lanes) {
    if (config->reconciliation.order == Order::oldest_first) {
      std::vector<std::pair<Time, DocumentKey>> by_age;
      for (DocumentKey& key : lane.order) {
        const auto verified = store->last_verified(catalogue->uri_of(key));
        by_age.emplace_back(verified.value_or(Time{-1}), std::move(key));
      }
      std::sort(by_age.begin(), by_age.end());
      for (std::size_t i = 0; i < by_age.size(); ++i) lane.order[i] = std::move(by_age[i].second);
    }
    while (spread > Duration{} && config->reconciliation.order == Order::round_robin &&
           !lane.done() && round.due(lane, lane.next) < at) {
      ++lane.next;
    }
  }
}

/// Queues what is due, as far as there is room.
void Service::State::reconcile_due(Time at) {
  ReconciliationState& round = reconciliation;
  round.blocked = false;
  if (!round.active) return;
  for (auto& [contract, listing] : round.listings) {
    if (!listing.wanted) continue;
    if (round.blocked = !room(); round.blocked) return;
    begin_listing(contract, listing);
  }
  while (!round.found.empty() && round.found.begin()->first <= at) {
    if (round.blocked = !room(); round.blocked) return;
    const DocumentKey key = round.found.begin()->second;
    round.found.erase(round.found.begin());
    demand_reconciliation(key, at);
  }
  const bool on_idle = config->reconciliation.order == Order::on_idle && round.spread > Duration{};
  for (RoundLane& lane : round.lanes) {
    while (!on_idle && !lane.done() && round.due(lane, lane.next) <= at) {
      if (round.blocked = !room(); round.blocked) return;
      demand_reconciliation(lane.order[lane.next++], at);
    }
  }
}

/// On idle, a lane that is empty gets the next id of the round.
void Service::State::feed_idle_lanes(Time at) {
  ReconciliationState& round = reconciliation;
  if (config->reconciliation.order != Order::on_idle || !round.active) return;
  for (std::size_t i = 0; i < round.lanes.size(); ++i) {
    RoundLane& lane = round.lanes[i];
    const SourceIndex source{static_cast<std::uint16_t>(i)};
    while (!lane.done() && dispatcher.lane_empty(source) && room()) {
      demand_reconciliation(lane.order[lane.next++], at);
    }
  }
}

void Service::State::demand_reconciliation(const DocumentKey& document, Time) {
  if (dispatcher.jobs.find(document) != kNoJob) return;  // being fetched as it is
  assert(room());
  const JobIndex job = dispatcher.jobs.open(document, WorkClass::reconciliation, true);
  dispatcher.jobs[job].for_round = true;
  ++reconciliation.fetching;
  dispatcher.queue(job, source_of(document));
  note_waiting();
}

void Service::State::want_listing(std::uint32_t contract) {
  RoundListing& listing = reconciliation.listings[contract];
  listing.whole = false;  // one that is still running has not seen what this round knows
  listing.wanted = !listing.running && !catalogue->contracts()[contract].type->list_path.empty();
}

void Service::State::begin_listing(std::uint32_t contract, RoundListing& listing) {
  std::string from = std::exchange(listing.resume, {});
  listing = RoundListing{};
  listing.running = true;
  listing.whole = from.empty();
  const JobIndex job =
      dispatcher.jobs.open({contract, std::move(from)}, WorkClass::reconciliation, false);
  dispatcher.jobs[job].listing = true;
  dispatcher.queue(job, catalogue->contracts()[contract].source);
  note_waiting();
}

void Service::State::on_listing(JobIndex index, const Response& response, Time at) {
  const Job& job = dispatcher.jobs[index];
  const std::uint32_t contract = job.document.contract;
  ListingPage page;
  try {
    if (classify(response) != ResponseClass::found) {
      throw Refusal{"listing refused: " + describe_failure(response)};
    }
    page = parse_listing(response.body, job.document.id);
  } catch (const Refusal& refusal) {
    dead_letter({PendingEvent{EventId{}, job.sent}}, source_of(job.document), refusal.reason,
                response.body, at);
    listing_ended(index, ListingEnd::refused, at);
    return;
  }
  RoundListing& listing = reconciliation.listings[contract];
  if (!listing.since) listing.since = job.sent;
  listed(contract, page.ids, at);  // opens jobs: `job` may have moved
  if (!page.next_cursor) {
    listing_ended(index, ListingEnd::complete, at);
    return;
  }
  Job& next = dispatcher.jobs[index];
  next.document.id = *std::move(page.next_cursor);
  next.renew();
  queue_again(index, at);
}

/// Ids that the graph does not know get their place in the round.
void Service::State::listed(std::uint32_t contract, const std::vector<std::string>& ids, Time at) {
  ReconciliationState& round = reconciliation;
  RoundListing& listing = round.listings[contract];
  listing.count += ids.size();
  const RoundLane& lane = round.lanes[catalogue->contracts()[contract].source.value];
  for (const std::string& id : ids) {
    if (config->reconciliation.delete_if_unlisted) listing.ids.insert(id);
    const DocumentKey key{contract, id};
    const auto life = store->life_cycle(catalogue->uri_of(key));
    if (life && life != LifeCycle::deleted) continue;
    Time due = at;
    if (config->reconciliation.order == Order::round_robin) {
      const auto place = std::lower_bound(lane.order.begin(), lane.order.end(), key);
      due =
          std::max(at, round.due_found(lane, static_cast<std::size_t>(place - lane.order.begin())));
    }
    round.found.emplace(due, key);
  }
  reconcile_due(at);
}

void Service::State::delete_unlisted(std::uint32_t contract, Time at) {
  const Contract& declared = catalogue->contracts()[contract];
  const RoundListing& listing = reconciliation.listings[contract];
  const RoundLane& lane = reconciliation.lanes[declared.source.value];
  std::vector<std::string> gone;
  std::size_t total = 0;
  for (const DocumentKey& key : lane.order) {  // known when the round began
    if (key.contract != contract) continue;
    std::string uri = catalogue->uri_of(key);
    const auto life = store->life_cycle(uri);
    if (life != LifeCycle::hydrated && life != LifeCycle::enriched) continue;
    ++total;
    if (listing.ids.count(key.id) == 0) gone.push_back(std::move(uri));
  }
  if (gone.empty()) return;
  if (static_cast<double>(gone.size()) >
      config->reconciliation.delete_guard * static_cast<double>(total)) {
    counters.guarded += gone.size();
    tell(NoticeLevel::measures, Notice::Kind::deletions_refused, {contract, {}}, {},
         std::to_string(gone.size()) + " of " + std::to_string(total));
    return;
  }
  store->begin(at, Cause{CauseKind::reconciliation, {}, {}});
  for (const std::string& uri : gone) store->remove(uri, *listing.since);
  store->commit();
  wake_enrichment(at);
}

void Service::State::tell_listed(std::uint32_t contract, std::size_t count) {
  if (!telling(NoticeLevel::measures)) return;
  const Contract& declared = catalogue->contracts()[contract];
  Notice notice;
  notice.kind = Notice::Kind::listed;
  notice.source = declared.source;
  notice.uri = declared.type->list_path;
  notice.detail = declared.type->type + ": " + std::to_string(count);
  tell(std::move(notice));
}

void Service::State::listing_ended(JobIndex index, ListingEnd how, Time at) {
  assert(dispatcher.jobs[index].listing);
  DocumentKey stopped = std::move(dispatcher.jobs[index].document);
  const std::uint32_t contract = stopped.contract;
  dispatcher.jobs.close(index);
  RoundListing& listing = reconciliation.listings[contract];
  if (how == ListingEnd::complete) {
    if (config->reconciliation.delete_if_unlisted && listing.whole) delete_unlisted(contract, at);
    tell_listed(contract, listing.count);
  }
  listing = RoundListing{};
  if (how == ListingEnd::broken_off) listing.resume = std::move(stopped.id);
}

}  // namespace rehearse::mds

#include "mds/upkeep/reconciliation.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

#include "mds/contract/uri.hpp"

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

void tell_listed(const Turn& turn, std::uint32_t contract, std::size_t count) {
  if (!turn.telling(NoticeLevel::measures)) return;
  const Contract& declared = turn.catalogue.contracts()[contract];
  Notice notice;
  notice.kind = Notice::Kind::listed;
  notice.source = declared.source;
  notice.uri = declared.type->list_path;
  notice.detail = declared.type->type + ": " + std::to_string(count);
  turn.notices.tell(std::move(notice));
}

}  // namespace

Reconciliation::Reconciliation(const ServiceConfig& config, Time start) {
  round_.lanes.resize(config.providers.size());
  if (config.reconciliation.every) round_.next_round = start;
}

void Reconciliation::begin_due(const Turn& turn) {
  if (round_.next_round > turn.now) return;
  const Duration period = *turn.config.reconciliation.every;
  const Time start = Time{} + period * ((turn.now - Time{}) / period);
  round_.next_round = start + period;
  begin_round(start, period, turn);
}

void Reconciliation::begin_round(Time start, Duration spread, const Turn& turn) {
  const Order order = turn.config.reconciliation.order;
  if (order == Order::on_idle && round_.active && !round_.all_queued()) {
    return;  // what is left over has not sufficed yet
  }
  round_.active = true;
  // A service that starts in the middle of a round does not catch up on its past.
  round_.start = order == Order::oldest_first ? std::max(start, turn.now) : start;
  round_.spread = spread;
  order_ids(turn);
}

/// What the last round found and did not come to stays due.
void Reconciliation::order_ids(const Turn& turn) {
  for (RoundLane& lane : round_.lanes) lane = RoundLane{};
  for (std::uint32_t i = 0; i < turn.catalogue.contracts().size(); ++i) {
    const Contract& contract = turn.catalogue.contracts()[i];
    auto keys = known(turn.store, contract, i);
    auto& order = round_.lanes[contract.source.value].order;
    std::move(keys.begin(), keys.end(), std::back_inserter(order));
    RoundListing& listing = round_.listings[i];
    listing.whole = false;  // one that is still running has not seen what this round knows
    listing.wanted = !listing.running && !contract.type->list_path.empty();
  }
  for (RoundLane& lane : round_.lanes) {
    if (turn.config.reconciliation.order == Order::oldest_first) order_by_age(lane, turn);
    while (round_.spread > Duration{} && turn.config.reconciliation.order == Order::round_robin &&
           !lane.done() && round_.due(lane, lane.next) < turn.now) {
      ++lane.next;
    }
  }
}

void Reconciliation::order_by_age(RoundLane& lane, const Turn& turn) const {
  std::vector<std::pair<Time, DocumentKey>> by_age;
  for (DocumentKey& key : lane.order) {
    const auto verified = turn.store.last_verified(turn.catalogue.uri_of(key));
    by_age.emplace_back(verified.value_or(Time{-1}), std::move(key));
  }
  std::sort(by_age.begin(), by_age.end());
  for (std::size_t i = 0; i < by_age.size(); ++i) lane.order[i] = std::move(by_age[i].second);
}

void Reconciliation::queue_due(Hydration& hydration, const Turn& turn) {
  round_.blocked = false;
  if (!round_.active) return;
  for (auto& [contract, listing] : round_.listings) {
    if (!listing.wanted) continue;
    if (round_.blocked = !hydration.room(turn); round_.blocked) return;
    begin_listing(contract, listing, hydration, turn);
  }
  while (!round_.found.empty() && round_.found.begin()->first <= turn.now) {
    if (round_.blocked = !hydration.room(turn); round_.blocked) return;
    const DocumentKey key = round_.found.begin()->second;
    round_.found.erase(round_.found.begin());
    demand(key, hydration, turn);
  }
  const bool on_idle =
      turn.config.reconciliation.order == Order::on_idle && round_.spread > Duration{};
  for (RoundLane& lane : round_.lanes) {
    while (!on_idle && !lane.done() && round_.due(lane, lane.next) <= turn.now) {
      if (round_.blocked = !hydration.room(turn); round_.blocked) return;
      demand(lane.order[lane.next++], hydration, turn);
    }
  }
}

void Reconciliation::feed_idle_lanes(Hydration& hydration, const Turn& turn) {
  if (turn.config.reconciliation.order != Order::on_idle || !round_.active) return;
  for (std::size_t i = 0; i < round_.lanes.size(); ++i) {
    RoundLane& lane = round_.lanes[i];
    const SourceIndex source{static_cast<std::uint16_t>(i)};
    while (!lane.done() && hydration.lane_empty(source) && hydration.room(turn)) {
      demand(lane.order[lane.next++], hydration, turn);
    }
  }
}

void Reconciliation::demand(const DocumentKey& document, Hydration& hydration, const Turn& turn) {
  if (hydration.demand_for_round(document, turn)) ++round_.fetching;
}

void Reconciliation::on_fetch_end(const FetchEnd& end, const Turn& turn) {
  assert(round_.fetching > 0);
  --round_.fetching;
  // What gave way to an event keeps its turn.
  if (end.how == FetchEnd::How::displaced) round_.found.emplace(turn.now, end.document);
}

bool Reconciliation::under_way() const {
  return round_.active && (!round_.all_queued() || round_.fetching > 0 || round_.listing());
}

Time Reconciliation::next(const ReconciliationConfig& config) const {
  const bool by_time = config.order != Order::on_idle || round_.spread == Duration{};
  if (!round_.active || round_.blocked || !by_time) return round_.next_round;
  return std::min(round_.next_round, round_.next_due());
}

void Reconciliation::begin_listing(std::uint32_t contract, RoundListing& listing,
                                   Hydration& hydration, const Turn& turn) {
  std::string from = std::exchange(listing.resume, {});
  listing = RoundListing{};
  listing.running = true;
  listing.whole = from.empty();
  hydration.open_listing(contract, std::move(from), turn);
}

void Reconciliation::on_listed(Listed listed, Hydration& hydration, Turn& turn) {
  RoundListing& listing = round_.listings[listed.contract];
  if (!listing.since) listing.since = listed.sent;
  find(listed.contract, listed.page.ids, turn);
  queue_due(hydration, turn);
  if (listed.page.next_cursor) {
    hydration.next_page(listed.job, *std::move(listed.page.next_cursor), turn);
    return;
  }
  hydration.close_listing(listed.job);
  complete_listing(listed.contract, turn);
}

void Reconciliation::on_listing_lost(ListingLost lost) {
  RoundListing& listing = round_.listings[lost.contract];
  listing = RoundListing{};
  listing.resume = std::move(lost.resume);
}

/// Ids that the graph does not know get their place in the round.
void Reconciliation::find(std::uint32_t contract, const std::vector<std::string>& ids,
                          const Turn& turn) {
  RoundListing& listing = round_.listings[contract];
  listing.count += ids.size();
  const RoundLane& lane = round_.lanes[turn.catalogue.contracts()[contract].source.value];
  for (const std::string& id : ids) {
    if (turn.config.reconciliation.delete_if_unlisted) listing.ids.insert(id);
    const DocumentKey key{contract, id};
    const auto life = turn.store.life_cycle(turn.catalogue.uri_of(key));
    if (life && life != LifeCycle::deleted) continue;
    Time due = turn.now;
    if (turn.config.reconciliation.order == Order::round_robin) {
      const auto place = std::lower_bound(lane.order.begin(), lane.order.end(), key);
      due = std::max(turn.now,
                     round_.due_found(lane, static_cast<std::size_t>(place - lane.order.begin())));
    }
    round_.found.emplace(due, key);
  }
}

void Reconciliation::complete_listing(std::uint32_t contract, Turn& turn) {
  RoundListing& listing = round_.listings[contract];
  if (turn.config.reconciliation.delete_if_unlisted && listing.whole) {
    delete_unlisted(contract, turn);
  }
  tell_listed(turn, contract, listing.count);
  listing = RoundListing{};
}

void Reconciliation::delete_unlisted(std::uint32_t contract, Turn& turn) {
  const Contract& declared = turn.catalogue.contracts()[contract];
  const RoundListing& listing = round_.listings[contract];
  const RoundLane& lane = round_.lanes[declared.source.value];
  std::vector<std::string> gone;
  std::size_t total = 0;
  for (const DocumentKey& key : lane.order) {  // known when the round began
    if (key.contract != contract) continue;
    std::string uri = turn.catalogue.uri_of(key);
    const auto life = turn.store.life_cycle(uri);
    if (life != LifeCycle::hydrated && life != LifeCycle::enriched) continue;
    ++total;
    if (listing.ids.count(key.id) == 0) gone.push_back(std::move(uri));
  }
  if (gone.empty()) return;
  if (static_cast<double>(gone.size()) >
      turn.config.reconciliation.delete_guard * static_cast<double>(total)) {
    turn.counters.guarded += gone.size();
    turn.tell(NoticeLevel::measures, Notice::Kind::deletions_refused, {contract, {}}, {},
              std::to_string(gone.size()) + " of " + std::to_string(total));
    return;
  }
  turn.store.begin(turn.now, Cause{CauseKind::reconciliation, {}, {}});
  for (const std::string& uri : gone) turn.store.remove(uri, *listing.since);
  turn.store.commit();
  turn.changed = true;
}

}  // namespace rehearse::mds

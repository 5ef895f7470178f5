#include "mds/service/probe.hpp"

#include <algorithm>
#include <limits>

#include "mds/service/service_state.hpp"
#include "mds/store/state_print.hpp"

namespace rehearse::mds {

// The fingerprint of a service: same fingerprint, same future.
//
// The claim: let two services (with their stores) have the same configuration, an equal
// fingerprint, and drivers that tell moments alike. Whatever the same driver does to both from now
// on, they make the same calls, store the same facts and give the same acknowledgements, up to a
// renaming of request ids, transactions and entity numbers. It holds for drivers that explore: no
// waits for budgets, backoff or periods (EnrichmentConfig::every and ReconciliationConfig::every
// not set, rounds not spread), and all waits that are left of equal length.
//
// Why, stage by stage:
//   - store: mds/store/state_print.hpp.
//   - jobs: all that steps read of them. Their indexes and request ids are names; `sent` is read to
//     say how old an answer is, which the driver knows better (Outlook); `arrived` of an event is
//     read to say how long it waited. The places in queues matter only where a limit can make
//     one job wait for another (`orders`), the class of a job and whether it is a round's only
//     where it may wait for its call at all (`waits`), attempts only where so many calls may fail
//     that a job is given up.
//   - lanes: the breaker; counts of overtaken calls where order matters. Calls in flight are the
//     jobs in that phase. Buckets hold no limit.
//   - times: who waits for what comes to an end in the order of the ends. All waits being of one
//     length, those that begin later end later, so the rank among the ends says it all. What is
//     past is past.
//   - cache: entries that are valid, with their answers.
//   - enrichment: whether a pass is under way, which stubs it has not asked for (`cursor` counts
//     entities by number; the stubs above it are the content), which are to be asked for again.
//     `outstanding` counts jobs that say so themselves; `wanted`, `origin`, `next_tick` and how
//     often a stub failed serve the period alone.
//   - index: whether it is away, and which rows are planned for when. Rates of rows are times.
//   - answers of the query cache that will still be served.
//   - reconciliation: what is left of the round; what it knew at its beginning, while a listing
//     that may delete runs, and what its source said when that began; where listings stand or will
//     go on. `fetching` counts jobs.
//   - outputs not taken, notices, counters, request numbers, the time: nothing reads them again.
namespace {

enum Part : std::uint64_t {
  kJob = 0x100,
  kEvent,
  kStubName,
  kLane,
  kCacheEntry,
  kPassing,
  kUnasked,
  kFailed,
  kToFetch,
  kFound,
  kListing,
  kListed,
  kBlocked,
  kUnsaved,
  kOldest,
  kIndexPlan,
  kIndexAway,
  kAnswer
};

Fingerprint events_print(const std::vector<PendingEvent>& events) {
  Fingerprint sum;
  for (const PendingEvent& event : events) sum += PartHasher(kEvent).add(event.id.value).value();
  return sum;
}

Fingerprint names_print(const std::vector<std::string>& names) {
  Fingerprint sum;
  for (const std::string& name : names) sum += PartHasher(kStubName).add(name).value();
  return sum;
}

}  // namespace

struct Service::State::Printer {
  Printer(const Service::State& service, const Outlook& known)
      : state(service),
        outlook(known),
        orders(known.limits_bind),
        waits(known.limits_bind || service.config->hydration.breaker) {}

  Fingerprint print() {
    collect_ends();
    Fingerprint sum = apart_from_jobs(of_enrichment(unasked()));
    for (JobIndex i = 0; i < jobs().slots(); ++i) {
      const Job& job = jobs()[i];
      if (job.phase != Job::Phase::closed) sum += of_job(job);
    }
    return sum;
  }

  ServiceParts parts() {
    collect_ends();
    ServiceParts parts;
    const std::vector<Stub> stubs = unasked();
    parts.enrichment = of_enrichment(stubs);
    parts.whole = apart_from_jobs(parts.enrichment);
    for (JobIndex i = 0; i < jobs().slots(); ++i) {
      const Job& job = jobs()[i];
      if (job.phase == Job::Phase::closed) continue;
      const Contract& contract = state.catalogue->contracts()[job.document.contract];
      parts.jobs.push_back(
          {contract.source,
           job.listing ? contract.type->list_path : contract.type->path_of(job.document.id),
           job.listing, of_job(job)});
      parts.whole += parts.jobs.back().print;
    }
    for (const Stub& stub : stubs) parts.unasked.insert(stub.uri);
    parts.asks = !parts.unasked.empty() || !state.enrichment.state().failed.empty();
    parts.passing = state.enrichment.state().passing;
    parts.outstanding = state.enrichment.state().outstanding;
    return parts;
  }

  Fingerprint apart_from_jobs(const Fingerprint& pass) const {
    Fingerprint sum = state.store->fingerprint() + pass;
    sum += of_lanes();
    sum += of_cache();
    sum += of_reconciliation();
    sum += of_index();
    sum += of_answers();
    if (state.acks.waiting() > 0) sum += PartHasher(kUnsaved).add(state.acks.waiting()).value();
    return sum;
  }

  const JobTable& jobs() const { return state.hydration.dispatcher().jobs; }

  void collect_ends() {
    for (std::size_t i = 0; i < state.catalogue->sources(); ++i) {
      const Dispatcher::LaneView lane = state.hydration.dispatcher().lane(i);
      if (lane.breaker.until() > state.now) ends.push_back(lane.breaker.until());
      if (lane.held_until > state.now) ends.push_back(lane.held_until);
    }
    state.hydration.cache().visit([&](const std::string&, const ResponseCache::Entry& entry) {
      const Time end = entry.sent + state.hydration.cache().ttl();
      if (end > state.now) ends.push_back(end);
    });
    state.answers.visit([&](const auto&, const auto&, const QueryCache::Entry& entry) {
      if (state.answers.end(entry) > state.now) ends.push_back(state.answers.end(entry));
    });
    for (const IndexState::Plan& plan : state.index.state().due) {
      if (plan.at > state.now) ends.push_back(plan.at);
    }
    std::sort(ends.begin(), ends.end());
  }

  /// 0 for what is past.
  std::uint64_t rank(Time end) const {
    if (end <= state.now) return 0;
    return static_cast<std::uint64_t>(std::lower_bound(ends.begin(), ends.end(), end) -
                                      ends.begin()) +
           1;
  }

  std::uint64_t moment_of(const DocumentKey& key, bool listing, Time at) const {
    const Contract& contract = state.catalogue->contracts()[key.contract];
    return outlook.moment(contract.source,
                          listing ? contract.type->list_path : contract.type->path_of(key.id), at);
  }

  Fingerprint of_job(const Job& job) const {
    PartHasher hash(kJob);
    hash.add(job.document.contract).add(job.document.id);
    hash.add((job.listing ? 1U : 0U) | (job.indexed ? 2U : 0U) | (job.for_enrichment ? 4U : 0U) |
             (job.trial ? 8U : 0U));
    hash.add(static_cast<std::uint64_t>(job.phase));
    if (waits) hash.add(static_cast<std::uint64_t>(job.work)).add(job.for_round ? 1 : 0);
    if (outlook.gives_up) hash.add(static_cast<std::uint64_t>(job.failures()));
    hash.add(events_print(job.arrived)).add(events_print(job.answered));
    hash.add(names_print(job.part_stubs));
    if (job.phase == Job::Phase::calling) {
      hash.add(moment_of(job.document, job.listing, job.sent));
    }
    if (orders && job.phase == Job::Phase::queued) hash.add(place_rank(job));
    if (job.phase == Job::Phase::backing_off) hash.add(rank(job.due));
    return hash.value();
  }

  std::uint64_t place_rank(const Job& job) const {
    std::uint64_t before = 0;
    for (JobIndex i = 0; i < jobs().slots(); ++i) {
      const Job& other = jobs()[i];
      if (other.phase == Job::Phase::queued && other.place < job.place) ++before;
    }
    return before;
  }

  Fingerprint of_lanes() const {
    Fingerprint sum;
    for (std::size_t i = 0; i < state.catalogue->sources(); ++i) {
      const Dispatcher::LaneView lane = state.hydration.dispatcher().lane(i);
      PartHasher hash(kLane);
      hash.add(i).add(static_cast<std::uint64_t>(lane.breaker.mode()));
      hash.add(static_cast<std::uint64_t>(lane.breaker.failures()));
      hash.add(rank(lane.breaker.until())).add(rank(lane.held_until));
      if (orders) {
        for (const int count : lane.overtaken) hash.add(static_cast<std::uint64_t>(count));
      }
      sum += hash.value();
    }
    return sum;
  }

  Fingerprint of_cache() const {
    Fingerprint sum;
    state.hydration.cache().visit([&](const std::string& key, const ResponseCache::Entry& entry) {
      const std::uint64_t end = rank(entry.sent + state.hydration.cache().ttl());
      if (end == 0) return;
      PartHasher hash(kCacheEntry);
      hash.add(key).add(end).add(entry.found ? 1 : 0).add(entry.body);
      const std::size_t space = key.find(' ');
      const DocumentKey document{static_cast<std::uint32_t>(std::stoul(key.substr(0, space))),
                                 key.substr(space + 1)};
      sum += hash.add(moment_of(document, false, entry.sent)).value();
    });
    return sum;
  }

  Fingerprint of_index() const {
    Fingerprint sum;
    if (!state.index.state().up) {
      sum += PartHasher(kIndexAway).add(state.index.state().missed ? 1 : 0).value();
    }
    for (const IndexState::Plan& plan : state.index.state().due) {
      PartHasher hash(kIndexPlan);
      sum += hash.add(rank(plan.at))
                 .add(names_print(state.store->unindexed(plan.transaction)))
                 .value();
    }
    return sum;
  }

  Fingerprint of_answers() const {
    Fingerprint sum;
    const std::uint64_t datoms = state.store->counts().datoms;
    state.answers.visit(
        [&](const std::string& question, const std::string& uri, const QueryCache::Entry& entry) {
          if (!state.answers.serves(entry, datoms, state.now)) return;
          PartHasher hash(kAnswer);
          hash.add(question).add(uri).add(rank(state.answers.end(entry)));
          sum += hash.add(names_print(entry.uris)).value();
        });
    return sum;
  }

  /// Stubs of connected sources that no pass has asked for.
  std::vector<Stub> unasked() const {
    constexpr std::size_t kAll = std::numeric_limits<std::int32_t>::max();
    auto stubs = state.store->stubs(kAll, state.enrichment.state().cursor);
    std::erase_if(stubs, [&](const Stub& stub) {
      return !state.catalogue->document_of(stub.uri, stub.type);
    });
    return stubs;
  }

  Fingerprint of_enrichment(const std::vector<Stub>& stubs) const {
    const EnrichmentState& pass = state.enrichment.state();
    Fingerprint sum;
    if (pass.passing) sum += PartHasher(kPassing).value();
    std::uint64_t place = 0;
    for (const Stub& stub : stubs) {
      sum += PartHasher(kUnasked).add(stub.uri).add(orders ? ++place : 0).value();
    }
    for (const auto& [document, failed] : pass.failed) {
      PartHasher hash(kFailed);
      hash.add(document.contract).add(document.id).add(names_print(failed.part_stubs));
      hash.add(pass.retries.count({failed.retry_at, document}));
      sum += hash.value();
    }
    return sum;
  }

  Fingerprint of_reconciliation() const {
    const ReconciliationState& round = state.reconciliation.state();
    Fingerprint sum;
    const bool deletes = state.config->reconciliation.delete_if_unlisted;
    if (round.blocked) sum += PartHasher(kBlocked).value();
    for (const auto& [contract, listing] : round.listings) {
      if (!listing.running && !listing.wanted && listing.resume.empty()) continue;
      PartHasher hash(kListing);
      hash.add(contract).add((listing.running ? 1U : 0U) | (listing.wanted ? 2U : 0U) |
                             (listing.whole && deletes ? 4U : 0U));
      if (listing.since && deletes) hash.add(moment_of({contract, {}}, true, *listing.since));
      sum += hash.add(listing.resume).value();
      for (const std::string& id : listing.ids) {
        sum += PartHasher(kListed).add(contract).add(id).value();
      }
    }
    for (const RoundLane& lane : round.lanes) {
      for (std::size_t i = deletes ? 0 : lane.next; i < lane.order.size(); ++i) {
        PartHasher hash(kToFetch);
        hash.add(lane.order[i].contract).add(lane.order[i].id).add(i < lane.next ? 1 : 0);
        sum += hash.add(orders ? i : 0).value();
      }
    }
    for (const auto& entry : round.found) {
      sum += PartHasher(kFound).add(entry.second.contract).add(entry.second.id).value();
    }
    if (state.config->reconciliation.order == ReconciliationConfig::Order::oldest_first) {
      sum += of_ages();
    }
    return sum;
  }

  // "Oldest first" asks in the order of last verification.
  Fingerprint of_ages() const {
    std::vector<std::pair<Time, std::string>> ages;
    std::vector<std::string> types;
    for (const Contract& contract : state.catalogue->contracts()) {
      types.push_back(contract.type->type);
    }
    std::sort(types.begin(), types.end());
    types.erase(std::unique(types.begin(), types.end()), types.end());
    for (const std::string& type : types) {
      for (const std::string& uri : state.store->known(type)) {
        ages.emplace_back(state.store->last_verified(uri).value_or(Time{-1}), uri);
      }
    }
    std::sort(ages.begin(), ages.end());
    Fingerprint sum;
    std::uint64_t rank = 0;
    for (std::size_t i = 0; i < ages.size(); ++i) {
      if (i > 0 && ages[i].first != ages[i - 1].first) ++rank;
      sum += PartHasher(kOldest).add(ages[i].second).add(rank).value();
    }
    return sum;
  }

  const Service::State& state;
  const Outlook& outlook;
  bool orders;             // places in queues matter
  bool waits;              // jobs may wait for their calls
  std::vector<Time> ends;  // of all waits, sorted
};

bool ServiceProbe::enrichment_has_work() const {
  Service::State& state = *service_.state_;
  return state.enrichment.has_work(state.turn(state.now));
}

bool ServiceProbe::enrichment_due() const {
  Service::State& state = *service_.state_;
  return state.enrichment.due(state.turn(state.now));
}

bool ServiceProbe::indexing_has_work() const {
  return service_.state_->index.has_work(*service_.state_->store);
}

bool ServiceProbe::reconciling() const { return service_.state_->reconciliation.under_way(); }

Fingerprint ServiceProbe::fingerprint(const Outlook& outlook) const {
  return Service::State::Printer(*service_.state_, outlook).print();
}

ServiceParts ServiceProbe::fingerprint_parts(const Outlook& outlook) const {
  return Service::State::Printer(*service_.state_, outlook).parts();
}

void ServiceStepper::enrich(Time now) {
  Service::State& state = *service_.state_;
  Turn turn = state.turn(now);
  state.enrichment.tick(state.hydration, turn);
  state.start_work(turn);
}

void ServiceStepper::index(Time now) {
  Service::State& state = *service_.state_;
  state.index.catch_up(state.turn(now));
}

void ServiceStepper::reconcile(Time now) {
  Service::State& state = *service_.state_;
  Turn turn = state.turn(now);
  state.reconciliation.begin_round(now, Duration{}, turn);
  state.reconciliation.queue_due(state.hydration, turn);
  state.start_work(turn);
}

}  // namespace rehearse::mds

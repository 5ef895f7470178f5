#include "explore/system/system.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "base/debug_assert.hpp"
#include "base/error.hpp"
#include "mds/service/probe.hpp"

namespace rehearse::explore {
namespace {

// More wake-ups or answers than this in one step is a service that never comes to rest.
constexpr int kMostTurns = 100'000;

const Time kNow{std::numeric_limits<std::int64_t>::max()};  // reads the state as it is

/// More entities than the world can ever mention, parts and targets included.
std::size_t most_entities(const ScriptedTruth& truth) {
  std::set<std::string> names;
  for (DocumentIndex d = 0; d < truth.documents().size(); ++d) {
    names.insert(truth.documents()[d]);
    for (std::size_t p = 0; p <= truth.length(); ++p) {
      const StateIndex state = truth.state(d, p);
      for (const auto& entity : truth.entities(d, state)) names.insert(entity.first);
      for (const auto& reference : truth.references(d, state)) names.insert(reference.to);
    }
  }
  return names.size();
}

bool may_bind(const mds::ServiceConfig& config, const ScriptedTruth& truth) {
  // Listings wait in the same queues, one for each type of each source.
  std::size_t jobs = most_entities(truth) + truth.announcements().size();
  for (const mds::Provider& provider : config.providers) jobs += provider.types.size();
  return static_cast<std::size_t>(config.hydration.concurrency) < jobs ||
         static_cast<std::size_t>(config.enrichment.batch) / 2 < jobs ||
         config.hydration.queue_limit < jobs;
}

}  // namespace

System::System(const Setup& setup, const ScriptedTruth& truth)
    : setup_(setup),
      truth_(truth),
      config_(without_delays(setup.service)),
      enriches_(setup.service.enrichment.every.has_value()),
      orders_(may_bind(config_, truth)),
      commits_(truth.has_lanes() && setup.settings.crashes + setup.settings.rebalances > 0),
      store_(config_.store, mds::make_schema(config_.providers, config_.rules)),
      branch_(mds::Service(config_, store_, Time{}), setup.settings, truth.documents().size(),
              setup.questions.size()),
      redelivery_(setup, truth),
      checks_(setup, truth, store_) {
  branch_.service.set_notices(mds::NoticeLevel::measures);
  if (!setup.cold) bootstrap();
  collect();
  if (!setup.cold) {
    branch_.service.enrich_all(branch_.now);
    collect();
  }
  for (std::size_t i = 0; i < truth.announced_at_start(); ++i) branch_.on_bus.push_back(i + 1);
  for (DocumentIndex d = 0; d < truth.documents().size(); ++d) {
    branch_.delivered[d] = truth.last_announcement(d) == 0;
  }
  settle();
}

void System::bootstrap() {
  const world::World& world = truth_.world(0);
  for (std::size_t source = 0; source < setup_.shapes.size(); ++source) {
    for (const auto& [path, document] : truth_.paths(source)) {
      if (truth_.state(document, 0) == 0) continue;
      const mds::SourceIndex index{static_cast<std::uint16_t>(source)};
      branch_.service.bootstrap(index, path, world.get(source, path, kNow).body, branch_.now);
    }
  }
}

const std::vector<Violation>& System::apply(const Choice& choice) {
  debug_assert(is_enabled(choice));
  ++steps_;
  tick();
  checks_.begin_step();
  if (records_ != nullptr) {
    branch_.service.set_notices(mds::NoticeLevel::all);
    records_->push_back({});
    records_->back().choice = choice;
    records_->back().at = branch_.now;
  }
  act(choice);
  settle();
  if (choice.action == Action::close) close();
  checks_.end_step(branch_, quiet_, complete());
  if (records_ != nullptr) {
    records_->back().position = branch_.position;
    records_->back().violations = violations();
  }
  return violations();
}

void System::act(const Choice& choice) {
  Branch& b = branch_;
  switch (choice.action) {
    case Action::duplicate:
      assert(b.duplicates > 0);
      --b.duplicates;
      deliver(choice.event);
      return;
    case Action::deliver:
      std::erase(b.brought_back, choice.event);
      take_off_bus(choice.event);
      deliver(choice.event);
      return;
    case Action::drop:
      assert(b.drops > 0);
      --b.drops;
      take_off_bus(choice.event);
      if (commits_) redelivery_.trim(truth_.lane(choice.event), b);
      return;
    case Action::change:
      b.on_bus.insert(std::upper_bound(b.on_bus.begin(), b.on_bus.end(), choice.event),
                      choice.event);
      ++b.position;
      b.changed_at.push_back(b.now);
      return;
    case Action::answer:
    case Action::answer_old:
    case Action::fail:
    case Action::time_out:
      answer(choice);
      return;
    case Action::enrich:
      mds::ServiceStepper(b.service).enrich(b.now);
      return;
    case Action::index:
      mds::ServiceStepper(b.service).index(b.now);
      return;
    case Action::ask:
      ask(choice.event - 1);
      return;
    case Action::reconcile:
      assert(b.rounds > 0);
      --b.rounds;
      mds::ServiceStepper(b.service).reconcile(b.now);
      return;
    case Action::close:
      mds::ServiceStepper(b.service).reconcile(b.now);
      return;
    case Action::wake:
      b.now = std::max(b.now, b.service.next_wakeup().value_or(b.now));
      b.service.on_timer(b.now);
      return;
    case Action::crash:
      crash();
      return;
    case Action::rebalance:
      assert(b.rebalances > 0);
      --b.rebalances;
      redelivery_.rebalance(choice.source, b);
      return;
  }
}

void System::take_off_bus(std::size_t number) {
  std::vector<std::size_t>& bus = branch_.on_bus;
  const auto event = std::lower_bound(bus.begin(), bus.end(), number);
  assert(event != bus.end() && *event == number);
  bus.erase(event);
}

void System::deliver(std::size_t number) {
  assert(number >= 1 && number <= truth_.announcements().size());
  const Announcement& event = truth_.announcements()[number - 1];
  const DocumentIndex document = event.document;
  if (truth_.last_announcement(document) == number) branch_.delivered[document] = true;
  branch_.gave_up[document] = false;
  branch_.unacknowledged.push_back({number, truth_.since(document, branch_.position)});
  branch_.service.on_event({mds::EventId{number},
                            mds::SourceIndex{static_cast<std::uint16_t>(event.source)}, event.body},
                           branch_.now);
}

std::size_t System::find_call(const Choice& choice) const {
  std::size_t before = 0;
  for (std::size_t i = 0; i < branch_.calls.size(); ++i) {
    const OpenCall& call = branch_.calls[i];
    if (call.path != choice.path || setup_.shapes[call.source].name != choice.source) continue;
    if (before++ == choice.nth) return i;
  }
  return branch_.calls.size();
}

mds::Response System::response(const OpenCall& call, std::size_t position) const {
  const world::ApiAnswer answer = truth_.world(position).get(call.source, call.path, kNow);
  mds::Response response;
  response.status = answer.status;
  response.body = answer.body;
  return response;
}

void System::answer(const Choice& choice) {
  const std::size_t at = find_call(choice);
  assert(at < branch_.calls.size());
  const OpenCall call = branch_.calls[at];
  branch_.calls.erase(branch_.calls.begin() + static_cast<std::ptrdiff_t>(at));
  mds::Response given;
  if (choice.action == Action::answer) given = response(call, branch_.position);
  if (choice.action == Action::answer_old) given = response(call, call.moment);
  if (is_fault(choice.action)) {
    assert(branch_.failures > 0);
    --branch_.failures;
    given.status = 0;
    given.outcome = choice.action == Action::fail ? mds::Response::Outcome::failed
                                                  : mds::Response::Outcome::timed_out;
  }
  branch_.service.on_response(call.id, given, branch_.now);
  if (records_ != nullptr) records_->back().response = given;
}

void System::ask(std::size_t question) {
  assert(question < setup_.questions.size() && !branch_.asked[question]);
  const world::Question& asked = setup_.questions[question];
  mds::QueryAnswer answer = branch_.service.ask(asked.ask, asked.entity, branch_.now);
  branch_.asked[question] = true;
  if (records_ != nullptr) records_->back().answer = std::move(answer);
}

// Answers to calls of the service that is gone come to nobody.
void System::crash() {
  Branch& b = branch_;
  assert(b.crashes > 0);
  --b.crashes;
  b.service = mds::Service(config_, store_, b.now, b.service.next_request());
  b.service.set_notices(mds::NoticeLevel::measures);
  b.calls.clear();
  redelivery_.after_crash(b);
}

// A round in peace: its calls are answered in the order of sending, what it brings is enriched.
void System::close() {
  Branch& b = branch_;
  for (int turn = 0; !quiet_; ++turn) {
    if (turn > kMostTurns) throw std::logic_error("reconciliation comes to no end");
    tick();
    if (!b.calls.empty()) {
      const OpenCall call = b.calls.front();
      b.calls.erase(b.calls.begin());
      b.service.on_response(call.id, response(call, b.position), b.now);
    } else if (enrichment_due()) {
      mds::ServiceStepper(b.service).enrich(b.now);
    } else {
      b.now = std::max(b.now, b.service.next_wakeup().value_or(b.now));
      b.service.on_timer(b.now);
    }
    settle();
  }
  b.closed = true;
}

// Retries do not wait: what is due at this moment is done at this moment.
void System::settle() {
  collect();
  for (int turn = 0;; ++turn) {
    const auto wakeup = branch_.service.next_wakeup();
    if (!wakeup || *wakeup > branch_.now) {
      quiet_ = branch_.position == truth_.length() && branch_.on_bus.empty() &&
               branch_.calls.empty() && !wakeup && !enrichment_due();
      return;
    }
    if (turn > kMostTurns) throw std::logic_error("the service wakes itself without end");
    branch_.service.on_timer(branch_.now);
    collect();
  }
}

void System::collect() {
  Branch& b = branch_;
  std::set<std::uint64_t> dead;
  StepRecord* record = records_ != nullptr && !records_->empty() ? &records_->back() : nullptr;
  for (mds::Notice& notice : b.service.take_notices()) {
    checks_.take_notice(notice, b, dead);
    if (record != nullptr) record->notices.push_back(std::move(notice));
  }
  for (mds::TxReport& report : store_.take_reports()) {
    checks_.take_report(report, b);
    if (record != nullptr) record->transactions.push_back(std::move(report));
  }
  for (const mds::EventId event : b.service.take_acks()) {
    if (checks_.take_ack(event, b, dead) && commits_) redelivery_.commit(event.value, b);
    if (record != nullptr) record->acknowledged.push_back(event);
  }
  for (mds::SourceRequest& request : b.service.take_requests()) {
    const std::size_t source = request.source.value;
    b.calls.push_back(
        {request.id, source, request.path, truth_.answer_since(source, request.path, b.position)});
    if (record != nullptr) record->calls.push_back(std::move(request));
  }
}

void System::push() {
  store_.savepoint();
  stack_.push_back(branch_);
  stack_.back().quiet = quiet_;
}

void System::pop() {
  assert(!stack_.empty());
  store_.rollback_to_savepoint();
  branch_ = std::move(stack_.back());
  stack_.pop_back();
  quiet_ = branch_.quiet;
}

bool System::documents_apart() const {
  const mds::ServiceConfig& service = setup_.service;
  const bool asks = service.query_cache && !setup_.questions.empty();
  return !orders_ && !commits_ && !asks && !(service.store.index && service.store.index_after) &&
         !service.hydration.breaker && service.hydration.cache_ttl == Duration{} &&
         service.reconciliation.order == mds::ReconciliationConfig::Order::round_robin &&
         !service.reconciliation.delete_if_unlisted;
}

bool System::complete() const {
  if (branch_.closed) return true;
  return quiet_ && setup_.settings.reconciliation == Reconciliation::none;
}

// ---- what could happen next ----

void System::add_call_choices(std::vector<Choice>& choices) const {
  const Branch& b = branch_;
  for (std::size_t i = 0; i < b.calls.size(); ++i) {
    const OpenCall& call = b.calls[i];
    Choice choice;
    choice.source = setup_.shapes[call.source].name;
    choice.path = call.path;
    for (std::size_t j = 0; j < i; ++j) {
      choice.nth += b.calls[j].path == call.path && b.calls[j].source == call.source ? 1 : 0;
    }
    const auto add = [&](Action action) {
      choice.action = action;
      choices.push_back(choice);
    };
    add(Action::answer);
    if (truth_.answer_since(call.source, call.path, b.position) != call.moment) {
      add(Action::answer_old);
    }
    if (b.failures > 0) {
      add(Action::fail);
      add(Action::time_out);
    }
  }
}

// A partition of a kafka bus delivers its oldest event first, so an event waits for those before
// it.
//
// An event that is lost is lost for all that comes after, whenever that happens, and nobody
// notices. So it may as well be lost before anything else happens: `reduced` lets only the newest
// event be lost, which is then the one of the last change and as good as lost at once.
void System::add_event_choices(std::vector<Choice>& choices, bool reduced) const {
  const Branch& b = branch_;
  const auto add = [&](Action action, std::size_t event) {
    choices.push_back({action, event, {}, {}, 0});
  };
  for (std::size_t i = 0; i < b.on_bus.size(); ++i) {
    const std::size_t event = b.on_bus[i];
    if (i > 0 && b.on_bus[i - 1] == event) continue;
    const bool waits = waits_in_partition(event);
    if (!waits) add(Action::deliver, event);
    if (!waits && b.duplicates > 0) add(Action::duplicate, event);
    const bool newest = event == truth_.announced_at_start() + b.position;
    const bool kept = std::binary_search(b.brought_back.begin(), b.brought_back.end(), event);
    if (b.drops > 0 && !kept && (!reduced || newest || event <= truth_.announced_at_start())) {
      add(Action::drop, event);
    }
  }
}

// Where nothing would come again a rebalance changes nothing.
void System::add_rebalance_choices(std::vector<Choice>& choices) const {
  for (const BusPromise& bus : setup_.buses) {
    if (redelivery_.repeats(bus, branch_)) {
      choices.push_back({Action::rebalance, 0, bus.name, {}, 0});
    }
  }
}

std::vector<Choice> System::enabled(bool reduced) const {
  const Branch& b = branch_;
  std::vector<Choice> choices;
  if (b.closed) return choices;
  const auto add = [&](Action action, std::size_t event = 0) {
    choices.push_back({action, event, {}, {}, 0});
  };
  add_event_choices(choices, reduced);
  add_call_choices(choices);
  if (enrichment_due()) add(Action::enrich);
  if (mds::ServiceProbe(b.service).indexing_has_work()) add(Action::index);
  for (std::size_t i = 0; config_.query_cache && i < b.asked.size(); ++i) {
    if (!b.asked[i]) add(Action::ask, i + 1);
  }
  if (b.position < truth_.length()) add(Action::change, truth_.change_number(b.position));
  if (choices.empty() && b.service.next_wakeup()) add(Action::wake);
  if (b.rounds > 0 && !quiet_ && !mds::ServiceProbe(b.service).reconciling())
    add(Action::reconcile);
  if (quiet_ && setup_.settings.reconciliation != Reconciliation::none) add(Action::close);
  if (b.crashes > 0) add(Action::crash);
  if (b.rebalances > 0) add_rebalance_choices(choices);
  std::sort(choices.begin(), choices.end());
  return choices;
}

bool System::is_enabled(const Choice& choice) const {
  const std::vector<Choice> choices = enabled();
  return std::binary_search(choices.begin(), choices.end(), choice);
}

// ---- the fingerprint of the whole ----

class System::Lens final : public mds::Outlook {
 public:
  explicit Lens(const System& system) : system_(system) {
    limits_bind = system.orders_;
    gives_up = system.gives_up();
  }
  std::uint64_t moment(mds::SourceIndex source, std::string_view path, Time at) const override {
    return system_.truth_.answer_since(source.value, path, system_.branch_.position_at(at));
  }

 private:
  const System& system_;
};

Fingerprint System::fingerprint() const {
  return fingerprint_of(branch_) + mds::ServiceProbe(branch_.service).fingerprint(Lens(*this));
}

Fingerprint System::fingerprint(const mds::ServiceParts& parts) const {
  return fingerprint_of(branch_) + parts.whole;
}

mds::ServiceParts System::service_parts() const {
  return mds::ServiceProbe(branch_.service).fingerprint_parts(Lens(*this));
}

}  // namespace rehearse::explore

#include "safety_watch.hpp"

#include <algorithm>

namespace rehearse::test {

void SafetyWatch::complain(const std::string& what, Time now) {
  violations_.push_back("at " + std::to_string(now.to_seconds()) + " s: " + what);
}

void SafetyWatch::learn(const std::string& uri) {
  const auto truth = world_.find(uri);
  if (!truth || !truth->exists) {
    absent_.insert(uri);
    return;
  }
  states_.emplace(uri, truth->version, truth->facts);
  for (auto& fact : world_.expected_facts(uri)) facts_.insert(std::move(fact));
}

void SafetyWatch::start() {
  for (const world::Truth& truth : world_.all()) learn(truth.uri);
  started_ = true;
}

void SafetyWatch::finish() {
  for (const auto& [id, event] : events_) {
    if (event.delivered == Time::never() || event.acknowledged || event.expired) continue;
    complain("event " + std::to_string(id.value) + " is lost without a dead letter",
             event.delivered);
  }
}

bool SafetyWatch::excused(const std::string& uri) const {
  const auto last = last_event_.find(uri);
  if (last == last_event_.end()) return true;
  const Event& event = events_.at(last->second);
  if (event.delivered == Time::never() || event.dead || event.expired) return true;
  const auto gave_up = gave_up_.find(uri);
  return gave_up != gave_up_.end() && gave_up->second >= event.delivered;
}

void SafetyWatch::on(const models::Changed& changed, Time) {
  const world::Change& change = changed.change;
  if (change.op == world::Op::create) absent_.insert(change.uri);  // until now
  learn(change.uri);
  changes_[change.number] = change.uri;
  last_event_.erase(change.uri);  // until this change is announced
}

void SafetyWatch::on(const models::Published& published, Time) {
  const auto known = changes_.find(published.change);
  if (known != changes_.end()) {
    events_[published.event].uri = known->second;
    last_event_[known->second] = published.event;
  }
}

void SafetyWatch::on(const models::EventFate& fate, Time now) {
  Event& known = events_[fate.event];
  if (fate.fate == models::Fate::delivered) known.delivered = std::min(known.delivered, now);
  if (fate.fate == models::Fate::expired) known.expired = true;
}

void SafetyWatch::on(const mds::SourceRequest& request, Time now) {
  calls_[request.id] = {request.uri, now};
}

void SafetyWatch::on(const models::CallEnded& ended, Time) {
  const mds::Response& response = ended.response;
  const auto call = calls_.find(ended.request);
  const bool described = response.outcome == mds::Response::Outcome::answered &&
                         (response.status == 200 || response.status == 404);
  if (call != calls_.end()) {
    if (described) answered_[call->second.uri] = call->second.sent;
    calls_.erase(call);
  }
}

void SafetyWatch::on(const mds::Notice& notice, Time now) {
  if (notice.kind == mds::Notice::Kind::gave_up) gave_up_[notice.uri] = now;
  if (notice.kind == mds::Notice::Kind::dead_lettered && notice.event.value != 0) {
    events_[notice.event].dead = true;
  }
}

void SafetyWatch::on(const mds::TxReport& report, Time now) {
  if (!started_) return;
  for (const mds::DocumentChange& copy : report.documents) {
    if (copy.live && !states_.contains({copy.uri, copy.version, copy.facts})) {
      complain("the copy of " + copy.uri + " was never the state of its source", now);
    }
    if (!copy.live && !absent_.contains(copy.uri) && world_.find(copy.uri)) {
      complain(copy.uri + " was dropped although it always existed", now);
    }
  }
  for (const mds::EdgeChange& edge : report.edges) {
    if (edge.added) check_edge(edge, now);
  }
}

void SafetyWatch::check_edge(const mds::EdgeChange& edge, Time now) {
  for (const mds::Provenance& basis : graph_.provenance(edge.from)) {
    if (basis.edge.relation != edge.relation || basis.edge.to != edge.to) continue;
    for (const mds::StoredFact& fact : basis.facts) {
      if (facts_.contains({fact.uri, fact.attribute, fact.text})) continue;
      complain("under an edge of " + edge.from + " stands " + fact.uri + " " + fact.attribute +
                   " " + fact.text + ", which was never true",
               now);
    }
  }
}

void SafetyWatch::on(const models::Acknowledged& acknowledged, Time now) {
  const mds::EventId id = acknowledged.event;
  Event& event = events_[id];
  event.acknowledged = true;
  const auto answered = answered_.find(event.uri);
  const bool fetched = answered != answered_.end() && answered->second >= event.delivered;
  if (!event.uri.empty() && !event.dead && !fetched) {
    complain("event " + std::to_string(id.value) + " about " + event.uri +
                 " was acknowledged without a fetch begun after it",
             now);
  }
}

}  // namespace rehearse::test

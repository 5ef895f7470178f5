#include "reports/explain_story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text/clock_text.hpp"
#include "measure/trace_words.hpp"

namespace rehearse::reports {
namespace {

using models::Fate;
using Kind = mds::Notice::Kind;

const char* fate_text(Fate fate) {
  switch (fate) {
    case Fate::delivered:
      return "was delivered to the service";
    case Fate::dropped:
      return "was dropped";
    case Fate::duplicated:
      return "was duplicated";
    case Fate::reordered:
      return "was held up, so that others overtake it";
    case Fate::held:
      return "was kept back by an outage of the bus";
    case Fate::expired:
      return "outlived the bus's retention";
    case Fate::redelivered:
      return "is delivered again: it was not acknowledged";
  }
  return "";
}

std::string answer_text(const mds::Response& response, std::int64_t version) {
  if (response.outcome == mds::Response::Outcome::timed_out) return "had no answer in time";
  if (response.outcome == mds::Response::Outcome::failed) return "failed: the connection broke";
  std::string text = fmt::format("was answered with status {}", response.status);
  if (version != 0) text += fmt::format(": version {}", version);
  if (response.retry_after) {
    text += ", come back in " + duration_text(response.retry_after->to_seconds());
  }
  return text;
}

std::string cause_text(const mds::Cause& cause) {
  std::string text(measure::trace_word(cause.kind));
  if (cause.kind == mds::CauseKind::event) text = fmt::format("event {}", cause.event.value);
  if (cause.request.value != 0) text += fmt::format(", call {}", cause.request.value);
  return text;
}

// Empty for what other lines say.
std::string notice_text(const mds::Notice& notice) {
  switch (notice.kind) {
    case Kind::accepted:
      return fmt::format("event {} ({}) asks for a call", notice.event.value, notice.detail);
    case Kind::coalesced:
      return fmt::format("event {} joins the call that is due or under way", notice.event.value);
    case Kind::dead_lettered:
      return fmt::format("event {} refused: {}", notice.event.value, notice.detail);
    case Kind::first_call:
      return fmt::format("event {} waited {} for call {}", notice.event.value,
                         duration_text(notice.waited.to_seconds()), notice.request.value);
    case Kind::cache_hit:
      return fmt::format("answered from the response cache, {} old, without a call",
                         duration_text(notice.waited.to_seconds()));
    case Kind::payload_stored:
      return fmt::format("the state that event {} carries is taken", notice.event.value);
    case Kind::retry:
      return fmt::format("call {} will be repeated: {}", notice.request.value, notice.detail);
    case Kind::gave_up:
      return fmt::format("gave up after call {}: {}", notice.request.value, notice.detail);
    case Kind::unchanged:
      return "the answer equals what the graph has";
    case Kind::not_found:
      return "the source does not have it";
    case Kind::queue_full:
      return fmt::format("work for {} refused: the queue is full", notice.detail);
    default:
      return {};
  }
}

}  // namespace

Story::Story(Subject subject, const measure::Recorder& recorder)
    : subject_(std::move(subject)), recorder_(recorder) {
  if (subject_.edge) {
    const measure::EdgeName& edge = *subject_.edge;
    subject_.edge = recorder.canonical(edge.from, edge.relation, edge.to);
  }
}

void Story::say(Time now, const char* where, std::string text) {
  heard_of_ = true;
  lines_.push_back({now, where, std::move(text)});
}

// One line per edge: its reverse is the same edge.
bool Story::concerns(const std::string& from, const std::string& relation, const std::string& to) {
  const measure::EdgeName name = recorder_.canonical(from, relation, to);
  if (subject_.edge) {
    edges_seen_.insert(name);
    return name == *subject_.edge;
  }
  return name.relation == relation && (from == subject_.uri || to == subject_.uri);
}

void Story::start(const std::vector<world::Truth>& truth,
                  const std::vector<mds::TxReport>& bootstrap,
                  const std::vector<world::Edge>& edges, const std::vector<world::Route>& routes) {
  for (const world::Truth& t : truth) {
    if (!mine(t.uri)) continue;
    type_ = t.type;
    say(Time{}, "source", fmt::format("version {} exists before the run", t.version));
  }
  for (const world::Edge& edge : edges) {
    if (!subject_.edge || !concerns(edge.from, edge.relation, edge.to)) continue;
    in_truth_ = true;
    say(Time{}, "truth", "the edge holds before the run");
  }
  follow(routes);
  for (const mds::TxReport& report : bootstrap) on(report, Time{});
  changed_ = touched_ = outcome_ = lines_.size();
}

void Story::on(const models::Changed& changed, Time now) {
  const auto& [change, edges] = changed;
  if (mine(change.uri)) {
    changes_.insert(change.number);
    type_ = change.type;
    say(now, "source",
        fmt::format("{} makes version {} (change {})", measure::trace_word(change.op),
                    change.version, change.number));
    changed_ = lines_.size();
  }
  tell_truth_edges(edges.ended, false, change);
  tell_truth_edges(edges.begun, true, change);
  follow(edges.routes);
}

void Story::follow(const std::vector<world::Route>& routes) {
  if (!subject_.edge) return;
  for (const world::Route& route : routes) {
    const measure::EdgeName& edge = route.edge;
    if (recorder_.canonical(edge.from, edge.relation, edge.to) == *subject_.edge) {
      route_ = route.documents;
    }
  }
}

void Story::tell_truth_edges(const std::vector<world::Edge>& edges, bool begun,
                             const world::Change& change) {
  const char* verb = begun ? "begins" : "ends";
  for (const world::Edge& e : edges) {
    if (!concerns(e.from, e.relation, e.to)) continue;
    if (subject_.edge) {
      if (in_truth_ == begun) continue;
      in_truth_ = begun;
      say(change.at, "truth",
          fmt::format("the edge {} with version {} of {} (change {})", verb, change.version,
                      change.uri, change.number));
    } else {
      say(change.at, "truth",
          fmt::format("{} {} {} {} (change {})", verb, e.from, e.relation, e.to, change.number));
    }
  }
}

void Story::on(const models::Published& published, Time now) {
  if (published.change == 0 || !changes_.contains(published.change)) return;
  events_.insert(published.event.value);
  say(now, "bus",
      fmt::format("event {} announces change {}", published.event.value, published.change));
}

void Story::on(const models::EventFate& fate, Time now) {
  if (!events_.contains(fate.event.value)) return;
  say(now, "bus", fmt::format("event {} {}", fate.event.value, fate_text(fate.fate)));
}

void Story::on(const mds::SourceRequest& request, Time now) {
  if (request.uri.empty() || !mine(request.uri)) return;
  calls_.insert(request.id.value);
  std::string text = fmt::format(
      "call {} sent for {}", request.id.value,
      request.work == mds::WorkClass::event ? "an event" : measure::trace_word(request.work));
  if (request.attempt > 1) text += fmt::format(", attempt {}", request.attempt);
  say(now, "service", std::move(text));
  touched_ = lines_.size();
}

void Story::on(const models::CallServed& served, Time now) {
  const auto is_mine = [this](const std::string& uri) { return mine(uri); };
  if (std::any_of(served.lost.begin(), served.lost.end(), is_mine)) {
    say(now, "api",
        fmt::format("the listing's page that holds it comes without items (call {})",
                    served.request.value));
  }
  if (!calls_.contains(served.request.value)) return;
  std::string text = fmt::format("call {} is served", served.request.value);
  if (served.waited > Duration{}) text += ", waited " + duration_text(served.waited.to_seconds());
  if (served.takes > Duration{}) text += ", takes " + duration_text(served.takes.to_seconds());
  say(now, "api", std::move(text));
}

void Story::on(const models::CallEnded& ended, Time now) {
  if (!calls_.contains(ended.request.value)) return;
  say(now, "api",
      fmt::format("call {} {}", ended.request.value, answer_text(ended.response, ended.version)));
  outcome_ = lines_.size();
}

void Story::on(const mds::Notice& notice, Time now) {
  const bool about = !notice.uri.empty() && mine(notice.uri);
  if (about && notice.kind == Kind::accepted) events_.insert(notice.event.value);
  if (!about && !events_.contains(notice.event.value) && !calls_.contains(notice.request.value)) {
    return;
  }
  std::string text = notice_text(notice);
  if (!text.empty()) say(now, "service", std::move(text));
  switch (notice.kind) {
    case Kind::accepted:
    case Kind::coalesced:
      touched_ = lines_.size();
      break;
    case Kind::dead_lettered:
    case Kind::gave_up:
    case Kind::cache_hit:
      outcome_ = lines_.size();
      break;
    default:
      break;
  }
}

void Story::on(const mds::TxReport& report, Time now) {
  for (const mds::DocumentChange& copy : report.documents) {
    if (!mine(copy.uri)) continue;
    if (type_.empty()) type_ = copy.type;
    say(now, "graph",
        copy.live
            ? fmt::format("the copy shows version {} ({})", copy.version, cause_text(report.cause))
            : fmt::format("the copy is not there ({})", cause_text(report.cause)));
    outcome_ = lines_.size();
  }
  tell_index(report, now);
  tell_graph_edges(report, now);
}

void Story::tell_index(const mds::TxReport& report, Time now) {
  if (report.cause.kind != mds::CauseKind::index) return;
  if (std::any_of(report.indexed.begin(), report.indexed.end(),
                  [this](const std::string& uri) { return mine(uri); })) {
    say(now, "index", fmt::format("the search index has caught up (transaction {})", report.tx));
  }
  if (std::any_of(report.index_lost.begin(), report.index_lost.end(),
                  [this](const std::string& uri) { return mine(uri); })) {
    say(now, "index", fmt::format("its row is lost (transaction {})", report.tx));
  }
}

void Story::tell_graph_edges(const mds::TxReport& report, Time now) {
  for (const mds::EdgeChange& e : report.edges) {
    if (!concerns(e.from, e.relation, e.to)) continue;
    const char* verb = e.added ? "added" : "retracted";
    const std::string cause = cause_text(report.cause);
    if (subject_.edge) {
      if (in_graph_ == e.added) continue;
      in_graph_ = e.added;
      say(now, "graph", fmt::format("the edge is {} (transaction {}, {})", verb, report.tx, cause));
    } else {
      say(now, "graph",
          fmt::format("{} {} {} {} (transaction {}, {})", verb, e.from, e.relation, e.to, report.tx,
                      cause));
    }
  }
}

void Story::on(const models::ConditionChanged& changed, Time now) {
  if (!heard_of_) return;
  using models::Condition;
  switch (changed.condition) {
    case Condition::paused:
      return say(now, "service", "the service is paused");
    case Condition::resumed:
      return say(now, "service", "the service goes on");
    case Condition::crashed:
      return say(now, "service", "the service crashes: what it had in memory is lost");
    case Condition::restarted:
      return say(now, "service", "the service starts again on its store");
    case Condition::index_down:
      return say(now, "index", "the search index goes away");
    case Condition::index_up:
      return say(now, "index", "the search index is back");
  }
}

void Story::on(const models::AskedQuestion& question, Time now) {
  if (!mine(question.entity)) return;
  std::string text = fmt::format("\"{}\" is asked", question.ask);
  if (question.cached) {
    text += fmt::format(" and answered from the query cache of {}", clock_text(*question.cached));
  }
  if (question.missed.empty() && question.outdated.empty()) text += ": right";
  if (!question.missed.empty()) text += fmt::format(": missed {}", question.missed.size());
  if (!question.outdated.empty()) text += fmt::format(": {} outdated", question.outdated.size());
  say(now, "reader", std::move(text));
}

void Story::on(const models::Acknowledged& acknowledged, Time now) {
  if (!events_.contains(acknowledged.event.value)) return;
  say(now, "service", fmt::format("event {} is done with", acknowledged.event.value));
}

}  // namespace rehearse::reports

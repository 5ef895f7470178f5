// What a trace tells: a line for each kind of happening, and for what such lines are made of.
// Writer, reader and story follow it; docs/trace.md describes the file to others. trace_fields.hpp
// has the language.
//
// Keys are in the order in which they stand in the file. To add a kind of happening, or a member
// that older traces lack (it has to be one that can be left out), add it here and in docs/trace.md;
// anything else raises kTraceVersion.
#pragma once

#include <variant>

#include "lifecycle/fact.hpp"
#include "lifecycle/lineage.hpp"
#include "measure/recorder.hpp"
#include "measure/trace_fields.hpp"
#include "measure/trace_format.hpp"
#include "models/host/happening.hpp"

namespace rehearse::measure::trace {

// ---- the first line ----

template <>
inline constexpr auto kTrace<MeasuredSource> = object(member("name", &MeasuredSource::name),
                                                      member("servers", &MeasuredSource::servers));

template <>
inline constexpr auto kTrace<mds::Rule> = object(member("name", &mds::Rule::name),
                                                 member("inverse", &mds::Rule::inverse));

template <>
inline constexpr auto kTrace<Window> = object(member("warmup", &Window::begin),
                                              member("duration", &Window::until),
                                              member("end", &Window::end));

template <>
inline constexpr auto kTrace<RecorderConfig> =
    object(part(&RecorderConfig::window), member("sources", &RecorderConfig::sources),
           member("relations", &RecorderConfig::rules),
           member("retraction", &RecorderConfig::retraction).unless_true(),
           member("shared_budget", &RecorderConfig::shared_budget).unless_empty());

template <>
inline constexpr auto kTrace<TraceHeader> = object(member("scenario", &TraceHeader::scenario),
                                                   member("seed", &TraceHeader::seed),
                                                   member("replication", &TraceHeader::replication),
                                                   member("program", &TraceHeader::program),
                                                   part(&TraceHeader::run));

// ---- truth ----

template <>
inline constexpr auto kTrace<world::Truth> = object(uri("uri", &world::Truth::uri),
                                                    member("type", &world::Truth::type),
                                                    member("version", &world::Truth::version),
                                                    past("changed_at", &world::Truth::changed_at),
                                                    facts(&world::Truth::facts));

template <>
inline constexpr auto kTrace<world::Edge> = object(member("from", &world::Edge::from),
                                                   member("relation", &world::Edge::relation),
                                                   member("to", &world::Edge::to));

template <>
inline constexpr auto kTrace<world::Route> =
    object(part(&world::Route::edge), member("path", &world::Route::documents).unless_empty());

template <>
inline constexpr auto kTrace<world::EdgeDelta> =
    object(member("begun", &world::EdgeDelta::begun).unless_empty(),
           member("ended", &world::EdgeDelta::ended).unless_empty(),
           member("routes", &world::EdgeDelta::routes).unless_empty());

template <>
inline constexpr auto kTrace<world::Change> =
    object(moment(&world::Change::at), id("change", &world::Change::number),
           source(&world::Change::source), member("op", &world::Change::op),
           uri("uri", &world::Change::uri), member("type", &world::Change::type),
           member("version", &world::Change::version), facts(&world::Change::facts));

template <>
inline constexpr auto kTrace<models::ChangeAhead> = kUntold;

template <>
inline constexpr auto kTrace<models::Changed> = record("change", "source",
                                                       part(&models::Changed::change),
                                                       part(&models::Changed::edges));

// ---- the bus ----

template <>
inline constexpr auto kTrace<models::Published> =
    record("publish", "bus", id("event", &models::Published::event),
           id("change", &models::Published::change).unless_empty());

template <>
inline constexpr auto kTrace<models::EventFate> = record("fate", "bus",
                                                         id("event", &models::EventFate::event),
                                                         member("fate", &models::EventFate::fate));

// ---- calls ----

constexpr bool is_listing(const mds::SourceRequest& request) { return request.uri.empty(); }

template <>
inline constexpr auto kTrace<mds::SourceRequest> =
    record("request", "service", id("request", &mds::SourceRequest::id),
           source(&mds::SourceRequest::source), member("class", &mds::SourceRequest::work),
           member("path", &mds::SourceRequest::path).when<&is_listing>(),
           uri("uri", &mds::SourceRequest::uri).unless_empty(),
           member("attempt", &mds::SourceRequest::attempt));

template <>
inline constexpr auto kTrace<models::CallServed> =
    record("service", "api", id("request", &models::CallServed::request),
           source(&models::CallServed::source), member("waited", &models::CallServed::waited),
           member("takes", &models::CallServed::takes),
           member("lost", &models::CallServed::lost).unless_empty());

constexpr bool is_answer(const mds::Response& response) {
  return response.outcome == mds::Response::Outcome::answered;
}
constexpr bool has_answer(const models::CallEnded& ended) { return is_answer(ended.response); }

template <>
inline constexpr auto kTrace<models::CallEnded> =
    record("response", "api", id("request", &models::CallEnded::request),
           part(&models::CallEnded::response, member("outcome", &mds::Response::outcome),
                member("status", &mds::Response::status).when<&is_answer>()),
           member("version", &models::CallEnded::version).when<&has_answer>(),
           part(&models::CallEnded::response,
                member("retry_after", &mds::Response::retry_after).unless_empty()));

// ---- inside the service ----

constexpr bool has_waited(const mds::Notice& notice) {
  return notice.waited != Duration{} || notice.kind == mds::Notice::Kind::first_call;
}

template <>
inline constexpr auto kTrace<mds::Notice> =
    record("notice", "service", member("notice", &mds::Notice::kind), source(&mds::Notice::source),
           id("event", &mds::Notice::event).unless_empty(),
           id("request", &mds::Notice::request).unless_empty(),
           uri("uri", &mds::Notice::uri).unless_empty(),
           member("waited", &mds::Notice::waited).when<&has_waited>(),
           member("detail", &mds::Notice::detail).unless_empty());

template <>
inline constexpr auto kTrace<models::Acknowledged> =
    record("ack", "service", id("event", &models::Acknowledged::event));

template <>
inline constexpr auto kTrace<models::QueueLength> = kUntold;

template <>
inline constexpr auto kTrace<models::ConditionChanged> =
    record("condition", "service", member("condition", &models::ConditionChanged::condition));

// ---- the graph ----

template <>
inline constexpr auto kTrace<mds::Cause> =
    object(member("cause", &mds::Cause::kind), id("event", &mds::Cause::event).unless_empty(),
           id("request", &mds::Cause::request).unless_empty());

template <>
inline constexpr auto kTrace<mds::DocumentChange> =
    object(uri("uri", &mds::DocumentChange::uri), member("type", &mds::DocumentChange::type),
           member("live", &mds::DocumentChange::live),
           member("version", &mds::DocumentChange::version), facts(&mds::DocumentChange::facts),
           member("index_waits", &mds::DocumentChange::index_waits).unless_empty());

template <>
inline constexpr auto kTrace<mds::EdgeChange> =
    object(member("from", &mds::EdgeChange::from), member("relation", &mds::EdgeChange::relation),
           member("to", &mds::EdgeChange::to), member("added", &mds::EdgeChange::added));

// Rows that are written with the facts are no news.
constexpr bool has_indexed(const mds::TxReport& report) {
  return report.cause.kind == mds::CauseKind::index && !report.indexed.empty();
}
constexpr bool has_index_lost(const mds::TxReport& report) {
  return report.cause.kind == mds::CauseKind::index && !report.index_lost.empty();
}

template <>
inline constexpr auto kTrace<mds::TxReport> =
    record("transaction", "graph", moment(&mds::TxReport::at), member("tx", &mds::TxReport::tx),
           part(&mds::TxReport::cause), member("datoms", &mds::TxReport::datoms),
           member("documents", &mds::TxReport::documents),
           member("indexed", &mds::TxReport::indexed).when<&has_indexed>(),
           member("index_lost", &mds::TxReport::index_lost).when<&has_index_lost>(),
           member("edges", &mds::TxReport::edges).unless_empty());

// ---- who asks ----

template <>
inline constexpr auto kTrace<world::Question> = object(member("ask", &world::Question::ask),
                                                       uri("uri", &world::Question::entity));

template <>
inline constexpr auto kTrace<world::Verdict> =
    object(member("missed", &world::Verdict::missed).unless_empty(),
           member("outdated", &world::Verdict::outdated).unless_empty());

template <>
inline constexpr auto kTrace<models::AskedQuestion> =
    record("question", "reader", part(&models::AskedQuestion::question),
           part(&models::AskedQuestion::verdict),
           member("cached", &models::AskedQuestion::cached).unless_empty(),
           member("occasion", &models::AskedQuestion::occasion).unless_empty());

// ---- the lifecycle ----

constexpr bool is_signal(const lifecycle::Record& record) {
  return record.what == lifecycle::What::signal;
}

template <>
inline constexpr auto kTrace<lifecycle::Record> =
    record("lifecycle", "lifecycle", moment(&lifecycle::Record::at),
           id("id", &lifecycle::Record::id), id("cause", &lifecycle::Record::cause).unless_empty(),
           member("model", &lifecycle::Record::model).unless_empty(),
           member("version", &lifecycle::Record::version).unless_empty(),
           member("what", &lifecycle::Record::what),
           member("from", &lifecycle::Record::from).unless_empty(),
           member("to", &lifecycle::Record::to).unless_empty(),
           member("detail", &lifecycle::Record::detail).unless_empty());

template <>
inline constexpr OwnKind<lifecycle::Record> kOwnKind<lifecycle::Record> = {"signal", &is_signal};

// Measures, on which no cause rests.
template <>
inline constexpr auto kTrace<lifecycle::Fact> = kUntold;

template <>
inline constexpr auto kTrace<lifecycle::Served> = kUntold;

template <class... Kinds>
constexpr bool every_kind_has_a_line(const std::variant<Kinds...>*) {
  return !(std::is_same_v<std::remove_cvref_t<decltype(kTrace<Kinds>)>, NotTraced> || ...);
}
static_assert(every_kind_has_a_line(static_cast<const models::Happening*>(nullptr)));

}  // namespace rehearse::measure::trace

#include "reports/explain_story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text/clock_text.hpp"

namespace rehearse::reports {

Story::Story(Subject subject, const measure::Recorder& recorder)
    : subject_(std::move(subject)), recorder_(recorder) {
  if (subject_.edge) {
    const measure::EdgeName& edge = *subject_.edge;
    subject_.edge = recorder.canonical(edge.from, edge.relation, edge.to);
  }
}

void Story::say(Time now, std::string_view where, std::string text) {
  heard_of_ = true;
  lines_.push_back({now, std::string(where), std::move(text)});
}

// The subject's is what names it or a number of its story, whose other numbers are then so, too.
bool Story::take(const Named& named) {
  const auto is_known = [this](const Id& id) { return ids_.contains(id); };
  const bool subject = !named.uri.empty() && mine(named.uri);
  if (!subject && !std::any_of(named.ids.begin(), named.ids.end(), is_known)) return false;
  ids_.insert(named.ids.begin(), named.ids.end());
  return true;
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
    ids_.emplace("change", change.number);
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

void Story::on(const mds::SourceRequest& request, Time now) {
  if (tell(request, now)) touched_ = lines_.size();
}

// A page that loses the entity is part of its story, though the listing is not.
void Story::on(const models::CallServed& served, Time now) {
  const auto is_mine = [this](const std::string& uri) { return mine(uri); };
  if (std::any_of(served.lost.begin(), served.lost.end(), is_mine)) {
    say(now, "api",
        fmt::format("the listing's page that holds it comes without items (call {})",
                    served.request.value));
  }
  tell(served, now);
}

void Story::on(const models::CallEnded& ended, Time now) {
  if (tell(ended, now)) outcome_ = lines_.size();
}

void Story::on(const mds::Notice& notice, Time now) {
  using Kind = mds::Notice::Kind;
  const bool about = !notice.uri.empty() && mine(notice.uri);
  if (about && notice.kind == Kind::accepted) ids_.emplace("event", notice.event.value);
  if (!about && !ids_.contains({"event", notice.event.value}) &&
      !ids_.contains({"request", notice.request.value})) {
    return;
  }
  std::string text = story_words(notice);
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
            ? fmt::format("the copy shows version {} ({})", copy.version, story_words(report.cause))
            : fmt::format("the copy is not there ({})", story_words(report.cause)));
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
    const std::string cause = story_words(report.cause);
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

// Befalls every entity.
void Story::on(const models::ConditionChanged& changed, Time now) {
  using models::Condition;
  const bool index =
      changed.condition == Condition::index_down || changed.condition == Condition::index_up;
  if (heard_of_) say(now, index ? "index" : "service", story_words(changed));
}

}  // namespace rehearse::reports

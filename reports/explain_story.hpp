// The story of one entity, or of one derived edge, out of all that happens in a run: what its
// source did, what became of the events, calls and answers that concern it, and what the graph's
// transactions made of them, in the order in which it happened.
//
// An event concerns an entity when it announces one of its changes, or when the service accepted it
// for the entity; a call when it asks for the entity. Derived edges that begin or end at the entity
// are part of its story, and so is what befalls the service as a whole while it exists. Of other
// kinds of happenings a line is told when a field of trace_table.hpp names the entity, or a number
// that an earlier line named; the words are in story_words.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "measure/recorder.hpp"
#include "measure/trace_table.hpp"
#include "reports/story_words.hpp"

namespace rehearse::reports {

/// What a story is about: the entity `uri`, or the edge.
struct Subject {
  std::string uri;
  std::optional<measure::EdgeName> edge;
};

/// Where something happened.
struct StoryLine {
  Time at;
  std::string where;  ///< source, bus, service, api, graph, truth, index or reader
  std::string text;
};

class Story final {
 public:
  /// REQUIRES: `recorder` outlives this; it tells an edge's reverse from the edge.
  Story(Subject subject, const measure::Recorder& recorder);

  /// The state before time 0.
  void start(const std::vector<world::Truth>& truth, const std::vector<mds::TxReport>& bootstrap,
             const std::vector<world::Edge>& edges, const std::vector<world::Route>& routes);

  /// One line, if it names the subject or a number of its story.
  template <measure::trace::Traced Kind>
  void on(const Kind& what, Time now) {
    tell(what, now);
  }
  void on(const models::Changed& changed, Time now);
  void on(const mds::SourceRequest& request, Time now);
  void on(const models::CallServed& served, Time now);
  void on(const models::CallEnded& ended, Time now);
  void on(const mds::Notice& notice, Time now);
  void on(const mds::TxReport& report, Time now);
  void on(const models::ConditionChanged& changed, Time now);

  const std::vector<StoryLine>& lines() const { return lines_; }
  const std::string& type() const { return type_; }
  /// Events or calls have reached the entity since its last change.
  bool touched_since_change() const { return touched_ > changed_; }
  /// Events or calls have reached the entity since the last answer, refusal or giving up.
  bool touched_since_outcome() const { return touched_ > outcome_; }
  bool in_truth() const { return in_truth_; }  ///< of an edge
  bool in_graph() const { return in_graph_; }  ///< of an edge
  /// Of an edge that holds in the truth: the documents on its path, where the trace tells them.
  const std::vector<std::string>& route() const { return route_; }
  /// All derived edges there have been, where the subject is one.
  const std::set<measure::EdgeName>& edges_seen() const { return edges_seen_; }

 private:
  using Id = std::pair<std::string_view, std::uint64_t>;  // key in trace_table.hpp, number
  /// What a record is about: a visitor of its fields.
  struct Named {
    std::vector<Id> ids;
    std::string_view uri;

    template <class Value>
    void operator()(std::string_view key, const Value& value) {
      if constexpr (std::is_same_v<Value, measure::trace::Id>) ids.emplace_back(key, value.number);
      if constexpr (std::is_same_v<Value, measure::trace::Uri>) uri = value.text;
    }
  };

  template <measure::trace::Traced Kind>
  bool tell(const Kind& what, Time now) {
    Named named;
    measure::trace::kTrace<Kind>.show(what, named);
    if (!take(named)) return false;
    say(now, measure::trace::kTrace<Kind>.where, story_words(what));
    return true;
  }
  bool take(const Named& named);
  bool mine(std::string_view uri) const { return !subject_.edge && uri == subject_.uri; }
  bool concerns(const std::string& from, const std::string& relation, const std::string& to);
  void say(Time now, std::string_view where, std::string text);
  void tell_truth_edges(const std::vector<world::Edge>& edges, bool begun,
                        const world::Change& change);
  void follow(const std::vector<world::Route>& routes);
  void tell_index(const mds::TxReport& report, Time now);
  void tell_graph_edges(const mds::TxReport& report, Time now);

  Subject subject_;
  const measure::Recorder& recorder_;
  std::vector<StoryLine> lines_;
  std::string type_;
  std::set<Id> ids_;  // of changes, events, calls
  std::set<measure::EdgeName> edges_seen_;
  std::vector<std::string> route_;
  bool heard_of_ = false;  // the subject exists, or did; what befalls the service matters from then
  // Counts of lines at the last change, at the last event accepted or call made, and at the last
  // end of one.
  std::size_t changed_ = 0;
  std::size_t touched_ = 0;
  std::size_t outcome_ = 0;
  bool in_truth_ = false;
  bool in_graph_ = false;
};

}  // namespace rehearse::reports

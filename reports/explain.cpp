#include "reports/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/text/clock_text.hpp"
#include "measure/audit.hpp"
#include "measure/cause.hpp"
#include "measure/reader_cause.hpp"
#include "measure/trace_reader.hpp"
#include "reports/explain_unknown.hpp"
#include "reports/version_story.hpp"

namespace rehearse::reports {
namespace {

std::string clock(Time time) { return measure::cause_clock(time); }

// Causes after which the entity should have been fetched, and was not.
bool never_asked(const measure::Cause& cause) {
  return cause.kind == "lost event" || cause.kind == "expired event" ||
         cause.kind == "silent source";
}

// Causes of which the end is still open.
bool under_way(const measure::Cause& cause) {
  static const std::set<std::string> kinds = {"held event",  "event under way", "waiting",
                                              "in flight",   "retrying",        "service paused",
                                              "service down"};
  return kinds.contains(cause.kind);
}

class Replay {
 public:
  Replay(const std::filesystem::path& trace, const Subject& subject, std::optional<Time> at)
      : reader_(trace),
        recorder_(reader_.header().run),
        story_(subject, recorder_),
        version_(subject.uri) {
    happenings_.subscribe(recorder_);
    happenings_.subscribe(story_);
    happenings_.subscribe(version_);
    const Time end = reader_.header().run.window.end;
    if (at && end < *at) {
      throw InputError({"--at", {}, 0, 0},
                       "the run ended at " + clock_text(end) + ", before " + clock_text(*at));
    }
    result_.subject = subject;
    result_.scenario = reader_.header().scenario;
    result_.seed = reader_.header().seed;
    result_.at = at.value_or(end);
    moment_ = result_.at == end ? "the end" : clock(result_.at);
  }

  Explanation explain(const std::filesystem::path& trace) {
    const measure::TraceStart& start = reader_.start();
    recorder_.start(start.truth, start.bootstrap, start.edges);
    story_.start(start.truth, start.bootstrap, start.edges, start.routes);
    follow(Time{});
    replay(result_.at);
    result_.type = story_.type();
    result_.story = story_.lines();
    if (version_.begun()) {
      result_.version_story = version_.lines();
      result_.version_sentence = version_.sentence();
    }
    if (story_.lines().empty()) {
      not_yet(trace);
    } else if (result_.subject.edge) {
      explain_edge();
    } else {
      explain_entity();
    }
    return std::move(result_);
  }

 private:
  void replay(Time until) {
    std::size_t told = story_.lines().size();
    while (reader_.next(happenings_, until)) {
      if (story_.lines().size() == told) continue;
      told = story_.lines().size();
      follow(story_.lines().back().at);
    }
  }

  bool wrong() const {
    if (result_.subject.edge) return story_.in_truth() != story_.in_graph();
    const auto document = recorder_.document(result_.subject.uri);
    return document && !recorder_.freshness().fresh(*document);
  }

  Time begin_of_wrong(Time now) const {
    if (result_.subject.edge) return now;
    return recorder_.freshness().stale_since(*recorder_.document(result_.subject.uri));
  }

  // Notices when the subject becomes wrong and right. What lasts no time at all does not count.
  void follow(Time now) {
    const bool is_wrong = wrong();
    if (is_wrong && !wrong_since_) wrong_since_ = begin_of_wrong(now);
    if (is_wrong || !wrong_since_) return;
    if (*wrong_since_ < now) {
      ++episodes_;
      longest_ = std::max(longest_, now - *wrong_since_);
    }
    wrong_since_.reset();
    right_since_ = now;
  }

  std::string past() const {
    if (episodes_ == 0) return "it was never stale";
    return fmt::format("it was stale {} before, {}{}",
                       episodes_ == 1 ? "once" : fmt::format("{} times", episodes_),
                       episodes_ == 1 ? "for " : "at most for ",
                       duration_text(longest_.to_seconds()));
  }

  // Nothing was told of the subject so far: it comes later, or never.
  void not_yet(const std::filesystem::path& trace) {
    replay(Time::never());
    result_.state = "absent";
    if (story_.lines().empty() && version_.begun()) {
      result_.sentence = "it was never registered: there is no such entity.";
      return;
    }
    if (story_.lines().empty()) {
      refuse_unknown(trace, result_.subject, recorder_, story_.edges_seen());
    }
    result_.type = story_.type();
    result_.sentence = fmt::format("not there yet at {}: it first appears at {}.",
                                   clock(result_.at), clock(story_.lines().front().at));
  }

  void explain_entity() {
    const measure::Freshness& freshness = recorder_.freshness();
    const auto document = recorder_.document(result_.subject.uri);
    if (wrong()) {
      stale_entity(*document);
      return;
    }
    const std::string when = clock(result_.at);
    if (document && freshness.exists(*document)) {
      result_.state = "fresh";
      result_.sentence =
          fmt::format("fresh at {}: the graph shows the newest version, {}, since {}; {}.", when,
                      freshness.version(*document), clock(right_since_), past());
    } else {
      result_.state = "absent";
      result_.sentence =
          fmt::format("absent at {}, both at its source and in the graph; {}.", when, past());
    }
    if (document) explain_readers(*document);
  }

  // The graph is right, but not what its readers are told.
  void explain_readers(std::uint32_t document) {
    if (recorder_.index().rows().contains(document)) {
      const measure::Cause cause = find_index_cause(recorder_, document);
      const Time since = recorder_.index().rows().at(document).since;
      tell_readers("unindexed", since, cause,
                   fmt::format("the graph is right at {}, but the search index is not since {}",
                               clock(result_.at), clock(since)));
      return;
    }
    for (const auto& [key, answer] : recorder_.answers().last()) {
      if (key.first != result_.subject.uri || !answer.asked.verdict.wrong()) {
        continue;
      }
      tell_readers("misanswered", answer.at, find_answer_cause(recorder_, answer),
                   fmt::format("the graph is right at {}, but the last answer about it is not",
                               clock(result_.at)));
      return;
    }
  }

  void tell_readers(const char* state, Time since, const measure::Cause& cause,
                    const std::string& head) {
    result_.state = state;
    result_.since = since;
    result_.cause = cause.line();
    result_.sentence = head + ": " + cause.reason + ".";
  }

  void stale_entity(std::uint32_t document) {
    const measure::Cause cause = find_cause(recorder_, document, moment_);
    result_.state = "stale";
    result_.since = recorder_.freshness().stale_since(document);
    result_.cause = cause.line();
    const bool again =
        never_asked(cause) ? story_.touched_since_change() : story_.touched_since_outcome();
    std::string tail;
    if (!under_way(cause)) {
      tail = again ? fmt::format("; what touched it later did not mend it before {}",
                                 clock(result_.at))
                   : fmt::format("; no later event or reconciliation touched it before {}",
                                 clock(result_.at));
    }
    result_.sentence =
        fmt::format("stale since {}: {}{}.", clock(*result_.since), cause.reason, tail);
  }

  void explain_edge() {
    const std::string when = clock(result_.at);
    if (!wrong()) {
      const bool there = story_.in_truth();
      result_.state = there ? "fresh" : "absent";
      result_.sentence =
          fmt::format("{} at {}: the edge is {} since {}; {}.", result_.state, when,
                      there ? "true and in the graph" : "neither true nor in the graph",
                      clock(right_since_), past());
      return;
    }
    result_.state = story_.in_truth() ? "missing" : "outdated";
    result_.since = wrong_since_;
    const measure::EdgeName name = recorder_.canonical(
        result_.subject.edge->from, result_.subject.edge->relation, result_.subject.edge->to);
    const measure::Audit picture =
        measure::picture(recorder_, moment_, [&](const measure::EdgeName& edge) {
          return edge == name ? story_.route() : std::vector<std::string>{};
        });
    for (const measure::EdgeDivergence& divergence : picture.edges) {
      if (divergence.edge == name) result_.cause = divergence.cause;
    }
    const std::string reason = result_.cause.substr(result_.cause.find(": ") + 2);
    result_.sentence =
        fmt::format("{} since {}: {}.", result_.state, clock(*result_.since), reason);
  }

  measure::TraceReader reader_;
  measure::Recorder recorder_;
  Story story_;
  VersionStory version_;
  models::Happenings happenings_;
  Explanation result_;
  std::string moment_;
  std::optional<Time> wrong_since_;
  Time right_since_;
  std::size_t episodes_ = 0;
  Duration longest_;
};

}  // namespace

Explanation explain(const std::filesystem::path& trace, const Subject& subject,
                    std::optional<Time> at) {
  return Replay(trace, subject, at).explain(trace);
}

}  // namespace rehearse::reports

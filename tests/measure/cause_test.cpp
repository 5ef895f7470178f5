// Causes and divergences from what a recorder heard; audit_test.cpp holds them against real graphs.
#include "measure/cause.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "history.hpp"
#include "measure/audit.hpp"

using namespace rehearse;
using namespace rehearse::measure;
using namespace rehearse::test;
using models::Fate;
using Kind = mds::Notice::Kind;

namespace {

/// A run of 100 s over the document "d", hydrated at first and changed to version 2 at 10 s.
struct Story {
  Recorder recorder{[] {
    RecorderConfig c;
    c.window = {at(0), at(100), at(100)};
    return c;
  }()};

  Story() {
    recorder.start({truth("d", 1, 10)}, {copies({{"d", 1, 10}})}, {});
    tell(recorder, change(1, 10, "d", 2, 11));
  }
  void publish() { recorder.on(models::Published{{5}, 1}, at(10)); }
  void deliver() {
    publish();
    recorder.on(models::EventFate{{5}, Fate::delivered}, at(11));
  }
  void call_and_read(std::int64_t version, int status = 200) {
    recorder.on(call(1, "d"), at(12));
    recorder.on(notice(Kind::first_call, 5, "d"), at(12));
    mds::Response response;
    response.status = status;
    recorder.on(models::CallEnded{{1}, response, version}, at(13));
  }
  std::string now() const { return find_cause(recorder, *recorder.document("d")).line(); }
  std::string cause(Time since = at(10)) {
    recorder.finish();
    const Audit audit = picture(recorder);
    REQUIRE(audit.entities.size() == 1);
    CHECK(audit.entities[0].uri == "d");
    CHECK(audit.entities[0].since.to_seconds() == since.to_seconds());
    return audit.entities[0].cause;
  }
};

}  // namespace

TEST_CASE("a source that published nothing is the cause") {
  CHECK(Story().cause() == "silent source: no event announced version 2");
}

TEST_CASE("a dropped, expired, held or travelling event is the cause") {
  for (const auto& [fate, words] :
       {std::pair{Fate::dropped, "lost event: event 5 for version 2 was dropped"},
        std::pair{Fate::expired, "expired event: event 5 for version 2"},
        std::pair{Fate::held, "held event: event 5 for version 2 was kept back"},
        std::pair{Fate::reordered,
                  "event under way: event 5 for version 2 was still on the bus"}}) {
    Story story;
    story.publish();
    story.recorder.on(models::EventFate{{5}, fate}, at(10));
    CHECK_THAT(story.cause(), Catch::StartsWith(words));
  }
}

TEST_CASE("a hydration that was given up is the cause, until a later one succeeds") {
  Story story;
  story.deliver();
  story.call_and_read(0, 503);
  story.recorder.on(notice(Kind::gave_up, 0, "d", "503 five times"), at(20));
  SECTION("given up") {
    CHECK(story.cause() ==
          "gave up: hydration after event 5 for version 2 failed for good: 503 five times");
  }
  SECTION("but fetched again by a lagging replica") {
    story.recorder.on(call(2, "d"), at(30));
    story.recorder.on(models::CallEnded{{2}, {}, 1}, at(31));
    CHECK_THAT(story.cause(), Catch::StartsWith("lagging replica: the call of 00:00:30"));
  }
}

TEST_CASE("a dead letter is the cause, with its reason") {
  Story story;
  story.deliver();
  story.recorder.on(notice(Kind::dead_lettered, 5, "", "the queue is full"), at(11));
  CHECK(story.cause() == "dead letter: event 5 for version 2 was refused: the queue is full");
}

TEST_CASE("an event answered from the response cache points to the age of the answer") {
  Story story;
  story.deliver();
  mds::Notice hit = notice(Kind::cache_hit, 5, "d");
  hit.waited = Duration::seconds(7);
  story.recorder.on(hit, at(11));
  story.recorder.on(models::Acknowledged{{5}}, at(11));
  CHECK(story.cause() ==
        "stale cache: event 5 for version 2 was answered from the response cache, with an answer "
        "that was 7 s old");
}

TEST_CASE("an event acknowledged without a call and without a cache says just that") {
  Story story;
  story.deliver();
  story.recorder.on(models::Acknowledged{{5}}, at(11));
  CHECK(story.cause() ==
        "no call: event 5 for version 2 was acknowledged before any call was made for it");
}

TEST_CASE("a service that is paused or down is the cause while events wait for it") {
  using models::Condition;
  Story story;
  SECTION("paused with the event in its queue") {
    story.deliver();
    story.recorder.on(models::ConditionChanged{Condition::paused}, at(11));
    CHECK(story.now() ==
          "service paused: event 5 for version 2 waits for its call: the service is paused since "
          "00:00:11");
    story.recorder.on(models::ConditionChanged{Condition::resumed}, at(12));
    CHECK_THAT(story.now(), Catch::StartsWith("waiting: "));
  }
  SECTION("down with the event on the bus") {
    story.publish();
    story.recorder.on(models::ConditionChanged{Condition::crashed}, at(11));
    CHECK(story.now() ==
          "service down: event 5 for version 2 waits on the bus: the service is down since "
          "00:00:11");
    story.recorder.on(models::ConditionChanged{Condition::restarted}, at(12));
    CHECK_THAT(story.now(), Catch::StartsWith("event under way: "));
  }
}

TEST_CASE("calls that fail and will be repeated are told with the attempt and its failure") {
  Story story;
  story.deliver();
  mds::SourceRequest third = call(1, "d");
  third.attempt = 3;
  story.recorder.on(third, at(12));
  story.recorder.on(notice(Kind::first_call, 5, "d"), at(12));
  mds::Response refused;
  refused.status = 503;
  story.recorder.on(models::CallEnded{{1}, refused, 0}, at(13));
  CHECK(story.cause() ==
        "retrying: attempt 3 after event 5 for version 2 failed at 00:00:13: status 503");
}

TEST_CASE("what reconciliation removed because a listing did not hold it is told as such") {
  Story story;
  story.deliver();
  story.call_and_read(2);
  story.recorder.on(copies({{"d", 2, 11}}), at(13));
  mds::TxReport removal = copies({{"d", 0, 0}});
  removal.cause.kind = mds::CauseKind::reconciliation;
  story.recorder.on(removal, at(14));
  // It was fresh until then, though a graph without the entity misses a version of the start.
  CHECK(story.cause(at(14)) ==
        "unlisted: reconciliation removed it at 00:00:14: the listing of its source did not hold "
        "it");
}

TEST_CASE("a listing that failed is told of what it would have found") {
  Story story;
  tell(story.recorder, change(2, 20, "new", 1, 5));
  mds::Notice failed = notice(Kind::gave_up, 0, "/api/v1/datasets", "status 429");
  story.recorder.on(failed, at(21));
  const auto document = story.recorder.document("new");
  CHECK(find_cause(story.recorder, *document).line() ==
        "failed listing: no event announced version 1, and the listing that would have found it "
        "ended at 00:00:21: status 429");
  CHECK(!story.recorder.document("/api/v1/datasets"));
  story.recorder.on(notice(Kind::listed, 0, "/api/v1/datasets", "Dataset: 3"), at(22));
  CHECK_THAT(find_cause(story.recorder, *document).line(), Catch::StartsWith("silent source: "));
}

TEST_CASE("an event still waiting or a call still under way is the cause") {
  SECTION("waiting") {
    Story story;
    story.deliver();
    CHECK_THAT(story.cause(), Catch::StartsWith("waiting: event 5 for version 2"));
  }
  SECTION("in flight") {
    Story story;
    story.deliver();
    story.recorder.on(call(1, "d"), at(12));
    story.recorder.on(notice(Kind::first_call, 5, "d"), at(12));
    CHECK_THAT(story.cause(), Catch::StartsWith("in flight: the call after event 5"));
  }
}

TEST_CASE("an older answer written over a newer one is a raced response") {
  Story story;
  story.deliver();
  story.call_and_read(2);
  story.recorder.on(copies({{"d", 2, 11}}), at(13));
  mds::TxReport older = copies({{"d", 1, 10}});
  older.cause = {mds::CauseKind::event, {5}, {1}};
  story.recorder.on(older, at(14));
  CHECK_THAT(story.cause(at(14)),
             Catch::StartsWith("raced response: call 1, sent at ") &&
                 Catch::EndsWith("overwrote version 2 with the older version 1 at 00:00:14"));
}

TEST_CASE("an older payload written over a newer state is told with its event") {
  Story story;
  story.deliver();
  story.recorder.on(copies({{"d", 2, 11}}), at(13));
  story.recorder.on(models::EventFate{{5}, Fate::delivered}, at(14));
  mds::TxReport older = copies({{"d", 1, 10}});
  older.cause = {mds::CauseKind::event, {5}, {}};
  story.recorder.on(older, at(14));
  CHECK(story.cause(at(14)) ==
        "outdated payload: event 5, delivered again at 00:00:14, carried version 1, which "
        "overwrote version 2");
}

TEST_CASE("a waiting event is told with the calls ahead of its own, where causes are asked for") {
  Story story;
  story.publish();
  tell(story.recorder, change(2, 10, "e", 1, 12));
  story.recorder.on(models::Published{{6}, 2}, at(10));
  story.recorder.on(models::EventFate{{6}, Fate::delivered}, at(11));
  story.recorder.on(models::EventFate{{5}, Fate::delivered}, at(11));
  story.recorder.finish();
  const Audit whole = picture(story.recorder);
  REQUIRE(whole.entities.size() == 2);
  CHECK(whole.entities[0].cause ==
        "waiting: event 5 for version 2 still waited for its call at the end, behind 1 call of its "
        "source");
  CHECK(whole.entities[1].cause ==
        "waiting: event 6 for version 1 still waited for its call at the end");
  const Audit counted = picture(story.recorder, "the end", {}, Detail::counts);
  REQUIRE(counted.entities.size() == 2);
  CHECK(counted.entities[0].uri == "d");
  CHECK(counted.entities[0].truth == whole.entities[0].truth);
  CHECK(counted.entities[0].cause.empty());
}

TEST_CASE("the right version with other facts is told as such") {
  Story story;
  story.deliver();
  story.call_and_read(2);
  story.recorder.on(copies({{"d", 2, 99}}), at(13));
  CHECK_THAT(story.cause(), Catch::StartsWith("wrong facts"));
}

TEST_CASE("an edge that enrichment has left is told with the change and the pass") {
  const bool retraction = GENERATE(true, false);
  RecorderConfig config;
  config.window = {Time{}, at(100), at(100)};
  config.retraction = retraction;
  Recorder recorder(config);
  recorder.start({truth("m", 1, 5)}, {copies({{"m", 1, 5}})}, {{"m", "r", "t"}});
  mds::TxReport pass;
  pass.tx = 7;
  pass.cause.kind = mds::CauseKind::enrichment;
  pass.edges = {{"m", "r", "t", true}};
  recorder.on(pass, at(5));
  tell(recorder, change(1, 10, "m", 2, 6), {{}, {{"m", "r", "t"}}});
  CHECK(picture(recorder).edges[0].cause ==
        "stale entity: m differs from the truth (its version 2 ended the edge): no event announced "
        "version 2");
  recorder.on(copies({{"m", 2, 6}}), at(12));
  CHECK(picture(recorder).edges[0].cause ==
        "outdated: version 2 of m, which ended the edge, reached the graph at 00:00:12, and "
        "enrichment has not run since");
  pass.tx = 9;
  pass.edges.clear();
  recorder.on(pass, at(20));
  CHECK(picture(recorder).edges[0].cause ==
        "outdated: version 2 of m, which ended the edge, reached the graph at 00:00:12, but "
        "enrichment (transaction 9 at 00:00:20) did not retract the edge" +
            std::string(retraction ? "" : ": it retracts nothing"));
}

TEST_CASE(
    "a missing edge points to what its path lacks, to what is stale there, or to enrichment") {
  RecorderConfig config;
  config.window = {Time{}, at(100), at(100)};
  Recorder recorder(config);
  recorder.start({truth("m", 1, 5), truth("t", 1, 6), truth("x", 1, 7)},
                 {copies({{"m", 1, 5}, {"t", 1, 6}, {"x", 1, 7}})}, {});
  tell(recorder, change(1, 9, "x", 2, 8));  // stale, and no part of the edge
  tell(recorder, change(2, 10, "run", 1, 9));
  tell(recorder, change(3, 11, "m", 2, 4), {{{"m", "r", "t"}}, {}});
  const Routes routes = [](const EdgeName&) { return std::vector<std::string>{"m", "run", "t"}; };
  const auto cause = [&] { return picture(recorder, "the end", routes).edges[0].cause; };
  CHECK(cause() ==
        "stale entity: run is not in the graph (the edge's path leads over it): no event announced "
        "version 1");
  recorder.on(copies({{"run", 1, 9}}), at(12));
  CHECK(cause() ==
        "stale entity: m differs from the truth (its version 2 began the edge): no event announced "
        "version 2");
  recorder.on(copies({{"m", 2, 4}}), at(13));
  tell(recorder, change(4, 14, "run", 2, 3));
  CHECK(cause() ==
        "stale entity: run differs from the truth (the edge's path leads over it): no event "
        "announced version 2");
  recorder.on(copies({{"run", 2, 3}}), at(15));
  const std::string reached =
      "missing: version 2 of m, which began the edge, reached the graph at 00:00:13, version 2 of "
      "run, on its path, at 00:00:15, ";
  CHECK(cause() == reached + "and enrichment has not run since");
  mds::TxReport pass;
  pass.tx = 9;
  pass.cause.kind = mds::CauseKind::enrichment;
  recorder.on(pass, at(20));
  CHECK(cause() == reached + "but enrichment (transaction 9 at 00:00:20) did not write the edge");
}

TEST_CASE("an edge that was moved to another path does not hang on what began it") {
  RecorderConfig config;
  config.window = {Time{}, at(100), at(100)};
  Recorder recorder(config);
  recorder.start({truth("m", 1, 5), truth("new", 1, 6), truth("t", 1, 7)},
                 {copies({{"m", 1, 5}, {"t", 1, 7}})}, {});
  tell(recorder, change(1, 10, "old", 1, 9), {{{"m", "r", "t"}}, {}});
  const auto cause = [&](const Routes& routes) {
    return picture(recorder, "the end", routes).edges[0].cause;
  };
  CHECK_THAT(cause({}), Catch::StartsWith("stale entity: old is not in the graph (its version 1 "));
  CHECK_THAT(cause([](const EdgeName&) {
               return std::vector<std::string>{"m", "new", "t"};
             }),
             Catch::StartsWith("stale entity: new is not in the graph (the edge's path leads "));
}

TEST_CASE("edges that differ point to the stale entity at their end") {
  Story story;
  tell(story.recorder, change(2, 20, "m", 1, 5), {{{"m", "r", "d"}, {"m", "r", "t"}}, {}});
  story.recorder.on(copies({{"m", 1, 5}}), at(21));
  mds::TxReport edge;
  edge.edges = {{"x", "r", "t", true}};
  story.recorder.on(edge, at(30));
  story.recorder.finish();
  const Audit audit = picture(story.recorder);
  REQUIRE(audit.edges.size() == 3);
  CHECK(audit.edges[0].cause ==
        "stale entity: d differs from the truth: no event announced version 2");
  CHECK(audit.edges[1].cause ==
        "missing: version 1 of m, which began the edge, reached the graph at 00:00:21, and "
        "enrichment has not run since");
  CHECK(audit.edges[2].cause ==
        "phantom: enrichment wrote it at 00:00:30 from facts that were each true once, but never "
        "together");
  Metrics metrics;
  audit.add_to(metrics);
  CHECK(metrics["converged"] == 0);
  CHECK(metrics["divergent.entities"] == 1);
  CHECK(metrics["divergent.edges"] == 3);
  const auto json = nlohmann::json::parse(divergences_json(audit));
  CHECK(json.size() == 4);
  CHECK(json[3]["truth"] == "absent");
  CHECK(json[3]["graph"] == "present");
}

// Causes and divergences from what a recorder heard; audit_test.cpp holds them against real graphs.
#include "reports/convergence.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "history.hpp"

using namespace rehearse;
using namespace rehearse::reports;
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
    recorder.on_change(change(1, 10, "d", 2, 11), {});
  }
  void publish() { recorder.on_publish({5}, 1, at(10)); }
  void deliver() {
    publish();
    recorder.on_fate({5}, Fate::delivered, at(11));
  }
  void call_and_read(std::int64_t version, int status = 200) {
    recorder.on_request(call(1, "d"), at(12));
    recorder.on_notice(notice(Kind::first_call, 5, "d"), at(12));
    mds::Response response;
    response.status = status;
    recorder.on_response({1}, response, version, at(13));
  }
  std::string cause() {
    recorder.finish();
    const Audit audit = picture(recorder);
    REQUIRE(audit.entities.size() == 1);
    CHECK(audit.entities[0].uri == "d");
    CHECK(audit.entities[0].since == at(10));
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
    story.recorder.on_fate({5}, fate, at(10));
    CHECK_THAT(story.cause(), Catch::StartsWith(words));
  }
}

TEST_CASE("a hydration that was given up is the cause, until a later one succeeds") {
  Story story;
  story.deliver();
  story.call_and_read(0, 503);
  story.recorder.on_notice(notice(Kind::gave_up, 0, "d", "503 five times"), at(20));
  SECTION("given up") {
    CHECK(story.cause() ==
          "gave up: hydration after event 5 for version 2 failed for good: 503 five times");
  }
  SECTION("but fetched again by a lagging replica") {
    story.recorder.on_request(call(2, "d"), at(30));
    story.recorder.on_response({2}, {}, 1, at(31));
    CHECK_THAT(story.cause(), Catch::StartsWith("lagging replica: the call of 00:00:30"));
  }
}

TEST_CASE("a dead letter is the cause, with its reason") {
  Story story;
  story.deliver();
  story.recorder.on_notice(notice(Kind::dead_lettered, 5, "", "the queue is full"), at(11));
  CHECK(story.cause() == "dead letter: event 5 for version 2 was refused: the queue is full");
}

TEST_CASE("an event answered without a call points to the cache") {
  Story story;
  story.deliver();
  story.recorder.on_ack({5}, at(11));
  CHECK_THAT(story.cause(), Catch::StartsWith("no call: event 5 for version 2 was answered from"));
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
    story.recorder.on_request(call(1, "d"), at(12));
    story.recorder.on_notice(notice(Kind::first_call, 5, "d"), at(12));
    CHECK_THAT(story.cause(), Catch::StartsWith("in flight: the call after event 5"));
  }
}

TEST_CASE("an older answer written over a newer one is a raced response") {
  Story story;
  story.deliver();
  story.call_and_read(2);
  story.recorder.on_transaction(copies({{"d", 2, 11}}), at(13));
  story.recorder.on_transaction(copies({{"d", 1, 10}}), at(14));
  CHECK_THAT(story.cause(), Catch::StartsWith("raced response: an older answer with version 1"));
}

TEST_CASE("the right version with other facts is told as such") {
  Story story;
  story.deliver();
  story.call_and_read(2);
  story.recorder.on_transaction(copies({{"d", 2, 99}}), at(13));
  CHECK_THAT(story.cause(), Catch::StartsWith("wrong facts"));
}

TEST_CASE("edges that differ point to the stale entity at their end") {
  Story story;
  story.recorder.on_change(change(2, 20, "m", 1, 5), {{{"m", "r", "d"}, {"m", "r", "t"}}, {}});
  story.recorder.on_transaction(copies({{"m", 1, 5}}), at(21));
  mds::TxReport edge;
  edge.edges = {{"x", "r", "t", true}};
  story.recorder.on_transaction(edge, at(30));
  story.recorder.finish();
  const Audit audit = picture(story.recorder);
  REQUIRE(audit.edges.size() == 3);
  CHECK(audit.edges[0].cause == "stale entity: d differs from the truth");
  CHECK_THAT(audit.edges[1].cause, Catch::StartsWith("missing: "));
  CHECK_THAT(audit.edges[2].cause, Catch::StartsWith("phantom: "));
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

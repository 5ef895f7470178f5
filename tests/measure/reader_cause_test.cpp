// Why readers are told what is not true although the graph is right: index rows and answers.
#include "measure/reader_cause.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "history.hpp"
#include "measure/audit.hpp"

using namespace rehearse;
using namespace rehearse::measure;
using rehearse::test::at;
using rehearse::test::change;
using rehearse::test::copies;
using rehearse::test::tell;
using rehearse::test::truth;

namespace {

/// A document that the graph shows at version 2 since 12 s, and the index not yet.
struct Behind {
  Recorder recorder{[] {
    RecorderConfig config;
    config.window = {Time{}, at(100), at(100)};
    return config;
  }()};

  Behind() {
    recorder.start({truth("d", 1, 10)}, {copies({{"d", 1, 10}})}, {});
    tell(recorder, change(1, 10, "d", 2, 11));
    mds::TxReport stored = copies({{"d", 2, 11}});
    stored.documents[0].index_waits = true;
    recorder.on(stored, at(12));
  }

  void index_step(std::vector<std::string> indexed, std::vector<std::string> lost, Time now) {
    mds::TxReport step;
    step.cause.kind = mds::CauseKind::index;
    step.indexed = std::move(indexed);
    step.index_lost = std::move(lost);
    recorder.on(step, now);
  }
  std::string cause() const {
    const Audit audit = picture(recorder);
    REQUIRE(audit.converged());
    return audit.index.empty() ? "shown" : audit.index.front().cause;
  }
  std::string answered(const models::AskedQuestion& asked, Time now) {
    recorder.on(asked, now);
    const Audit audit = picture(recorder);
    return audit.answers.empty() ? "right" : audit.answers.front().cause;
  }
};

}  // namespace

TEST_CASE("an index row that waits is told with its transaction, until it is written") {
  Behind behind;
  CHECK(behind.cause() ==
        "index lag: the index row for version 2 waits since 00:00:12: the index follows the facts "
        "with a lag");
  behind.recorder.on(models::ConditionChanged{models::Condition::index_down}, at(13));
  CHECK_THAT(behind.cause(), Catch::StartsWith("index away: ") &&
                                 Catch::EndsWith("the index is away since 00:00:13"));
  behind.recorder.on(models::ConditionChanged{models::Condition::index_up}, at(14));
  behind.index_step({"d"}, {}, at(15));
  CHECK(behind.cause() == "shown");
  CHECK(behind.recorder.freshness().index_lags().summary().max == 5);
}

TEST_CASE("an index row that was lost says when and with what") {
  Behind behind;
  SECTION("while the index was away") {
    behind.index_step({}, {"d"}, at(20));
    CHECK(behind.cause() ==
          "lost index row: the index row for version 2 was lost at 00:00:20 while the index was "
          "away, and nothing has written it since");
  }
  SECTION("in a crash") {
    behind.recorder.on(models::ConditionChanged{models::Condition::crashed}, at(19));
    behind.recorder.on(models::ConditionChanged{models::Condition::restarted}, at(20));
    behind.index_step({}, {"d"}, at(20));
    CHECK_THAT(behind.cause(), Catch::Contains("was lost at 00:00:20 with the service's memory"));
  }
  SECTION("and of what is gone stays") {
    tell(behind.recorder, change(2, 30, "d", 3, 0));
    mds::TxReport removal = copies({{"d", 0, 0}});
    removal.documents[0].index_waits = true;
    behind.recorder.on(removal, at(31));
    behind.index_step({}, {"d"}, at(32));
    CHECK_THAT(behind.cause(), Catch::StartsWith("lost index row: the index row for the deletion"));
  }
}

TEST_CASE("a wrong answer is told with what it had wrong and where it came from") {
  Behind behind;
  CHECK(behind.answered({{"downstream", "d"}, {{"m", "n"}, {}}, at(3)}, at(20)) ==
        "query cache: \"downstream\", asked at 00:00:20, missed m and 1 more: the cache served the "
        "answer of 00:00:03");
  CHECK(
      behind.answered({{"downstream", "d"}, {{}, {"m"}}}, at(21)) ==
      "graph behind: \"downstream\", asked at 00:00:21, held m, no longer true: that was what the "
      "graph held");
  CHECK_THAT(behind.answered({{"find", "d"}, {{"d"}, {}}}, at(22)),
             Catch::StartsWith("graph behind: ") || Catch::StartsWith("index lag: "));
  CHECK(behind.answered({{"downstream", "d"}, {{}, {}}}, at(23)) != "right");
  behind.recorder.on(models::AskedQuestion{{"find", "d"}, {{}, {}}}, at(24));
  CHECK(picture(behind.recorder).answers.empty());
}

TEST_CASE("index rows and answers are listed with the divergences, and are none of convergence") {
  Behind behind;
  behind.recorder.on(models::AskedQuestion{{"find", "d"}, {{"d"}, {}}}, at(20));
  const Audit audit = picture(behind.recorder);
  CHECK(audit.converged());
  const auto json = nlohmann::json::parse(divergences_json(audit));
  REQUIRE(json.size() == 2);
  CHECK(json[0].at("index") == "d");
  CHECK(json[0].at("graph") == "version 2");
  CHECK(json[0].at("since") == 12);
  CHECK(json[1].at("question") == nlohmann::json{{"ask", "find"}, {"entity", "d"}});
  CHECK(json[1].at("missed") == nlohmann::json{"d"});
  CHECK(json[1].at("outdated") == nlohmann::json::array());
  CHECK_THAT(json[1].at("cause").get<std::string>(), Catch::StartsWith("index lag: \"find\""));
}

// What judge and drift say where something is not as it was meant.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "decision_files.hpp"

using namespace rehearse::test;
using Catch::Contains;
using nlohmann::json;

namespace {

/// In code points, which these files' texts do not have more bytes than.
std::size_t widest(const std::string& text) {
  std::size_t most = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) most = std::max(most, line.size());
  return most;
}

}  // namespace

TEST_CASE("a refusal shows what was read and what would help") {
  DecisionFiles files;
  files.write("c.json", one_metric(R"("direction": "increase")"));
  files.write("b.csv", column({"10", "11", "12"}, 30));
  for (const std::string mark : {":", ","}) {
    files.write("k.csv", (mark == "," ? "sep=;\n" : "") +
                             column({"1" + mark + "100"}, 30, "t" + mark + "errors"));
    const Finished parted = files.judge();
    REQUIRE(parted.status == 2);
    REQUIRE_THAT(parted.err, Contains("--separator '" + mark + "'") && !Contains("did you mean"));
  }
  files.write("x.csv", "amount,id\n1,2\n");
  files.write("y.csv", "Amount,key\n1,2\n");
  REQUIRE_THAT(files.run({"drift", "x.csv", "y.csv"}).err,
               Contains("amount, id") && Contains("Amount, key") &&
                   Contains("is \"amount\" now \"Amount\"?"));
  REQUIRE_THAT(files.run({"drift", "x.csv", "x.csv", "--exclude", "amount,id"}).err,
               Contains("to compare after --exclude: "));
}

TEST_CASE("the reason for ranks that differ does not contradict the shift beside it") {
  DecisionFiles files;
  files.write("c.json", one_metric(R"("direction": "increase")"));
  files.write("b.csv", column({"10", "11", "12"}, 30));
  files.write("k.csv", column({"inf", "11", "inf", "10"}, 30));
  const json one = files.metric();
  CAPTURE(one.dump(1));
  REQUIRE(one["classification"] == "High");
  REQUIRE(one["shift"] == "+Inf");
  REQUIRE_THAT(one["reason"], !Contains("shift is 0"));
}

TEST_CASE("what may be a decimal comma is said, whether the file is read or not") {
  DecisionFiles files;
  const auto refused = [&](const std::string& text, const std::vector<std::string>& more = {}) {
    files.write("a.csv", text);
    const Finished finished = files.run(with({"drift", "a.csv", "a.csv"}, more));
    CHECK(finished.status == 2);
    return finished.err;
  };
  CHECK_THAT(refused("x;y\n0,5;1\n0,6;2\n"), Contains("give --decimal ,"));
  CHECK_THAT(refused("x\n0,5\n0,6\n"), Contains("give --decimal ,"));
  CHECK_THAT(refused("x\na,b\n"), !Contains("decimal"));
  CHECK_THAT(refused("x,y\n1,0,5\n"), Contains("needs quotes"));
  CHECK_THAT(refused("x;y\n0.5;1\n", {"--decimal", ","}), Contains("leave out --decimal ,"));
  files.write("a.csv", "x\n0,5\n0,6\n");
  CHECK(files.drift("a.csv", "a.csv", {"--decimal", ","})["kind"] == "numeric");
  files.write("a.csv", "x;y\n0,5;1\nnone;1\nno;1\n");
  const Finished labels = files.run({"drift", "a.csv", "a.csv"});
  CHECK(labels.status == 0);
  CHECK_THAT(labels.err, Contains("note: ") && Contains("read as labels") &&
                             Contains("1 of 3 values") && Contains("give --decimal ,"));
  CHECK(files.run({"drift", "a.csv", "a.csv", "--categorical", "x"}).err.empty());
}

TEST_CASE("remarks and refusals fit 80 columns") {
  DecisionFiles files;
  files.write("c.json",
              one_metric(R"("direction": "increase", "effectSize": {"allowedDecrease": 0.5,
      "criticalDecrease": 0.4}, "muted": true)"));
  files.write("b.csv", column({"10", "11", "12"}, 30));
  files.write("k.csv", "time;error rate;latency\n1;2;3\n");
  const Finished judged = files.judge();
  CHECK(judged.status == 2);
  CHECK(widest(judged.shown) > 40);
  CHECK(widest(judged.shown) <= 80);
  CHECK_THAT(judged.err, Contains("read as CSV separated by semicolon"));
  const Finished usage = files.run({"judge", "c.json", "--classifier-of-my-own-liking", "b.csv"});
  CHECK(usage.status == 2);
  CHECK(widest(usage.shown) <= 80);
}

TEST_CASE("where every metric is muted the verdict says that nothing is judged") {
  DecisionFiles files;
  files.write("c.json", one_metric(R"("direction": "increase", "muted": true)"));
  files.write("b.csv", column({"10", "11", "12"}, 30));
  files.write("k.csv", column({"10", "11", "12"}, 30));
  const Finished text = files.run({"judge", "c.json", "--baseline", "b.csv", "--canary", "k.csv"});
  CHECK(text.status == 1);
  CHECK_THAT(text.out, Contains("score 0: fail (every metric is muted, so nothing is judged)") &&
                           !Contains("no canary can pass"));
  CHECK_THAT(text.err, Contains("[all-muted]"));
}

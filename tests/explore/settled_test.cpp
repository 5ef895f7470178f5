// Documents with which nothing more can happen are dealt with by themselves.
#include "explore/search/settled.hpp"

#include <catch2/catch.hpp>

#include "explore/search/exhaustive.hpp"
#include "setups.hpp"

using namespace rehearse;
using namespace rehearse::explore;

namespace {

/// Two models that the graph holds from the beginning; both change once.
Setup two_models(const std::string& explore, const std::string& mds = "{}") {
  return test::explore_setup(R"({"sources": {"model-registry": {
      "entities": [{"type": "ModelInstance", "id": "a"}, {"type": "ModelInstance", "id": "b"}],
      "script": [{"at": "1s", "op": "update", "type": "ModelInstance", "id": "a"},
                 {"at": "2s", "op": "update", "type": "ModelInstance", "id": "b"}]}},
      "mds": )" + mds + R"(, "explore": )" +
                             explore + "}");
}

class Walk {
 public:
  explicit Walk(const Setup& setup)
      : truth_(setup), system_(setup, truth_), settled_(system_, table_) {}

  void take(const std::string& text) {
    for (const Choice& choice : system_.enabled(true)) {
      if (text_of(choice) != text) continue;
      REQUIRE(system_.apply(choice).empty());
      return;
    }
    FAIL(text << " is not possible");
  }

  /// What is possible, and what is left of it.
  std::vector<std::string> possible() const { return texts(system_.enabled(true)); }
  std::vector<std::string> reduced() {
    const Fingerprint before = system_.fingerprint();
    std::vector<Choice> choices = system_.enabled(true);
    settled_.reduce(choices, Vantage(system_));
    CHECK(system_.fingerprint() == before);
    return texts(choices);
  }

 private:
  static std::vector<std::string> texts(const std::vector<Choice>& choices) {
    std::vector<std::string> texts;
    for (const Choice& choice : choices) texts.push_back(text_of(choice));
    return texts;
  }

  ScriptedTruth truth_;
  System system_;
  SettledTable table_;
  Settled settled_;
};

const std::string kAnswerA = "answer model-registry /api/v1/instances/a";

/// Both have changed; a's event is still on the bus when the graph holds it.
void bring_a_up_to_date(Walk& walk) {
  walk.take("change 1");
  walk.take("duplicate 1");
  walk.take("change 2");
  walk.take(kAnswerA);
}

}  // namespace

TEST_CASE("what is left of a document that is up to date is taken by itself") {
  const Setup setup = two_models(R"({"duplicates": 1, "reconciliation": "none"})");
  Walk walk(setup);
  bring_a_up_to_date(walk);
  CHECK(walk.possible() == std::vector<std::string>{"deliver 1", "deliver 2"});
  CHECK(walk.reduced() == std::vector<std::string>{"deliver 1"});
  walk.take("deliver 1");
  CHECK(walk.reduced() == std::vector<std::string>{kAnswerA});
}

TEST_CASE("a document that the graph does not hold as it is keeps its place among the others") {
  const Setup setup = two_models(R"({"reconciliation": "none"})");
  Walk walk(setup);
  walk.take("change 1");
  CHECK(walk.reduced() == walk.possible());  // a's event may come before or after b's change
  walk.take("change 2");
  walk.take("deliver 1");
  CHECK(walk.possible().size() == 2);
  CHECK(walk.reduced() == walk.possible());
}

TEST_CASE("nothing is settled while a crash may come, a round may begin, or calls overtake") {
  for (const auto& [explore, mds] : std::vector<std::pair<std::string, std::string>>{
           {R"({"duplicates": 1, "crashes": 1})", "{}"},
           {R"({"duplicates": 1, "reconciliation": "any"})", "{}"},
           {R"({"duplicates": 1})", R"({"hydration": {"coalescing": "unguarded"}})"},
           {R"({"duplicates": 1})", R"({"hydration": {"concurrency": 1}})"}}) {
    INFO(explore << " " << mds);
    const Setup setup = two_models(explore, mds);
    Walk walk(setup);
    bring_a_up_to_date(walk);
    CHECK(walk.reduced() == walk.possible());
  }
}

TEST_CASE("a list that names nothing new is taken by itself") {
  const Setup setup = two_models(R"({"reconciliation": "any"})");
  Walk walk(setup);
  walk.take("change 1");
  walk.take("reconcile");
  const std::vector<std::string> left = walk.reduced();
  CHECK(walk.possible().size() > left.size());
  for (const std::string& choice : left) CHECK(choice.ends_with(left.front().substr(7)));
}

TEST_CASE("a search that takes settled documents by themselves finds the same in fewer states") {
  const Setup setup = two_models(R"({"drops": 1, "failures": 1, "reconciliation": "any"})");
  const ScriptedTruth truth(setup);
  const Exhaustive all = explore_all(setup, truth, {});
  ExhaustiveOptions whole;
  whole.reduce = false;
  const Exhaustive plain = explore_all(setup, truth, whole);
  CHECK(all.complete);
  CHECK(all.digests == plain.digests);
  CHECK(all.violations.empty());
  CHECK(plain.violations.empty());
  UNSCOPED_INFO(all.states << " " << all.steps << " " << plain.states << " " << plain.steps);
  CHECK(2 * all.states < plain.states);
}

TEST_CASE("only worlds of too many states take settled documents by themselves, and say so") {
  const Setup setup = two_models(R"({"drops": 1, "failures": 1, "reconciliation": "any"})");
  const ScriptedTruth truth(setup);
  ExhaustiveOptions plain;
  plain.settle = false;
  const Exhaustive whole = explore_all(setup, truth, plain);
  const Exhaustive settled = explore_all(setup, truth, {});
  CHECK_FALSE(whole.settled);
  CHECK(settled.settled);
  for (const std::size_t jobs : {1, 2}) {
    ExhaustiveOptions options;
    options.jobs = jobs;
    const Exhaustive within = explore_all(setup, truth, options, whole.states);
    CHECK(within.states == whole.states);
    CHECK_FALSE(within.settled);
    const Exhaustive beyond = explore_all(setup, truth, options, whole.states - 1);
    CHECK(beyond.complete);
    CHECK(beyond.settled);
    CHECK(beyond.states == settled.states);
    CHECK(beyond.digests == whole.digests);
  }
}

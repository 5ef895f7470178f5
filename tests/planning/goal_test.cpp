// Costs and promises as the user writes them.
#include "planning/plan/goal.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using namespace rehearse;
using namespace rehearse::planning;

namespace {

const measure::Subjects kSubjects{{"datasets", "model-registry"}};

Constraint constraint(const std::string& text) { return parse_constraint(text, kSubjects); }

std::string refusal(const std::function<void()>& what) {
  try {
    what();
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::string refused(const std::string& text) {
  return refusal([&] { constraint(text); });
}

std::string contradiction(const std::vector<std::string>& texts) {
  return refusal([&] {
    std::vector<Constraint> constraints;
    for (const std::string& text : texts) constraints.push_back(constraint(text));
    check_consistent(constraints);
  });
}

}  // namespace

TEST_CASE("a cost is a weighted sum of pointers and of their inverses") {
  const Cost cost = parse_cost("/a/*/rate + 2.5*/b-c + 1000 / /e/every");
  REQUIRE(cost.terms.size() == 3);
  CHECK(cost.terms[0].pointer == "/a/*/rate");
  CHECK(cost.terms[0].of(7) == 7);
  CHECK(cost.terms[1].pointer == "/b-c");
  CHECK(cost.terms[1].of(2) == 5);
  CHECK(cost.terms[1].rises());
  CHECK(cost.terms[2].pointer == "/e/every");
  CHECK(cost.terms[2].of(100) == 10);
  CHECK_FALSE(cost.terms[2].rises());
}

TEST_CASE("a weight below 0 is refused with the place and what a period's cost is written as") {
  for (const std::string text : {"-1 * /x", "-/x", "-1 / /x", "/a - 3 * /x", "/a + -3 * /x"}) {
    INFO(text);
    const std::string said = refusal([&] { parse_cost(text); });
    CHECK_THAT(said, Catch::StartsWith("--minimise: found \"-"));
    CHECK_THAT(said, Catch::Contains("a weight below 0") && Catch::Contains("WEIGHT / POINTER"));
  }
}

TEST_CASE("what is no cost is refused with the place") {
  for (const std::string text : {"", "2", "2 *", "a", "/a + ", "/a /b", "0 * /a", "/a + /a",
                                 "2 + /a", "/a * 2", "nan * /a", "/a * /b"}) {
    INFO(text);
    CHECK_THAT(refusal([&] { parse_cost(text); }), Catch::StartsWith("--minimise: found"));
  }
}

TEST_CASE("a promise bounds a mean or a share of runs, in the metric's unit") {
  const Constraint mean = constraint(" entity.age.p99 <= 5m ");
  CHECK(mean.text == "entity.age.p99 <= 5m");
  CHECK(mean.metric == "entity.age.p99");
  CHECK(mean.limit == 300);
  CHECK(mean.at_most);
  CHECK_FALSE(mean.share);

  const Constraint share = constraint("entity.age.p99<=5m in 95% of runs");
  CHECK(share.limit == 300);
  CHECK(share.share == Approx(0.95));

  const Constraint fresh = constraint("entity.freshness.mean >= 99%");
  CHECK(fresh.limit == Approx(0.99));
  CHECK_FALSE(fresh.at_most);
  CHECK(fresh.turned(0.995) < fresh.turned_limit());

  CHECK(constraint("source.datasets.rate.mean <= 30/m").limit == Approx(0.5));
  CHECK(constraint("hydration.wait.mean <= 0.5").limit == 0.5);
}

TEST_CASE("a promise that cannot be read is refused, an unknown metric with the nearest") {
  CHECK_THAT(refused("entity.age.p999 <= 5m"), Catch::Contains("did you mean \"entity.age.p99\"?"));
  CHECK_THAT(refused("source.dataset.requests <= 5"),
             Catch::Contains("did you mean \"source.datasets.requests\"?"));
  for (const std::string text :
       {"entity.age.p99", "entity.age.p99 < 5m", "entity.age.p99 <= ", "entity.age.p99 <= 5x",
        "entity.age.p99 <= 5m in 95%", "entity.age.p99 <= 5m in x% of runs",
        "entity.age.p99 <= 5m in 100% of runs", "entity.age.p99 <= 5m in 20% of runs",
        "entity.age.p99 <= -1", "entity.freshness.mean >= 1.2", "bus.published <= 5m", "<= 5"}) {
    INFO(text);
    CHECK_THAT(refused(text), Catch::StartsWith("--subject-to: "));
  }
}

TEST_CASE("promises that no run can keep together are refused") {
  const std::string contradicts = "contradicts";
  CHECK_THAT(contradiction({"entity.age.mean <= 1m", "entity.age.mean >= 2m"}),
             Catch::Contains(contradicts));
  CHECK_THAT(contradiction({"entity.age.p50 >= 2m", "entity.age.p99 <= 1m"}),
             Catch::Contains(contradicts));
  CHECK_THAT(
      contradiction({"entity.age.max <= 1m in 90% of runs", "entity.age.p90 >= 2m in 90% of runs"}),
      Catch::Contains(contradicts));
  for (const std::vector<std::string>& fine : std::vector<std::vector<std::string>>{
           {"entity.age.mean <= 2m", "entity.age.mean >= 1m"},
           {"entity.age.p50 <= 1m", "entity.age.p99 >= 2m"},
           {"entity.age.p50 >= 2m", "hydration.wait.p99 <= 1m"},
           {"entity.age.p50 >= 2m in 60% of runs", "entity.age.p99 <= 1m"}}) {
    CHECK(contradiction(fine) == "accepted");
  }
}

// What a bus promises, exploration keeps: order within a partition of a kafka bus, none on a queue;
// after a crash or a rebalance a partition comes again from its last commit, in order.
#include <catch2/catch.hpp>

#include "explore/search/exhaustive.hpp"
#include "explore/tell/trial.hpp"
#include "setups.hpp"

using namespace rehearse;
using namespace rehearse::explore;

namespace {

/// A subscription is created and updated; the service stores what the events carry.
Setup state_in_events(const std::string& more) {
  return test::explore_setup(R"({"sources": {"identity": {"script": [
    {"at": "1s", "op": "create", "type": "User", "id": "sub-1", "fields": {"status": "incomplete"}},
    {"at": "2s", "op": "update", "type": "User", "id": "sub-1", "fields": {"status": "active"}}]}},
    "mds": {"hydration": {"mode": "event-payload"}})" +
                             more + "}");
}

std::map<Property, std::uint64_t> violated(const Setup& setup) {
  const ScriptedTruth truth(setup);
  const Exhaustive all = explore_all(setup, truth, {});
  REQUIRE(all.complete);
  return all.violating_steps;
}

/// Two models that are created one after the other.
Setup two_models(const std::string& partitions, const std::string& explore) {
  return test::explore_setup(R"({"sources": {"model-registry": {"script": [
    {"at": "1s", "op": "create", "type": "Model", "id": "a"},
    {"at": "2s", "op": "create", "type": "Model", "id": "b"}]}},
    "partitions": )" + partitions +
                             R"(, "explore": )" + explore + "}");
}

Choice change(std::size_t n) { return {Action::change, n, {}, {}, 0}; }
Choice deliver(std::size_t n) { return {Action::deliver, n, {}, {}, 0}; }
Choice answer(const std::string& id) {
  return {Action::answer, 0, "model-registry", "/api/v1/models/" + id, 0};
}
const Choice kCrash{Action::crash, 0, {}, {}, 0};
const Choice kRebalance{Action::rebalance, 0, "main", {}, 0};

void take(System& system, const std::vector<Choice>& choices) {
  for (const Choice& choice : choices) {
    INFO(text_of(choice));
    REQUIRE(system.is_enabled(choice));
    REQUIRE(system.apply(choice).empty());
  }
}

}  // namespace

TEST_CASE("state in events comes out wrong on a queue, and not in one partition of a kafka bus") {
  CHECK(violated(state_in_events("")).count(Property::p1) == 1);
  const auto kafka = violated(state_in_events(R"(, "partitions": 1)"));
  CHECK(kafka.count(Property::p1) == 0);
  CHECK(kafka.count(Property::order) == 0);
  CHECK(violated(state_in_events(R"(, "partitions": 12)")).count(Property::p1) == 0);
}

TEST_CASE("an event waits for those before it in its partition, and for no others") {
  const Setup one = two_models("1", "{}");
  const ScriptedTruth truth(one);
  System system(one, truth);
  take(system, {change(1), change(2)});
  CHECK(system.is_enabled(deliver(1)));
  CHECK_FALSE(system.is_enabled(deliver(2)));
  take(system, {deliver(1)});
  CHECK(system.is_enabled(deliver(2)));

  // Of 64 partitions the two have one each.
  const Setup many = two_models("64", "{}");
  const ScriptedTruth apart(many);
  REQUIRE(apart.lane(1) != apart.lane(2));
  System other(many, apart);
  take(other, {change(1), change(2)});
  CHECK(other.is_enabled(deliver(2)));
}

TEST_CASE("an event that comes twice holds back those behind it until it has") {
  const Setup setup = two_models("1", R"({"duplicates": 1})");
  const ScriptedTruth truth(setup);
  System system(setup, truth);
  take(system, {change(1), change(2), {Action::duplicate, 1, {}, {}, 0}});
  CHECK_FALSE(system.is_enabled(deliver(2)));
  take(system, {deliver(1), deliver(2)});
}

TEST_CASE("after a crash or a rebalance a partition comes again from its last commit, in order") {
  const Setup setup = two_models("1", R"({"crashes": 1, "rebalances": 1})");
  const ScriptedTruth truth(setup);
  for (const Choice& fault : {kCrash, kRebalance}) {
    System system(setup, truth);
    take(system, {change(1), change(2), deliver(1), deliver(2), answer("b")});
    CHECK(system.branch().uncommitted == std::vector<std::size_t>{2});
    take(system, {fault});
    CHECK(system.branch().on_bus == std::vector<std::size_t>{1, 2});
    CHECK_FALSE(system.is_enabled(deliver(2)));
    take(system, {deliver(1), deliver(2), answer("a")});
  }
  // What was acknowledged in order is committed and stays away.
  System system(setup, truth);
  take(system, {change(1), change(2), deliver(1), deliver(2), answer("a")});
  CHECK(system.branch().uncommitted.empty());
  take(system, {kCrash});
  CHECK(system.branch().on_bus == std::vector<std::size_t>{2});
}

TEST_CASE("a rebalance is possible where something would come again") {
  const Setup setup = two_models("1", R"({"rebalances": 1})");
  const ScriptedTruth truth(setup);
  System system(setup, truth);
  take(system, {change(1)});
  CHECK_FALSE(system.is_enabled(kRebalance));
  take(system, {deliver(1)});
  CHECK(system.is_enabled(kRebalance));
  take(system, {answer("a")});
  CHECK_FALSE(system.is_enabled(kRebalance));
  CHECK(violated(setup).empty());
}

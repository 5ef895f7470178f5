#include "models/sources/source_systems.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "sim/heap_calendar.hpp"
#include "simulation_rig.hpp"

using Catch::Matchers::Contains;
using Catch::Matchers::Equals;
using rehearse::Duration;
using rehearse::Time;
using rehearse::sim::HeapCalendar;
using rehearse::test::base_config;
using rehearse::test::json;
using rehearse::test::SimulationRig;

namespace models = rehearse::models;
namespace world = rehearse::world;

namespace {

constexpr const char* kOrchestrator = "pipeline-orchestrator";
constexpr const char* kRegistry = "model-registry";
constexpr const char* kTests = "experimentation";

world::Operation operation(world::Op op, const std::string& type, const std::string& id,
                           const std::map<std::string, std::vector<std::string>>& refs = {}) {
  world::Operation made;
  made.op = op;
  made.type = type;
  made.id = id;
  made.refs = refs;
  return made;
}

models::SimulationConfig sources_of_a_release() {
  models::SimulationConfig config = base_config({kOrchestrator, kRegistry, kTests});
  config.service.enrichment.every = Duration::seconds(10);
  return config;
}

// A model that acts: what it does, second by second.
class Actor {
 public:
  Actor(SimulationRig& rig, HeapCalendar& calendar) : rig_(rig), calendar_(calendar) {}

  void make(const std::string& source, world::Operation operation) {
    at_next([this, source, operation = std::move(operation)] {
      changes.push_back(rig_.simulation->sources().make(source, operation));
    });
  }
  void at_next(std::function<void()> act) {
    now_ = now_ + Duration::seconds(5);
    calendar_.at(now_, [act = std::move(act)] { act(); });
  }

  std::vector<world::Change> changes;

 private:
  SimulationRig& rig_;
  HeapCalendar& calendar_;
  Time now_;
};

// A run is made, a version of it registered, tested, and the run forgotten.
void release(Actor& actor) {
  using world::Op;
  actor.make(kOrchestrator, operation(Op::create, "Pipeline", "train-rec"));
  actor.make(kOrchestrator,
             operation(Op::create, "PipelineRun", "rec-run-1", {{"pipeline", {"train-rec"}}}));
  actor.make(kRegistry, operation(Op::create, "Model", "rec"));
  actor.make(kRegistry, operation(Op::create, "ModelInstance", "rec-v1",
                                  {{"model", {"rec"}}, {"pipeline_run", {"rec-run-1"}}}));
  actor.make(kRegistry, operation(Op::update, "Model", "rec", {{"current_instance", {"rec-v1"}}}));
  world::Operation test = operation(Op::create, "ABTest", "t1");
  test.parts = {{"1", "control"}, {"2", "treatment"}};
  test.replace_parts = true;
  actor.make(kTests, test);
  actor.make(kOrchestrator,
             operation(Op::update, "PipelineRun", "rec-run-1", {{"ab_test_cells", {"t1:2"}}}));
}

template <class Act>
std::string error_of(Act act) {
  try {
    act();
  } catch (const rehearse::InputError& error) {
    return error.what();
  }
  return {};
}

// Where the operation fails within a run, and what it says; the run must be as if it had not been.
std::string refused(const std::string& source, const world::Operation& attempt) {
  HeapCalendar calendar;
  SimulationRig rig(sources_of_a_release(), calendar);
  Actor actor(rig, calendar);
  release(actor);
  actor.make(kOrchestrator, operation(world::Op::remove, "Pipeline", "train-rec"));
  std::string message;
  actor.at_next(
      [&] { message = error_of([&] { rig.simulation->sources().make(source, attempt); }); });
  rig.go();
  CHECK(rig.observer.changes.size() == 8);
  CHECK(rig.observer.published == 8);
  CHECK(rig.divergent().empty());
  return message;
}

}  // namespace

TEST_CASE("what a model does at the sources reaches the graph, derived edges included") {
  HeapCalendar calendar;
  SimulationRig rig(sources_of_a_release(), calendar);
  Actor actor(rig, calendar);
  release(actor);
  rig.go();
  REQUIRE(actor.changes.size() == 7);
  CHECK(rig.observer.changes.size() == 7);
  CHECK(rig.observer.published == 7);
  CHECK(actor.changes[3].uri == "aip://model/registry/rec-v1");
  CHECK(actor.changes[4].version == 2);
  CHECK(actor.changes[4].at == Time{} + Duration::seconds(25));
  CHECK(rig.divergent().empty());
  CHECK(rehearse::mds::Graph(*rig.store).answer("ab-tests", "aip://model/registry/rec-v1") ==
        std::vector<std::string>{"aip://ab-test/experimentation/t1"});
}

TEST_CASE("a change on purpose is lost, late and silent like any other") {
  for (const bool silent : {false, true}) {
    models::SimulationConfig config = sources_of_a_release();
    if (silent) {
      config.faults = rehearse::models::parse_faults(
          json(R"([{"at":"1s","for":"900s","target":"source:model-registry","kind":"silent"}])"),
          models::fault_targets({kRegistry}, {"main"}), config.duration);
    } else {
      config.buses["main"].drop = 1;
    }
    HeapCalendar calendar;
    SimulationRig rig(config, calendar);
    Actor actor(rig, calendar);
    actor.make(kRegistry, operation(world::Op::create, "Model", "rec"));
    rig.go();
    CHECK(rig.observer.published == (silent ? 0 : 1));
    CHECK(rig.divergent() == std::vector<std::string>{"aip://model/registry/rec"});
  }
}

TEST_CASE("random processes count and change what a model creates") {
  models::SimulationConfig config = sources_of_a_release();
  const auto world = rehearse::test::world_of({kOrchestrator, kRegistry, kTests});
  config.sources[1].changes =
      models::parse_changes(json(R"([{"type":"Model","rate":"1/s","per":"entity"}])"),
                            world.sources()[1], world.sources());
  HeapCalendar calendar;
  SimulationRig rig(config, calendar);
  Actor actor(rig, calendar);
  actor.make(kRegistry, operation(world::Op::create, "Model", "rec"));
  rig.go();
  CHECK(rig.observer.changes.size() > 800);  // some 995 of the one model that there is
  CHECK(rig.divergent().empty());
}

TEST_CASE("what a model cannot do at a source is an error that says why, and does nothing") {
  using world::Op;
  CHECK_THAT(
      refused("model-registri", operation(Op::create, "Model", "m")),
      Contains("no source is named model-registri") && Contains("did you mean model-registry?"));
  CHECK_THAT(
      refused(kRegistry, operation(Op::create, "Modell", "m")),
      Contains("model-registry has no entities of type Modell") && Contains("did you mean Model?"));
  CHECK_THAT(refused(kRegistry, operation(Op::update, "PipelineRun", "rec-run-1")),
             Contains("model-registry has no entities of type PipelineRun") &&
                 Contains("; pipeline-orchestrator has them"));
  CHECK_THAT(refused(kTests, operation(Op::create, "ABTestCell", "t1:3")),
             Contains("experimentation has no entities of type ABTestCell"));
  CHECK_THAT(refused(kRegistry, operation(Op::create, "ModelInstance", "rec-v1")),
             Equals("ModelInstance rec-v1: it exists already, so it cannot be created"));
  CHECK_THAT(refused(kRegistry, operation(Op::create, "ModelInstance", "rec")),
             Equals("ModelInstance rec: the id belongs to a Model"));
  CHECK_THAT(refused(kRegistry, operation(Op::update, "ModelInstance", "rec-v2")),
             Equals("ModelInstance rec-v2: it was never created, so it cannot be updated; did you "
                    "mean rec-v1?"));
  CHECK_THAT(refused(kOrchestrator, operation(Op::remove, "Pipeline", "train-rec")),
             Equals("Pipeline train-rec: it was deleted, so it cannot be deleted"));
  CHECK_THAT(refused(kRegistry, operation(Op::create, "Model", "")), Contains("an id is needed"));
  CHECK_THAT(refused(kRegistry, operation(Op::update, "Model", "rec", {{"instance", {"rec-v1"}}})),
             Contains("Model rec: no reference instance"));
  CHECK_THAT(refused(kOrchestrator, operation(Op::update, "PipelineRun", "rec-run-1",
                                              {{"ab_test_cells", {"t1"}}})),
             Contains("PipelineRun rec-run-1: ab_test_cells refers to t1, which is not"));
}

TEST_CASE("a model may refer to what does not exist, as in the systems that are modelled") {
  HeapCalendar calendar;
  SimulationRig rig(sources_of_a_release(), calendar);
  Actor actor(rig, calendar);
  actor.make(kRegistry, operation(world::Op::create, "ModelInstance", "rec-v1",
                                  {{"pipeline_run", {"nobody-ran-it"}}}));
  rig.go();
  CHECK(rig.divergent().empty());
}

TEST_CASE("no model changes a source before the run or after its duration") {
  HeapCalendar calendar;
  SimulationRig rig(sources_of_a_release(), calendar);
  const auto attempt = [&] {
    return error_of([&] {
      rig.simulation->sources().make(kRegistry, operation(world::Op::create, "Model", "rec"));
    });
  };
  const std::string early = attempt();
  std::string late;
  calendar.at(Time{} + Duration::seconds(1000), [&] { late = attempt(); });
  rig.go();
  CHECK_THAT(early, Contains("changes from the start of the run until its duration"));
  CHECK_THAT(late, Contains("changes from the start of the run until its duration"));
  CHECK(rig.observer.changes.empty());
}

// What operations do at the sources, row by row of the release table.
#include "lifecycle/deeds.hpp"

#include <catch2/catch.hpp>

#include "deed_words.hpp"
#include "lifecycle/model_settings.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;

namespace {

using Words = std::vector<std::string>;

ModelEntities entities() { return {"rec", "personalization", {"ann", "bob"}, {"age", "taste"}}; }

}  // namespace

TEST_CASE("at time 0 there is everything that the first version hangs on") {
  REQUIRE(in_words(begun(entities(), {})) ==
          Words{"create Model rec current_instance=rec-v1",
                "create Pipeline train-rec inputs=rec-training", "create Dataset rec-training",
                "create Feature age", "create Feature taste",
                "create PipelineRun rec-run-1 state=SUCCEEDED attempt=1 pipeline=train-rec",
                "create ModelInstance rec-v1 state=PRODUCTION model_version=1 model=rec "
                "pipeline_run=rec-run-1 features=age,taste owners=ann,bob #team::personalization",
                "create User ann status=active team=personalization",
                "create User bob status=active team=personalization",
                "create Team personalization"});
}

TEST_CASE("a training creates a run, its next try changes it, its end creates data") {
  REQUIRE(in_words(training_started("rec", 2, 1, {})) ==
          Words{"create PipelineRun rec-run-2 state=RUNNING attempt=1 pipeline=train-rec"});
  REQUIRE(in_words(training_started("rec", 2, 2, {})) ==
          Words{"update PipelineRun rec-run-2 state=RUNNING attempt=2"});
  REQUIRE(in_words(training_ended("rec", 2, true, {})) ==
          Words{"update PipelineRun rec-run-2 state=SUCCEEDED",
                "create DatasetVersion rec-training-2 dataset=rec-training "
                "pipeline_run=rec-run-2"});
  REQUIRE(in_words(training_ended("rec", 2, false, {})) ==
          Words{"update PipelineRun rec-run-2 state=FAILED"});
  REQUIRE(in_words(gates_failed("rec", 2, {})) ==
          Words{"update PipelineRun rec-run-2 state=REJECTED"});
}

TEST_CASE("a version is registered with all that it names") {
  REQUIRE(in_words(gates_passed(entities(), 2, {})) ==
          Words{"create ModelInstance rec-v2 state=CANDIDATE model_version=2 model=rec "
                "pipeline_run=rec-run-2 features=age,taste owners=ann,bob #team::personalization"});
}

TEST_CASE("a production rollback moves the pointer first") {
  REQUIRE(in_words(production_rolled_back("rec", 3, 1, {})) ==
          Words{"update Model rec current_instance=rec-v1",
                "update ModelInstance rec-v3 state=QUARANTINED",
                "update ModelInstance rec-v1 state=PRODUCTION"});
}

TEST_CASE("what a scenario does not name has names of its own") {
  ModelSettings settings;
  settings.name = "search";
  settings.world.features = 2;
  settings.owners = 1;
  const ModelEntities own = entities_of(settings);
  REQUIRE(own.team == "search-team");
  REQUIRE(own.owners == Words{"search-owner-1"});
  REQUIRE(own.features == Words{"search-x0", "search-x1"});
  settings.team = "personalization";
  settings.feature_names = {"age", "taste"};
  REQUIRE(entities_of(settings).team == "personalization");
  REQUIRE(entities_of(settings).features == Words{"age", "taste"});
}

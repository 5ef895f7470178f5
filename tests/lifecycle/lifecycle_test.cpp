// Models from drift to a new version in production, on one cluster.
#include "lifecycle/lifecycle.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "deed_words.hpp"
#include "lifecycle_run.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;

namespace {

std::vector<double> days_of(const Run& run, What what) {
  std::vector<double> days;
  for (const Record& record : run.life.lineage().records()) {
    if (record.what == what) days.push_back(record.at.to_seconds() / 86400);
  }
  return days;
}

}  // namespace

TEST_CASE("a relation that turns is answered by one retraining, three days after") {
  Run run({rotated_model()});
  run.until(day(kLastDay));
  REQUIRE(run.trainings() == 1);
  REQUIRE(days_of(run, What::alert) == std::vector<double>{kDriftDay + 3});
  REQUIRE(run.model().flow().production() == 2);
  const rollout::PointerMove move = run.model().flow().line().moves().at(0);
  CHECK(move.time > day(kDriftDay + 3));
  CHECK(move.time < day(kDriftDay + 4));
  CHECK(lost(run, kDriftDay) <= 0.03);
}

TEST_CASE("a turned relation that nobody watches goes on losing") {
  ModelSettings settings = rotated_model();
  settings.monitors.clear();
  Run run({settings});
  run.until(day(kLastDay));
  REQUIRE(run.model().flow().production() == 1);
  CHECK(lost(run, kDriftDay) >= 0.13);
}

TEST_CASE("without drift nothing is trained, and little is lost") {
  Run run({watched_model()}, 3);
  run.until(day(kLastDay));
  REQUIRE(facts_of<TrainingAsked>(run.facts).empty());
  REQUIRE(run.deeds.empty());
  CHECK(lost(run, 0) <= 0.022);
}

TEST_CASE("a version leads back to the alert that it answers") {
  Run run({rotated_model()});
  run.until(day(kDriftDay + 5));
  const auto& records = run.life.lineage().records();
  const auto pointer = std::find_if(records.begin(), records.end(), [](const Record& record) {
    return record.what == What::pointer;
  });
  REQUIRE(pointer != records.end());
  std::vector<What> chain;
  for (const RecordId id : run.life.lineage().chain(pointer->id)) {
    chain.push_back(run.life.lineage().at(id).what);
  }
  REQUIRE(chain == std::vector{What::pointer, What::signal, What::verdict, What::version,
                               What::gate, What::signal, What::run, What::run, What::signal,
                               What::alert});
}

TEST_CASE("deeds of a retraining come in the order of the release table") {
  Run run({rotated_model()});
  run.until(day(kDriftDay + 5));
  const ModelEntities entities = entities_of(rotated_model());
  Deeds expected;
  for (const Deeds& of : {training_started("rec", 2, 1, {}), training_ended("rec", 2, true, {}),
                          gates_passed(entities, 2, {}), canary_launched("rec", 2, {}),
                          promoted("rec", 2, {}), retired("rec", 1, {})}) {
    expected.insert(expected.end(), of.begin(), of.end());
  }
  REQUIRE(in_words(run.deeds) == in_words(expected));
  REQUIRE(in_words(run.begun) == in_words(begun(entities, {})));
}

TEST_CASE("a schedule trains where no trigger does, within the cap") {
  ModelSettings settings = watched_model();
  settings.training.every = Duration::days(1);
  settings.training.cap = {3, Duration::days(7)};
  Run run({settings});
  run.until(day(7));
  REQUIRE(run.trainings() == 3);
  REQUIRE(asked(run.facts, TrainingAsked::Fate::capped) >= 3);
}

TEST_CASE("errors that begin after the promotion roll the version back") {
  ModelSettings settings = rotated_model();
  settings.defects = {{2, Crash{0.05, stats::Distribution::constant(Duration::hours(6))}}};
  Run run({settings});
  run.until(day(kDriftDay + 5));
  REQUIRE(run.model().flow().production() == 1);
  const RollbackSeen& rollback = run.rollbacks.at(0);
  REQUIRE(rollback.begun.procedure == "serving-errors");
  REQUIRE_FALSE(rollback.late());
  const Time promoted = *run.model().flow().promoted_at(2);
  CHECK(rollback.begun.triggered - promoted >= Duration::hours(6));
  CHECK(rollback.begun.triggered - promoted <= Duration::hours(6) + Duration::minutes(4));
}

TEST_CASE("a leak is rejected at the gates, a swap by the canary") {
  ModelSettings settings = rotated_model();
  settings.defects = {{2, Leak{0, 4}}};
  Run leaking({settings});
  leaking.until(day(kDriftDay + 5));
  REQUIRE(facts_of<GatesDecided>(leaking.facts).at(0).rejected_by == Gate::leak);
  REQUIRE(leaking.model().flow().production() == 1);
  settings.defects = {{2, Swap{}}};
  Run swapped({settings});
  swapped.until(day(kDriftDay + 5));
  REQUIRE(decided(swapped.facts, CanaryDecided::Outcome::failed) == 1);
  REQUIRE(swapped.model().flow().production() == 1);
}

TEST_CASE("models that drift together wait for slots") {
  std::vector<ModelSettings> models;
  for (int i = 0; i < 4; ++i) {
    models.push_back(rotated_model());
    models.back().name = "rec-" + std::to_string(i);
  }
  Run run(models, 1, 1);
  run.until(day(kDriftDay + 5));
  REQUIRE(run.trainings() == 4);
  REQUIRE(run.life.cluster().waiting() == 0);
}

TEST_CASE("what one model decides changes no count of another, and hours with equal arms agree") {
  ModelSettings other = watched_model();
  other.name = "search";
  ModelSettings quiet = rotated_model();
  quiet.monitors.clear();
  Run with({rotated_model(), other}), without({quiet, other});
  with.until(day(kDriftDay + 10));
  without.until(day(kDriftDay + 10));
  REQUIRE(with.life.model(1).traffic().total() == without.life.model(1).traffic().total());
  REQUIRE(with.life.model(0).flow().production() == 2);
}

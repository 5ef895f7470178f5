#include "lifecycle/lineage.hpp"

#include <catch2/catch.hpp>

using namespace rehearse;
using namespace rehearse::lifecycle;

namespace {

Record record(What what, RecordId cause = {}) {
  Record record;
  record.what = what;
  record.cause = cause;
  return record;
}

}  // namespace

TEST_CASE("the chain of a record leads back to its origin") {
  Lineage lineage;
  const RecordId alert = lineage.add(record(What::alert));
  const RecordId other = lineage.add(record(What::schedule));
  const RecordId signal = lineage.add(record(What::signal, alert));
  const RecordId run = lineage.add(record(What::run, signal));
  REQUIRE(lineage.chain(run) == std::vector{run, signal, alert});
  REQUIRE(lineage.chain(other) == std::vector{other});
  REQUIRE(lineage.at(signal).cause == alert);
  REQUIRE(lineage.records().size() == 4);
}

TEST_CASE("what led to something may be an origin only if nobody decided it") {
  REQUIRE(is_origin(What::alert));
  REQUIRE(is_origin(What::schedule));
  for (const What what : {What::signal, What::run, What::version, What::rollback, What::pointer}) {
    REQUIRE_FALSE(is_origin(what));
  }
  REQUIRE(to_string(What::held_back) == "held-back");
}

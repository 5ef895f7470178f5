#include "world/footprint.hpp"

#include <catch2/catch.hpp>

#include "contents.hpp"

using namespace rehearse::world;
using Catch::Contains;
using rehearse::test::error_of;
using rehearse::test::shipped_shapes;

namespace {

const std::string kRegistry = "model-registry";

bool creates(const Creation& creation, const std::string& id) {
  Footprint footprint;
  footprint.add(creation);
  return footprint.may_create(kRegistry, "ModelInstance", id);
}

std::string refused(const Creation& creation) {
  Footprint footprint;
  footprint.add(creation);
  return error_of([&] { check_footprint(shipped_shapes(), footprint); });
}

}  // namespace

TEST_CASE("a numbered creation holds every number in its one spelling") {
  const Creation versions{kRegistry, "ModelInstance", "rec-v", 1, {}, {}};
  for (const char* id : {"rec-v0", "rec-v1", "rec-v10", "rec-v123456789012345678901"}) {
    INFO(id);
    CHECK(creates(versions, id));
  }
  for (const char* id : {"rec-v", "rec-v01", "rec-v1a", "rec-w1", "srec-v1", "rec-1", "1", ""}) {
    INFO(id);
    CHECK_FALSE(creates(versions, id));
  }
  const Creation padded{kRegistry, "ModelInstance", "rec-", 3, {}, {}};
  CHECK(creates(padded, "rec-007"));
  CHECK(creates(padded, "rec-1000"));
  CHECK_FALSE(creates(padded, "rec-07"));
  CHECK_FALSE(creates(padded, "rec-0007"));
  CHECK(creates({kRegistry, "ModelInstance", "rec-2", 1, {}, {}}, "rec-21"));
  CHECK(creates({kRegistry, "ModelInstance", "", 1, {}, {}}, "21"));
}

TEST_CASE("a whole id is that entity of that type at that source, and no other") {
  Footprint footprint;
  footprint.add({kRegistry, "Model", "rec", 0, {}, {}});
  CHECK(footprint.may_create(kRegistry, "Model", "rec"));
  CHECK_FALSE(footprint.may_create(kRegistry, "Model", "rec1"));
  CHECK_FALSE(footprint.may_create(kRegistry, "ModelInstance", "rec"));
  CHECK_FALSE(footprint.may_create("datasets", "Model", "rec"));
}

TEST_CASE("random processes create the ids that are generated") {
  Footprint footprint;
  footprint.add(random_creation(kRegistry, "ModelInstance"));
  for (const std::size_t number : {0, 999'999, 1'000'000}) {
    CHECK(footprint.may_create(kRegistry, "ModelInstance", generated_id("ModelInstance", number)));
  }
  CHECK_FALSE(footprint.may_create(kRegistry, "ModelInstance", "model-instance-42"));
  CHECK_FALSE(footprint.may_create(kRegistry, "ModelInstance", "model-instance-0000042"));
}

TEST_CASE("footprints of several models are one when they are put together") {
  Footprint first;
  first.add({kRegistry, "ModelInstance", "rec-v", 1, {}, {}});
  Footprint all;
  all.add({kRegistry, "ModelInstance", "search-", 3, {}, {}});
  all.add(first);
  CHECK(all.may_create(kRegistry, "ModelInstance", "rec-v7"));
  CHECK(all.may_create(kRegistry, "ModelInstance", "search-007"));
  CHECK(all.examples(kRegistry, "ModelInstance") ==
        std::vector<std::string>{"search-001", "rec-v1"});
  CHECK(all.examples(kRegistry, "Model").empty());
}

TEST_CASE("a footprint that the sources cannot have is refused with what they have") {
  CHECK(refused({kRegistry, "ModelInstance", "rec-v", 1, {"pipeline_run"}, {}}).empty());
  CHECK(refused({"experimentation", "ABTest", "t", 1, {}, {"1", "2"}}).empty());
  CHECK_THAT(refused({"model-registri", "Model", "rec", 0, {}, {}}),
             Contains("Model rec, but there is no source model-registri") &&
                 Contains("did you mean model-registry?"));
  CHECK_THAT(refused({kRegistry, "Modell", "rec", 0, {}, {}}),
             Contains("no type Modell") && Contains("did you mean Model?"));
  CHECK_THAT(refused({kRegistry, "ModelInstance", "rec-v", 1, {"pipeline_runs"}, {}}),
             Contains("no reference pipeline_runs") && Contains("did you mean pipeline_run?"));
  CHECK_THAT(refused({kRegistry, "Model", "rec", 0, {}, {"1"}}), Contains("have none"));
}

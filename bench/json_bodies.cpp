#include "json_bodies.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "world/world.hpp"

namespace rehearse::bench {
namespace {

world::World filled_world(int instances) {
  world::World world({*world::shipped_shape("model-registry")});
  for (int i = 0; i < instances; ++i) {
    world::Operation create;
    create.source = "model-registry";
    create.type = "ModelInstance";
    create.id = fmt::format("model-instance-{:06}", i);
    create.op = world::Op::create;
    create.fields = {{"name", fmt::format("ranking-model-{}", i)},
                     {"description", fmt::format("instance {} of a model that ranks titles", i)},
                     {"model_version", fmt::format("v{}", i % 17)},
                     {"state", std::string("TRAINED")}};
    create.refs = {{"owners", {fmt::format("user-{}", i % 500)}},
                   {"pipeline_run", {fmt::format("run-{}", i / 20)}},
                   {"model", {fmt::format("model-{}", i % 1000)}}};
    for (int k = 0; k < i % 8; ++k) {
      create.refs["features"].push_back(fmt::format("feature-{}", (i * 7 + k * 131) % 1009));
    }
    create.tags = {fmt::format("team::team-{}", i % 40)};
    create.replace_tags = true;
    if (!world.apply(create, Time{0})) throw std::logic_error("an instance exists twice");
  }
  return world;
}

}  // namespace

JsonBodies json_bodies(int instances) {
  const world::World world = filled_world(instances);
  const auto get = [&](const std::string& path) { return world.get(0, path, Time{0}).body; };
  JsonBodies bodies;
  for (int i = 0; i < instances; ++i) {
    const std::string id = fmt::format("model-instance-{:06}", i);
    bodies.instances.push_back(get("/api/v1/instances/" + id));
    if (i % 100 == 0) {
      bodies.listings.push_back(get("/api/v1/instances?limit=100&cursor=" + id));
    }
  }
  return bodies;
}

}  // namespace rehearse::bench

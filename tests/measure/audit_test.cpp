// The recorder and the audit against a real world and a real store: sources change at random,
// copies are stored at random, and at any moment the recorder believes what an audit of both finds.
#include "measure/audit.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <stdexcept>

#include "../world/random_edits.hpp"
#include "mds/contract/normaliser.hpp"
#include "mds/contract/provider.hpp"
#include "mds/embedded.hpp"
#include "world/question.hpp"

using namespace rehearse;
using namespace rehearse::measure;

namespace {

config::Node shipped_rule_file() {
  for (const mds::EmbeddedFile& file : mds::embedded_files()) {
    if (file.path == "rules/default.json") return config::parse(file.text, file.path);
  }
  throw std::logic_error("no rules ship");
}

std::vector<mds::Provider> shipped_providers() {
  std::vector<mds::Provider> providers;
  for (const std::string& name : world::shipped_shape_names()) {
    providers.push_back(*mds::shipped_provider(name));
  }
  return providers;
}

/// A world, a graph and a recorder between them.
struct Scene {
  world::World world = test::shipped_world();
  world::Oracle oracle{world, shipped_rule_file()};
  std::vector<mds::Provider> providers = shipped_providers();
  mds::Store store{{}, mds::make_schema(providers, mds::shipped_rules())};
  Recorder recorder{[] {
    RecorderConfig config;
    config.window = {{0}, {1'000'000'000}, {1'000'000'000}};
    config.rules = mds::shipped_rules();
    return config;
  }()};
  std::map<std::string, world::Change> changed;  // the last change of each document
  Time now;

  Scene() { recorder.start({}, {}, {}); }

  void change(const world::Operation& operation) {
    const auto done = world.apply(operation, now);
    if (!done) return;
    recorder.on(models::Changed{*done, oracle.on_change(*done)}, done->at);
    changed[done->uri] = *done;
  }

  void report() {
    for (const mds::TxReport& r : store.take_reports()) recorder.on(r, now);
  }

  /// Fetches and stores what the source says of a document now.
  void hydrate(const world::Change& of) {
    const mds::Provider& provider = providers[of.source];
    const std::string id = of.uri.substr(of.uri.rfind('/') + 1);
    const world::TypeShape& shape = *world::find_type(world.sources()[of.source], of.type);
    std::string path = shape.path;
    path.replace(path.find("{id}"), 4, id);
    const world::ApiAnswer answer = world.get(of.source, path, now);
    store.begin(now, {mds::CauseKind::event, {1}, {1}});
    if (answer.status == 200) {
      for (const mds::TypeDeclaration& type : provider.types) {
        if (type.type == of.type) store.put(mds::normalise(provider, type, id, answer.body), now);
      }
    } else {
      store.remove(of.uri, now);
    }
    store.commit();
    report();
  }

  void enrich() {
    store.begin(now, {mds::CauseKind::enrichment, {}, {}});
    store.enrich(1000);
    store.commit();
    report();
  }

  void step(stats::Stream& random) {
    now.ns += static_cast<std::int64_t>(random.below(1000));
    const std::uint64_t kind = random.below(10);
    if (kind < 6 || changed.empty()) {
      change(test::random_operation(world.sources(), random, 5));
    } else if (kind < 9) {
      auto document = changed.begin();
      std::advance(document, static_cast<long>(random.below(changed.size())));
      hydrate(document->second);
    } else {
      enrich();
    }
  }

  Audit look() { return audit(world, oracle, mds::Graph(store), recorder); }
};

}  // namespace

TEST_CASE("at any moment the recorder believes what an audit of world and store finds") {
  const std::uint64_t first = 20260301;
  std::size_t entities = 0;
  std::size_t edges = 0;
  for (std::uint64_t seed = first; seed < first + 20; ++seed) {
    INFO("seed " << seed);
    stats::Stream random(seed, 0, "scene");
    Scene scene;
    for (int i = 0; i < 300; ++i) {
      scene.step(random);
      if (i % 20 != 0) continue;
      const Audit found = scene.look();  // throws when they differ
      entities += found.entities.size();
      edges += found.edges.size();
    }
    for (const auto& [uri, last] : scene.changed) scene.hydrate(last);
    while (scene.store.marked_for_enrichment() > 0) scene.enrich();
    CHECK(scene.look().converged());
    CHECK(scene.recorder.edges().sizes().precision() == 1);
    CHECK(scene.recorder.edges().sizes().recall() == 1);
  }
  CHECK(entities > 100);  // the scenes were not all in order anyway
  CHECK(edges > 10);
}

TEST_CASE("a recorder that missed a transaction is found out by the audit") {
  Scene scene;
  scene.change(test::create("datasets", "Dataset", "d"));
  scene.hydrate(scene.changed.begin()->second);
  CHECK(scene.look().converged());
  scene.now.ns += 1;
  scene.change(test::update("datasets", "Dataset", "d"));
  mds::TxReport invented;
  const world::Change& last = scene.changed.begin()->second;
  invented.documents.push_back({last.uri, last.type, true, last.version, last.facts});
  scene.recorder.on(invented, scene.now);
  CHECK_THROWS_WITH(scene.look(), Catch::Contains("aip://dataset/datasets/d"));
}

TEST_CASE("answers of graph and oracle are compared, with the graph's times of verification") {
  Scene scene;
  scene.change(test::create("datasets", "Dataset", "d"));
  world::Operation feature = test::create("feature-store", "Feature", "f");
  feature.refs["datasets"] = {"d"};
  scene.change(feature);
  for (const auto& [uri, last] : scene.changed) scene.hydrate(last);
  const world::Question question{"upstream", "aip://feature/feature-store/f"};
  const auto ask = [&] {
    world::ReadAnswer read{rehearse::mds::Graph(scene.store).answer(question.ask, question.entity),
                           {scene.store.last_verified(question.entity)}};
    for (const std::string& uri : read.uris) {
      read.verified.push_back(scene.store.last_verified(uri));
    }
    return world::judge(read, scene.oracle.answer(question), scene.now - Duration::minutes(10));
  };
  CHECK_FALSE(ask().wrong());
  scene.now.ns += 1000;
  scene.change(test::removal("datasets", "Dataset", "d"));
  const world::Verdict stale = ask();
  CHECK(stale.outdated == std::vector<std::string>{"aip://dataset/datasets/d"});
  CHECK(stale.misleading);
  scene.now = scene.now + Duration::minutes(20);
  CHECK(ask().wrong());
  CHECK_FALSE(ask().misleading);
}

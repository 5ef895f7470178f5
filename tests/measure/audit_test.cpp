// The recorder and the audit against a real world and a real store: sources change at random,
// copies are stored at random, and at any moment the recorder believes what an audit of both finds.
#include "measure/audit.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>
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

  /// A model instance of a run for the cell of a test: chance alone seldom makes one.
  void put_into_a_test(stats::Stream& random) {
    const auto id = [&random] { return "e" + std::to_string(random.below(3)); };
    world::Operation experiment = test::create("experimentation", "ABTest", id());
    experiment.fields["status"] = random.chance(0.5) ? "ACTIVE" : "PAUSED";
    experiment.replace_parts = true;
    experiment.parts = {{"1", "control"}, {"2", "treatment"}};
    world::Operation run = test::create("pipeline-orchestrator", "PipelineRun", id());
    run.refs["ab_test_cells"] = {experiment.id + ":2"};
    world::Operation instance = test::create("model-registry", "ModelInstance", id());
    instance.refs["pipeline_run"] = {run.id};
    for (world::Operation op : {experiment, run, instance}) {
      now.ns += 1;
      for (const world::Op kind : {world::Op::create, world::Op::update}) {
        op.op = kind;  // one of the two does nothing
        change(op);
      }
    }
  }

  /// Asks both every question about all that exists, and counts answers that hold something.
  void ask_everything(std::map<std::string, std::size_t>& answered) const {
    const rehearse::mds::Graph graph(store);
    std::set<std::string> entities;
    for (const world::Truth& truth : world.all()) entities.insert(truth.uri);
    for (const mds::StoredFact& fact : graph_facts(graph)) entities.insert(fact.uri);
    for (const std::string& ask : world::question_names()) {
      for (const std::string& uri : entities) {
        INFO(ask << " " << uri);
        const std::vector<std::string> answer = graph.answer(ask, uri);
        CHECK(answer == oracle.answer({ask, uri}));
        answered[ask] += answer.empty() ? 0 : 1;
      }
    }
  }

  static std::vector<mds::StoredFact> graph_facts(const mds::Graph& graph) {
    std::vector<mds::StoredFact> all;
    for (const std::string& uri : graph.live_documents()) {
      for (mds::StoredFact& fact : graph.facts(uri)) all.push_back(std::move(fact));
    }
    return all;
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

TEST_CASE("graph and oracle answer every question alike when every copy is right") {
  std::map<std::string, std::size_t> answered;
  for (std::uint64_t seed = 1; seed <= 80; ++seed) {
    INFO("seed " << seed);
    stats::Stream random(seed, 0, "questions");
    Scene scene;
    for (int i = 0; i < 300; ++i) {
      scene.now.ns += 1;
      scene.change(test::random_operation(scene.world.sources(), random, 3));
    }
    for (int i = 0; i < 4; ++i) scene.put_into_a_test(random);
    for (const auto& [uri, last] : scene.changed) scene.hydrate(last);
    while (scene.store.marked_for_enrichment() > 0) scene.enrich();
    scene.ask_everything(answered);
  }
  for (const std::string& ask : world::question_names()) {
    INFO(ask);
    CHECK(answered[ask] > 20);
  }
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

// How long a registry shows no production instance of a model, or two.
#include "measure/registry_watch.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "history.hpp"

namespace rehearse::test {
namespace {

/// A registry that is told what its instances are.
class Registry {
 public:
  Registry()
      : watch_({at(100), at(1000), at(1100)}, {"rec", "rec-v2"},
               [this](const std::string& uri) { return states_[uri]; }) {}

  void exists(const std::string& id, const std::string& state) {
    states_[uri(id)] = state;
    truth_.push_back({uri(id), "ModelInstance", true, 1, {}, 1});
  }
  void start() { watch_.start(truth_); }
  void becomes(std::int64_t seconds, const std::string& id, const std::string& state,
               const std::string& type = "ModelInstance") {
    states_[uri(id)] = state;
    world::Change change;
    change.at = at(seconds);
    change.uri = uri(id);
    change.type = type;
    watch_.on(models::Changed{change, {}}, at(seconds));
  }
  measure::Metrics metrics() {
    watch_.finish();
    measure::Metrics metrics;
    watch_.add_to(metrics);
    return metrics;
  }

 private:
  static std::string uri(const std::string& id) { return "aip://model/registry/" + id; }

  std::map<std::string, std::string> states_;
  std::vector<world::Truth> truth_;
  measure::RegistryWatch watch_;
};

}  // namespace

TEST_CASE("a registry without a production instance, or with two, is timed within the window") {
  Registry registry;
  registry.exists("rec-v1", "PRODUCTION");
  registry.exists("rec-v2-v1", "PRODUCTION");  // of a model whose name looks like an instance
  registry.exists("other-v1", "PRODUCTION");
  registry.start();
  registry.becomes(90, "rec-v1", "RETIRED");  // 10 s of the warm-up, 20 s of the window
  registry.becomes(120, "rec-v7", "PRODUCTION");
  registry.becomes(130, "rec-v8", "CANARY");
  registry.becomes(200, "rec-v8", "PRODUCTION");  // at once, as a promotion does it
  registry.becomes(200, "rec-v7", "RETIRED");
  registry.becomes(300, "rec-v9", "PRODUCTION");  // in two steps, 30 s apart
  registry.becomes(330, "rec-v8", "RETIRED");
  registry.becomes(340, "rec", "PRODUCTION", "Model");  // no instance
  registry.becomes(400, "rec-v9", "");                  // removed
  registry.becomes(405, "rec-v9", "PRODUCTION");
  registry.becomes(990, "rec-v2-v1", "QUARANTINED");  // for the rest of the window
  const measure::Metrics metrics = registry.metrics();
  CHECK(metrics.at("model.rec.release.registry.none") == 25);
  CHECK(metrics.at("model.rec.release.registry.double") == 30);
  CHECK(metrics.at("model.rec-v2.release.registry.none") == 10);
  CHECK(metrics.at("model.rec-v2.release.registry.double") == 0);
  CHECK(metrics.at("release.registry.none") == 35);
  CHECK(metrics.at("release.registry.double") == 30);
}

TEST_CASE("a registry that shows one production instance all along is timed at nothing") {
  Registry registry;
  registry.exists("rec-v1", "PRODUCTION");
  registry.exists("rec-v2-v1", "PRODUCTION");
  registry.start();
  const measure::Metrics metrics = registry.metrics();
  for (const auto& [name, seconds] : metrics) CHECK(seconds == 0);
  CHECK(metrics.size() == 6);
}

}  // namespace rehearse::test

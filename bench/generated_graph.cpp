#include "generated_graph.hpp"

#include <algorithm>
#include <ctime>
#include <string>

#include "mds/contract/provider.hpp"

namespace rehearse::bench {
namespace {

using mds::Document;
using mds::EntityFacts;
using mds::Fact;
using mds::Reference;

// So many instances to one of these.
constexpr std::int64_t kPerRun = 4;
constexpr std::int64_t kPerModel = 5;
constexpr std::int64_t kPerFeature = 18;
constexpr std::int64_t kPerTest = 72;
constexpr std::int64_t kPerPipeline = 80;
constexpr std::int64_t kPerDataset = 90;
constexpr std::int64_t kPerUser = 150;
constexpr std::int64_t kUsersPerTeam = 12;
constexpr std::int64_t kMostFeatures = 8;
constexpr std::int64_t kInputs = 3;

std::string uri(const char* prefix, std::int64_t i) {
  return "aip://" + std::string(prefix) + "-" + std::to_string(i);
}
std::string instance_uri(std::int64_t i) { return uri("model/registry/instance", i); }
std::string model_uri(std::int64_t i) { return uri("model/registry/model", i); }
std::string run_uri(std::int64_t i) { return uri("pipeline-run/orchestrator/run", i); }
std::string pipeline_uri(std::int64_t i) { return uri("pipeline/orchestrator/pipeline", i); }
std::string feature_uri(std::int64_t i) { return uri("feature/feature-store/feature", i); }
std::string dataset_uri(std::int64_t i) { return uri("dataset/datasets/dataset", i); }
std::string user_uri(std::int64_t i) { return uri("user/identity/user", i); }
std::string team_uri(std::int64_t i) { return uri("team/identity/team", i); }
std::string test_uri(std::int64_t i) { return uri("ab-test/experimentation/test", i); }
std::string cell_uri(std::int64_t test, std::int64_t cell) {
  return uri("ab-test-cell/experimentation/test", test) + ":" + std::to_string(cell);
}

class Writer {
 public:
  Writer(mds::Store& store, const GraphSize& size) : store_(store), size_(size) {}

  GeneratedGraph write() {
    const std::clock_t start = std::clock();
    for (version_ = 1; version_ <= size_.versions; ++version_) {
      references_ = 0;
      write_round();
      enrich();
      graph_.rounds.push_back(now_);
    }
    graph_.references = references_;
    graph_.seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    return graph_;
  }

 private:
  std::int64_t many(std::int64_t per) const {
    return std::max<std::int64_t>(1, size_.instances / per);
  }
  Fact owner(std::int64_t i) const {
    return {"owners", Reference{user_uri(i % many(kPerUser)), "User"}};
  }

  void put(const char* type, const std::string& uri, std::vector<Fact> facts,
           std::vector<EntityFacts> parts = {}) {
    const std::string name = uri.substr(uri.rfind('/') + 1);
    facts.push_back({"name", name});
    facts.push_back({"version", version_});
    facts.push_back({"description", name + " in its state of round " + std::to_string(version_)});
    std::sort(facts.begin(), facts.end());
    facts.erase(std::unique(facts.begin(), facts.end()), facts.end());
    references_ += std::count_if(facts.begin(), facts.end(), [](const Fact& fact) {
      return std::holds_alternative<Reference>(fact.value);
    });
    references_ += static_cast<std::int64_t>(parts.size());
    now_ = now_ + Duration::milliseconds(1);
    store_.begin(now_, {mds::CauseKind::event, mds::EventId{++event_}, {}});
    store_.put({{uri, type, std::move(facts)}, std::move(parts)}, now_);
    store_.commit();
    if (++graph_.documents % 1000 == 0) store_.take_reports();
  }

  void write_round() {
    for (std::int64_t i = 0; i * kUsersPerTeam < many(kPerUser); ++i) put("Team", team_uri(i), {});
    for (std::int64_t i = 0; i < many(kPerUser); ++i) {
      put("User", user_uri(i), {{"team", Reference{team_uri(i / kUsersPerTeam), "Team"}}});
    }
    for (std::int64_t i = 0; i < many(kPerDataset); ++i) {
      const std::int64_t producer = i % many(kPerPipeline);
      put("Dataset", dataset_uri(i),
          {owner(i), {"producer", Reference{pipeline_uri(producer), "Pipeline"}}});
    }
    for (std::int64_t i = 0; i < many(kPerPipeline); ++i) write_pipeline(i);
    for (std::int64_t i = 0; i < many(kPerFeature); ++i) {
      const std::string from = dataset_uri(i % many(kPerDataset));
      put("Feature", feature_uri(i), {owner(i), {"datasets", Reference{from, "Dataset"}}});
    }
    for (std::int64_t i = 0; i < many(kPerTest); ++i) write_test(i);
    for (std::int64_t i = 0; i < many(kPerRun); ++i) write_run(i);
    for (std::int64_t i = 0; i < many(kPerModel); ++i) {
      put("Model", model_uri(i),
          {owner(i),
           {"current_instance", Reference{instance_uri(i * kPerModel), "ModelInstance"}}});
    }
    for (std::int64_t i = 0; i < size_.instances; ++i) write_instance(i);
  }

  void write_pipeline(std::int64_t i) {
    std::vector<Fact> facts{owner(i)};
    for (std::int64_t k = 0; k < kInputs; ++k) {
      facts.push_back(
          {"inputs", Reference{dataset_uri((i * kInputs + k) % many(kPerDataset)), "Dataset"}});
    }
    put("Pipeline", pipeline_uri(i), std::move(facts));
  }

  void write_test(std::int64_t i) {
    const auto cell = [i](std::int64_t number) {
      return EntityFacts{cell_uri(i, number),
                         "ABTestCell",
                         {{"ab_test", Reference{test_uri(i), "ABTest"}},
                          {"cell_number", number},
                          {"name", "cell-" + std::to_string(number)}}};
    };
    put("ABTest", test_uri(i), {owner(i)}, {cell(1), cell(2)});
  }

  void write_run(std::int64_t i) {
    std::vector<Fact> facts{
        {"pipeline", Reference{pipeline_uri(i % many(kPerPipeline)), "Pipeline"}},
        {"state", "finished in round " + std::to_string(version_)}};
    if (i % 2 == 0) {
      facts.push_back(
          {"ab_test_cells", Reference{cell_uri(i % many(kPerTest), 1 + i % 2), "ABTestCell"}});
    }
    put("PipelineRun", run_uri(i), std::move(facts));
  }

  // Each round one of the features is another.
  void write_instance(std::int64_t i) {
    std::vector<Fact> facts{owner(i),
                            {"model", Reference{model_uri(i / kPerModel), "Model"}},
                            {"pipeline_run", Reference{run_uri(i / kPerRun), "PipelineRun"}},
                            {"model_version", "v" + std::to_string(i % kPerModel)},
                            {"state", "state-" + std::to_string(version_)}};
    const std::int64_t count = 1 + i % kMostFeatures;
    for (std::int64_t k = 0; k < count; ++k) {
      const std::int64_t changed = k == version_ % count ? version_ : 0;
      const std::int64_t feature = (i * 31 + k * 997 + changed * 7919) % many(kPerFeature);
      facts.push_back({"features", Reference{feature_uri(feature), "Feature"}});
    }
    put("ModelInstance", instance_uri(i), std::move(facts));
  }

  void enrich() {
    constexpr std::size_t kBatch = 10'000;
    do {
      now_ = now_ + Duration::milliseconds(1);
      store_.begin(now_, {mds::CauseKind::enrichment, {}, {}});
      store_.enrich(kBatch);
      store_.commit();
      store_.take_reports();
    } while (store_.marked_for_enrichment() > 0);
  }

  mds::Store& store_;
  GraphSize size_;
  GeneratedGraph graph_;
  Time now_;
  std::uint64_t event_ = 0;
  std::int64_t version_ = 1;
  std::int64_t references_ = 0;
};

}  // namespace

mds::Schema generated_schema() {
  std::vector<mds::Provider> providers;
  for (const std::string& name : mds::shipped_provider_names()) {
    providers.push_back(*mds::shipped_provider(name));
  }
  return mds::make_schema(providers, mds::shipped_rules());
}

GeneratedGraph generate_graph(mds::Store& store, const GraphSize& size) {
  return Writer(store, size).write();
}

}  // namespace rehearse::bench

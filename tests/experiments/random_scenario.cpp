#include "random_scenario.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "stats/random.hpp"

namespace rehearse::test {
namespace {

using Json = nlohmann::ordered_json;

struct Ref {
  const char* attribute;
  const char* type;
};

struct Kind {
  const char* source;
  const char* type;
  std::vector<Ref> refs;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"model-registry",
       "ModelInstance",
       {{"pipeline_run", "PipelineRun"}, {"features", "Feature"}, {"model", "Model"}}},
      {"model-registry", "Model", {{"current_instance", "ModelInstance"}}},
      {"pipeline-orchestrator",
       "PipelineRun",
       {{"pipeline", "Pipeline"}, {"ab_test_cells", "ABTestCell"}}},
      {"pipeline-orchestrator", "Pipeline", {{"inputs", "Dataset"}}},
      {"experimentation", "ABTest", {}},
      {"feature-store", "Feature", {{"datasets", "Dataset"}}},
      {"datasets", "Dataset", {{"producer", "Pipeline"}}}};
  return all;
}

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : draw_(seed, 0, "scenario") {
    made_["name"] = "random-" + std::to_string(seed);
    made_["seed"] = seed;
    length_ = below(2, 8) * 60;
    made_["duration"] = seconds(length_);
    if (chance(0.2)) made_["bootstrap"] = "cold";
  }

  std::string make() {
    make_sources();
    make_bus();
    if (chance(0.5)) made_["network"]["delay"] = time(0, 0.1);
    make_service();
    make_faults();
    // What the faults left is worked off, then whole rounds of reconciliation follow.
    made_["quiesce"] = seconds(120 + 4 * period_);
    made_["expect"] = Json::array({Json{{"metric", "converged"}, {"equals", 1}}});
    return made_.dump(2);
  }

 private:
  bool chance(double p) { return draw_.uniform() < p; }
  /// Between the two, both included.
  std::int64_t below(std::int64_t least, std::int64_t most) {
    return least +
           static_cast<std::int64_t>(draw_.below(static_cast<std::uint64_t>(most - least + 1)));
  }
  double between(double least, double most) { return least + draw_.uniform() * (most - least); }
  static std::string seconds(std::int64_t s) { return std::to_string(s) + "s"; }
  static std::string duration(double s) {
    return std::to_string(static_cast<std::int64_t>(s * 1000)) + "ms";
  }
  std::string per_second(double least, double most) {
    return std::to_string(static_cast<std::int64_t>(60 * between(least, most))) + "/m";
  }
  /// A distribution whose typical value lies between the two, in seconds.
  Json time(double least, double most) {
    const double typical = between(least, most) + 0.001;
    switch (draw_.below(4)) {
      case 0:
        return {{"constant", duration(typical)}};
      case 1:
        return {{"exponential", {{"mean", duration(typical)}}}};
      case 2:
        return {{"uniform", {"0s", duration(2 * typical)}}};
      default:
        return {{"lognormal", {{"median", duration(typical)}, {"p99", duration(4 * typical)}}}};
    }
  }

  bool has(const std::string& type) const {
    return std::find(types_.begin(), types_.end(), type) != types_.end();
  }

  void make_sources() {
    std::vector<std::string> wanted;
    while (wanted.empty()) {
      for (const Kind& kind : kinds()) {
        const bool seen = std::find(wanted.begin(), wanted.end(), kind.source) != wanted.end();
        if (!seen && chance(0.5)) wanted.emplace_back(kind.source);
      }
    }
    for (const Kind& kind : kinds()) {
      if (std::find(wanted.begin(), wanted.end(), kind.source) == wanted.end()) continue;
      types_.emplace_back(kind.type);
      if (std::string(kind.type) == "ABTest") types_.emplace_back("ABTestCell");
    }
    for (const Kind& kind : kinds()) {
      if (has(kind.type)) add_kind(kind);
    }
    for (const std::string& name : wanted) {
      sources_.push_back(name);
      made_["sources"][name]["api"] = make_api();
    }
  }

  /// Of entities, or of changes, which cannot refer to cells.
  Json refs_of(const Kind& kind, bool changes) {
    Json refs = Json::object();
    for (const Ref& ref : kind.refs) {
      if (!has(ref.type) || chance(0.3)) continue;
      if (changes && std::string(ref.type) == "ABTestCell") continue;
      const bool many = std::string(ref.attribute).back() == 's';
      refs[ref.attribute] = {{"type", ref.type}, {"count", many ? below(0, 3) : 1}};
    }
    return refs;
  }

  void add_kind(const Kind& kind) {
    Json& source = made_["sources"][kind.source];
    Json entities = {{"type", kind.type}, {"count", below(3, 9)}};
    if (Json refs = refs_of(kind, false); !refs.empty()) entities["refs"] = refs;
    if (std::string(kind.type) == "ABTest") {
      entities["cells"] = Json::array({{{"cell_number", 1}}, {{"cell_number", 2}}});
    }
    source["entities"].push_back(entities);
    for (const char* op : {"update", "create", "delete"}) {
      if (chance(0.3)) continue;
      Json change = {{"type", kind.type},
                     {"op", op},
                     {"per", "type"},
                     {"rate", std::to_string(below(1, 8)) + "/m"}};
      if (std::string(op) != "delete") {
        change["fields"] = {{"name", {"a", "b", "c"}}};
        if (Json refs = refs_of(kind, true); !refs.empty()) change["refs"] = refs;
      }
      source["changes"].push_back(change);
    }
  }

  Json make_api() {
    Json api = {{"servers", below(1, 4)}, {"service_time", time(0, 0.05)}};
    if (chance(0.5)) api["error_rate"] = between(0, 0.4);
    if (chance(0.3)) api["timeout_rate"] = between(0, 0.2);
    if (chance(0.3)) {
      api["rate_limit"] = per_second(4, 20);
      api["rate_limit_burst"] = below(1, 20);
    }
    if (chance(0.3)) api["replica_lag"] = time(0, 5);
    api["list"] = {{"page_size", below(2, 10)}, {"paging", chance(0.8) ? "cursor" : "offset"}};
    return api;
  }

  void make_bus() {
    const bool kafka = chance(0.5);
    Json bus = {{"kind", kafka ? "kafka" : "queue"}, {"delay", time(0, 3)}};
    if (chance(0.7)) bus["drop"] = between(0, 0.5);
    if (chance(0.5)) bus["duplicate"] = between(0, 0.5);
    if (chance(0.3)) {
      bus["consumer_pause"] = {{"every", {{"exponential", {{"mean", "60s"}}}}},
                               {"for", time(0, 10)}};
    }
    if (kafka) {
      bus["partitions"] = below(1, 4);
      if (chance(0.3)) {
        bus["rebalance"] = {{"every", {{"exponential", {{"mean", "60s"}}}}}, {"pause", time(0, 5)}};
      }
    } else {
      if (chance(0.5)) bus["reorder"] = {{"probability", between(0, 0.5)}, {"delay", time(0, 10)}};
      if (chance(0.3)) bus["redeliver_after"] = seconds(below(5, 60));
    }
    made_["bus"] = bus;
  }

  void make_service() {
    Json hydration;
    if (chance(0.7)) {
      hydration["budgets"]["*"] = {{"rate", per_second(4, 20)}, {"burst", below(1, 10)}};
    }
    if (chance(0.3)) hydration["total"] = {{"rate", per_second(6, 20)}, {"burst", below(1, 10)}};
    hydration["concurrency"] = below(1, 16);
    hydration["timeout"] = seconds(below(2, 5));
    hydration["retry"] = {{"attempts", below(1, 5)},
                          {"base", duration(between(0, 0.5))},
                          {"cap", seconds(below(1, 10))}};
    if (chance(0.3)) {
      hydration["breaker"] = {{"failures", below(1, 5)}, {"open_for", seconds(below(1, 20))}};
    }
    if (chance(0.3)) hydration["queue_limit"] = below(1, 50);
    made_["mds"]["hydration"] = hydration;
    made_["mds"]["enrichment"] = {{"every", seconds(below(2, 60))}, {"batch", below(1, 100)}};
    period_ = below(60, 180);
    made_["mds"]["reconciliation"] = {
        {"every", seconds(period_)},
        {"order",
         std::vector<std::string>{"round-robin", "oldest-first", "on-idle"}[draw_.below(3)]}};
  }

  void make_faults() {
    Json faults = Json::array();
    bool bus_down = false;
    for (std::int64_t i = below(0, 6); i > 0; --i) {
      const std::int64_t at = below(0, length_ - 2);
      Json fault = {{"at", seconds(at)},
                    {"for", seconds(below(1, std::min<std::int64_t>(120, length_ - at)))}};
      switch (draw_.below(3)) {
        case 0:
          spoil_source(fault, sources_[draw_.below(sources_.size())]);
          break;
        case 1:
          fault["target"] = "bus";
          spoil_bus(fault, bus_down);
          break;
        default:
          fault["target"] = "mds";
          fault["kind"] = chance(0.7) ? "crash" : "pause";
      }
      faults.push_back(fault);
    }
    made_["faults"] = faults;
  }

  void spoil_source(Json& fault, const std::string& name) {
    fault["target"] = "source:" + name;
    switch (draw_.below(7)) {
      case 0:
        fault["kind"] = "outage";
        break;
      case 1:
        fault["kind"] = "slow";
        fault["factor"] = below(2, 10);  // two that meet multiply
        break;
      case 2:
        fault["kind"] = "errors";
        fault["rate"] = between(0.1, 1);
        break;
      case 3:
        fault["kind"] = "throttle";
        fault["rate_limit"] = per_second(0.2, 2);
        break;
      case 4:
        fault["kind"] = "lag";
        fault["lag"] = seconds(below(1, 60));
        break;
      case 5:
        fault["kind"] = "partial-listing";
        fault["probability"] = between(0.1, 1);
        break;
      default:  // a source that never changes has nothing to be silent about
        fault["kind"] = made_["sources"][name].contains("changes") ? "silent" : "outage";
    }
  }

  void spoil_bus(Json& fault, bool& down) {
    const std::uint64_t kind = down ? 1 + draw_.below(3) : draw_.below(4);
    if (kind == 0) {
      fault["kind"] = "outage";
      fault["events"] = chance(0.5) ? "held" : "lost";
      down = true;
    } else if (kind == 3) {
      fault["kind"] = "delay";
      fault["delay"] = time(1, 20);
    } else {
      fault["kind"] = kind == 1 ? "drop" : "duplicate";
      fault["probability"] = between(0.1, 1);
    }
  }

  stats::Stream draw_;
  Json made_;
  std::int64_t length_ = 0;
  std::int64_t period_ = 0;
  std::vector<std::string> types_;
  std::vector<std::string> sources_;
};

}  // namespace

std::string random_scenario(std::uint64_t seed) { return Maker(seed).make(); }

}  // namespace rehearse::test

#include "experiments/scenario/scenario.hpp"

#include <algorithm>
#include <stdexcept>

#include "experiments/scenario/scenario_checks.hpp"
#include "experiments/scenario/scenario_hints.hpp"
#include "experiments/scenario/scenario_lifecycle.hpp"
#include "experiments/scenario/scenario_sources.hpp"
#include "mds/embedded.hpp"
#include "models/lifecycle/lifecycle_declaration.hpp"

namespace rehearse::experiments {
namespace {

using config::Node;
using config::Object;

// Questions asked in one run; more is a period with the wrong unit.
constexpr std::int64_t kMostQuestions = 10'000'000;
constexpr std::size_t kLongestName = 100;
const std::string kShippedRules = "rules/default.json";

const Node& empty_object() {
  static const Node node = [] {
    Node made;
    made.kind = config::Kind::object;
    return made;
  }();
  return node;
}

const Node& empty_array() {
  static const Node node = [] {
    Node made;
    made.kind = config::Kind::array;
    return made;
  }();
  return node;
}

const Node& member_or(Object& object, std::string_view key, const Node& otherwise) {
  const Node* node = object.find(key);
  return node != nullptr ? *node : otherwise;
}

std::string parse_name(const Node& node) {
  std::string name = config::to_string(node);
  const bool plain = std::none_of(name.begin(), name.end(),
                                  [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (name.empty() || name.size() > kLongestName || !plain) {
    config::fail(node, "found " + config::shown(node) + "; a line of 1 to 100 bytes is allowed");
  }
  return name;
}

void parse_times(Object& object, Scenario& scenario) {
  const Node& duration = object.require("duration");
  models::SimulationConfig& simulation = scenario.simulation;
  simulation.duration = config::to_duration(duration);
  if (simulation.duration <= Duration{}) {
    config::fail(duration, "found " + config::shown(duration) + "; a run lasts longer than 0s");
  }
  scenario.warmup = object.duration("warmup", scenario.warmup);
  if (scenario.warmup >= simulation.duration) {
    const Node& warmup = object.require("warmup");
    config::fail(warmup, "found " + config::shown(warmup) +
                             "; the warm-up ends before the duration, " + config::shown(duration));
  }
  simulation.quiesce = object.duration("quiesce", simulation.quiesce);
  simulation.acceptable_staleness =
      object.duration("acceptable_staleness", simulation.acceptable_staleness);
}

void parse_head(Object& object, Scenario& scenario) {
  object.find("$schema");  // for editors
  object.find("extends");  // followed by read_scenario
  scenario.name = parse_name(object.require("name"));
  scenario.description = object.string("description", scenario.description);
  models::SimulationConfig& simulation = scenario.simulation;
  simulation.seed = static_cast<std::uint64_t>(
      object.integer("seed", static_cast<std::int64_t>(simulation.seed), 0));
  parse_times(object, scenario);
  simulation.cold = object.choice("bootstrap", "hydrated", {"hydrated", "cold"}) == "cold";
}

// The rules once more, for the oracle, which reads them by itself.
Node rules_of(const Node* section) {
  if (const Node* file = section == nullptr ? nullptr : section->find("rules")) {
    return config::load(config::to_path(*file));
  }
  for (const mds::EmbeddedFile& file : mds::embedded_files()) {
    if (file.path == kShippedRules) return config::parse(file.text, kShippedRules);
  }
  throw std::logic_error("the default rules are missing");
}

std::vector<std::string> names_of(const std::map<std::string, models::BusConfig>& buses) {
  std::vector<std::string> names;
  for (const auto& bus : buses) names.push_back(bus.first);
  return names;
}

void check_links(const Scenario& scenario, const Node& network) {
  const Node* links = network.find("links");
  if (links == nullptr) return;
  std::vector<std::string> allowed = scenario.source_names();
  allowed.emplace_back("*");
  for (const auto& [name, link] : links->members) {
    if (std::find(allowed.begin(), allowed.end(), name) != allowed.end()) continue;
    config::fail(link, "there is no source \"" + name + "\"" + world::known_names(name, allowed));
  }
}

// An index that is written with the facts is away when they are.
void check_index_faults(const Scenario& scenario, const Node& faults) {
  const models::SimulationConfig& simulation = scenario.simulation;
  if (simulation.service.store.index_after) return;
  for (std::size_t i = 0; i < simulation.faults.size(); ++i) {
    if (simulation.faults[i].as<models::IndexFault>() == nullptr) continue;
    config::fail(*faults.items[i].find("target"),
                 "the index is written with the facts and cannot be away alone; allowed with "
                 "/mds/index {\"mode\": \"after\"}");
  }
}

void check_questions(const Scenario& scenario, const Node& node) {
  const Duration duration = scenario.simulation.duration;
  for (std::size_t i = 0; i < scenario.questions.size(); ++i) {
    const Duration every = scenario.questions[i].every;
    const Node& period = *node.items[i].find("every");
    if (every > duration) {
      config::fail(period, "found " + config::shown(period) +
                               "; the run is over before the question is asked");
    }
    if (duration / every > kMostQuestions) {
      config::fail(period, "found " + config::shown(period) + "; a question is asked at most " +
                               std::to_string(kMostQuestions) + " times in a run");
    }
  }
}

}  // namespace

std::vector<std::string> Scenario::source_names() const { return world::source_names(shapes); }

measure::Subjects Scenario::subjects() const {
  return {source_names(), declared.models, declared.occasions, declared.sections};
}

Scenario parse_scenario(const Node& node) { return parse_scenario(node, {}); }

Scenario parse_scenario(const Node& node, const models::Declaration& declared) {
  Object object(node);
  Scenario scenario;
  models::SimulationConfig& simulation = scenario.simulation;
  parse_head(object, scenario);
  const Node& sources = object.require("sources");
  scenario.declared = declared;
  if (const Node* section = object.find("lifecycle")) {
    check_lifecycle_sources(sources);
    scenario.lifecycle = models::parse_lifecycle(*section, simulation.duration);
    scenario.declared = models::declare(*scenario.lifecycle);
  }
  scenario.footprint = scenario.declared.footprint;
  simulation.buses = models::parse_buses(member_or(object, "bus", empty_object()));
  parse_sources(sources, object.find("mds"), scenario);
  const std::vector<std::string> names = scenario.source_names();

  const Node& network = member_or(object, "network", empty_object());
  simulation.network = models::parse_network(network);
  check_links(scenario, network);
  simulation.service = mds::parse_service_config(member_or(object, "mds", empty_object()), names);
  simulation.service.seed = simulation.seed;
  scenario.rules = rules_of(object.find("mds"));
  std::vector<models::FaultTarget> targets =
      models::fault_targets(names, names_of(simulation.buses));
  const std::vector<models::FaultTarget>& more = scenario.declared.fault_targets;
  targets.insert(targets.end(), more.begin(), more.end());
  simulation.faults = models::parse_faults(member_or(object, "faults", empty_array()), targets,
                                           simulation.duration);
  check_index_faults(scenario, member_or(object, "faults", empty_array()));
  scenario.explore = explore::parse_settings(member_or(object, "explore", empty_object()));
  const Node& questions = member_or(object, "questions", empty_array());
  scenario.questions = parse_questions(questions);
  check_questions(scenario, questions);
  scenario.expectations =
      measure::parse_expectations(member_or(object, "expect", empty_array()), scenario.subjects());
  object.done();
  check_contradictions(scenario, node);
  for (std::string& hint : hints_on(scenario, node)) scenario.hints.push_back(std::move(hint));
  if (scenario.lifecycle) {
    for (const std::string& hint : scenario.lifecycle->hints) scenario.hints.push_back(hint);
  }
  return scenario;
}

Scenario load_scenario(const std::filesystem::path& path, const std::vector<Override>& overrides) {
  return parse_scenario(read_scenario(path, overrides));
}

}  // namespace rehearse::experiments

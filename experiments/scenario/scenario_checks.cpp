#include "experiments/scenario/scenario_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/text/clock_text.hpp"
#include "experiments/scenario/existence.hpp"
#include "models/lifecycle/lifecycle_faults.hpp"
#include "world/inference.hpp"

namespace rehearse::experiments {
namespace {

using config::Node;
using models::FaultConfig;

/// The node at the end of a path of keys; the last one that is there where the rest is not.
const Node& at(const Node& root, std::initializer_list<std::string_view> keys) {
  const Node* node = &root;
  for (const std::string_view key : keys) {
    const Node* next = node->kind == config::Kind::object ? node->find(key) : nullptr;
    if (next == nullptr) return *node;
    node = next;
  }
  return *node;
}

std::string in_words(Duration duration) { return duration_text(duration.to_seconds()); }

/// True for a bound that a graph which learns nothing cannot meet.
bool asks_for_freshness(const measure::Expectation& expectation) {
  const auto is = [&](std::string_view start) { return expectation.metric.starts_with(start); };
  const double least = std::max(expectation.at_least.value_or(0),
                                expectation.equals.value_or(0) - expectation.tolerance);
  if (is("entity.freshness") || is("edge.recall") || is("converged")) return least > 0;
  const bool bounded = expectation.at_most || expectation.equals;
  return bounded && (is("entity.age") || is("path.") || is("edge.lag") || is("divergent."));
}

/// ", but /expect/2 asks for converged"; empty when no expectation asks for freshness.
std::string expected_freshness(const Scenario& scenario) {
  for (std::size_t i = 0; i < scenario.expectations.size(); ++i) {
    if (!asks_for_freshness(scenario.expectations[i])) continue;
    return ", but /expect/" + std::to_string(i) + " asks for " + scenario.expectations[i].metric;
  }
  return {};
}

bool nothing(const mds::Budget& budget) { return budget.rate && !(budget.rate->count > 0); }

void check_budgets(const Scenario& scenario, const Node& node, const std::string& but) {
  const mds::HydrationConfig& hydration = scenario.simulation.service.hydration;
  if (hydration.event_payload) return;
  const std::string remedy = but + "; allowed is a rate above 0";
  if (nothing(hydration.total)) {
    config::fail(at(node, {"mds", "hydration", "total", "rate"}),
                 "with this budget no source is asked" + remedy);
  }
  for (const std::string& source : scenario.source_names()) {
    const std::optional<std::string> name = hydration.budget_name(source);
    if (!name || !nothing(hydration.budgets.at(*name))) continue;
    config::fail(at(node, {"mds", "hydration", "budgets", *name, "rate"}),
                 fmt::format("with this budget {} is not asked{}", source, remedy));
  }
}

void check_answers(const Scenario& scenario, const Node& node, const std::string& but) {
  const models::SimulationConfig& simulation = scenario.simulation;
  const Duration timeout = simulation.service.hydration.timeout;
  const auto way = simulation.network.links.empty() ? simulation.network.delay.constant_value()
                                                    : std::optional<Duration>(Duration{});
  for (const models::SourceConfig& source : simulation.sources) {
    const auto place = [&](std::string_view key) -> const Node& {
      return at(node, {"sources", source.name, "api", key});
    };
    if (source.api.error_rate >= 1) {
      config::fail(place("error_rate"), source.name + " answers every call with an error" + but +
                                            "; allowed is a share below 1");
    }
    if (source.api.timeout_rate >= 1) {
      config::fail(place("timeout_rate"),
                   source.name + " answers no call" + but + "; allowed is a share below 1");
    }
    const auto service = source.api.service_time.constant_value();
    if (!service) continue;
    const Duration takes = *service + way.value_or(Duration{}) * 2;
    if (takes < timeout) continue;
    config::fail(place("service_time"),
                 "every call to " + source.name + " takes " + in_words(takes) +
                     ", its timeout is " + in_words(timeout) + but +
                     "; allowed is a shorter time, or a longer /mds/hydration/timeout");
  }
}

void check_questions_asked(const Scenario& scenario, const Node& node) {
  if (!scenario.questions.empty() || !scenario.declared.occasions.empty()) return;
  for (std::size_t i = 0; i < scenario.expectations.size(); ++i) {
    const std::string& metric = scenario.expectations[i].metric;
    if (!metric.starts_with("answers.")) continue;
    config::fail(at(node.find("expect")->items[i], {"metric"}),
                 "found \"" + metric + "\", but no question is asked; /questions asks some");
  }
}

void check_questions_matter(const Scenario& scenario, const Existence& existence,
                            const Node& node) {
  for (std::size_t i = 0; i < scenario.questions.size(); ++i) {
    const std::string& uri = scenario.questions[i].question.entity;
    if (existence.can_exist(uri)) continue;
    config::fail(at(node.find("questions")->items[i], {"entity"}),
                 "nothing creates " + uri + ", so its answer is always empty and right" +
                     existence.nearest(uri));
  }
}

/// What the rule needs and the scenario cannot have: "a PipelineRun", "the relation producedBy".
std::vector<std::string> lacking(const world::InferenceRule& rule, const Existence& existence) {
  std::vector<std::string> lacks;
  if (!existence.has_type(rule.from)) lacks.push_back("an entity of type " + rule.from);
  for (const world::InferenceStep& step : rule.path) {
    if (!existence.has_type(step.to)) {
      lacks.push_back("an entity of type " + step.to);
    } else if (!existence.has_relation(step.relation)) {
      lacks.push_back("a reference " + step.relation + " to type " + step.to);
    }
  }
  return lacks;
}

bool of_edges(const measure::Expectation& expectation) {
  return expectation.metric.starts_with("edge.");
}

// Without edges, precision and recall are 1 and lags 0, whatever the service does.
void check_edges_expected(const Scenario& scenario, const Existence& existence, const Node& node) {
  std::vector<std::string> least;
  std::string nearest;
  for (const world::InferenceRule& rule : world::parse_inference(scenario.rules)) {
    std::vector<std::string> lacks = lacking(rule, existence);
    if (lacks.empty()) return;
    if (!nearest.empty() && least.size() <= lacks.size()) continue;
    nearest = rule.name;
    least = std::move(lacks);
  }
  for (std::size_t i = 0; i < scenario.expectations.size(); ++i) {
    const std::string& metric = scenario.expectations[i].metric;
    if (!of_edges(scenario.expectations[i])) continue;
    std::string needs;
    for (const std::string& lack : least) needs += (needs.empty() ? "" : ", ") + lack;
    const std::string would =
        nearest.empty() ? "" : fmt::format("; {} would need {}", nearest, needs);
    config::fail(at(node.find("expect")->items[i], {"metric"}),
                 fmt::format("found \"{}\", but no rule can derive an edge here{}", metric, would));
  }
}

/// nullptr for any other fault.
const models::BusFault* outage_of_bus(const FaultConfig& fault) {
  const auto* effect = fault.as<models::BusFault>();
  return effect != nullptr && effect->kind == models::BusFault::Kind::outage ? effect : nullptr;
}

// Overlaps are allowed where it is clear what they mean (models/faults/faults.hpp): not where one
// outage holds the events back and the other loses them.
void check_outages(const Scenario& scenario, const Node& node) {
  const std::vector<FaultConfig>& faults = scenario.simulation.faults;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      const FaultConfig& a = faults[k];
      const FaultConfig& b = faults[i];
      const models::BusFault* first = outage_of_bus(a);
      const models::BusFault* second = outage_of_bus(b);
      if (first == nullptr || second == nullptr || first->bus != second->bus) continue;
      if (first->lost == second->lost) continue;
      if (a.end() <= b.at || b.end() <= a.at) continue;
      config::fail(node.find("faults")->items[i],
                   "the bus's outage of /faults/" + std::to_string(k) + " lasts from " +
                       clock_text(a.at) + " to " + clock_text(a.end()) +
                       (first->lost ? " and loses" : " and holds") +
                       " its events, this one does not; allowed is the same \"events\", or "
                       "another time");
    }
  }
}

/// nullptr for any other fault.
const models::SignalFault* delay_of_signals(const FaultConfig& fault) {
  const auto* effect = fault.as<models::SignalFault>();
  return effect != nullptr && effect->delay ? effect : nullptr;
}

void check_signal_delays(const Scenario& scenario, const Node& node) {
  const std::vector<FaultConfig>& faults = scenario.simulation.faults;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (delay_of_signals(faults[i]) == nullptr || delay_of_signals(faults[k]) == nullptr)
        continue;
      if (faults[k].end() <= faults[i].at || faults[i].end() <= faults[k].at) continue;
      config::fail(
          node.find("faults")->items[i],
          fmt::format("signals are late by /faults/{} then, too; allowed is one delay at a "
                      "time",
                      k));
    }
  }
}

bool changes(const Scenario& scenario, const std::string& source) {
  const auto& sources = scenario.simulation.sources;
  return std::any_of(sources.begin(), sources.end(),
                     [&](const models::SourceConfig& config) {
                       return config.name == source && !config.changes.empty();
                     }) ||
         std::any_of(
             scenario.timeline.begin(), scenario.timeline.end(),
             [&](const world::TimedOperation& due) { return due.operation.source == source; }) ||
         std::any_of(scenario.footprint.creations().begin(), scenario.footprint.creations().end(),
                     [&](const world::Creation& made) { return made.source == source; });
}

void check_fault_matters(const Scenario& scenario, const models::BusFault& fault,
                         const Node& target) {
  const auto& sources = scenario.simulation.sources;
  const bool used =
      std::any_of(sources.begin(), sources.end(),
                  [&](const models::SourceConfig& source) { return source.bus == fault.bus; });
  if (used) return;
  config::fail(target, "no source announces its changes on bus " + fault.bus +
                           "; allowed is a bus that one names");
}

void check_fault_matters(const Scenario& scenario, const models::SourceFault& fault,
                         const Node& target) {
  using Kind = models::SourceFault::Kind;
  if (fault.kind == Kind::silent && !changes(scenario, fault.source)) {
    config::fail(target, fault.source +
                             " never changes, so it has nothing to be silent about; allowed is a "
                             "source with changes, a script or a trace");
  }
  if (fault.kind == Kind::partial_listing && !scenario.simulation.service.reconciliation.every) {
    config::fail(target, "nothing lists " + fault.source +
                             " without reconciliation; allowed is this fault beside a period "
                             "in /mds/reconciliation/every");
  }
}

void check_faults_matter(const Scenario& scenario, const Node& node) {
  const std::vector<FaultConfig>& faults = scenario.simulation.faults;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const Node& target = at(node.find("faults")->items[i], {"target"});
    const auto* bus = faults[i].as<models::BusFault>();
    const auto* source = faults[i].as<models::SourceFault>();
    if (bus != nullptr) check_fault_matters(scenario, *bus, target);
    if (source != nullptr) check_fault_matters(scenario, *source, target);
  }
}

void check_retention(const Scenario& scenario, const Node& node) {
  for (const auto& [name, bus] : scenario.simulation.buses) {
    const auto delay = bus.delay.constant_value();
    if (!delay || *delay <= bus.retention) continue;
    const Node& section = at(node, {"bus", name});
    config::fail(at(section, {"retention"}),
                 "an event takes " + in_words(*delay) + " and is kept for " +
                     in_words(bus.retention) +
                     ", so none arrives; allowed is a retention as long as the delay");
  }
}

void check_what_exists(const Scenario& scenario, const Node& node) {
  const auto& expected = scenario.expectations;
  const bool edges = std::any_of(expected.begin(), expected.end(), of_edges);
  if (scenario.questions.empty() && !edges) return;  // long traces cost time
  const Existence existence(scenario);
  check_questions_matter(scenario, existence, node);
  if (edges) check_edges_expected(scenario, existence, node);
}

}  // namespace

void check_contradictions(const Scenario& scenario, const Node& node) {
  const std::string but = expected_freshness(scenario);
  if (!but.empty()) {
    check_budgets(scenario, node, but);
    check_answers(scenario, node, but);
  }
  check_questions_asked(scenario, node);
  check_what_exists(scenario, node);
  check_outages(scenario, node);
  check_signal_delays(scenario, node);
  check_faults_matter(scenario, node);
  check_retention(scenario, node);
}

}  // namespace rehearse::experiments

#include "experiments/replicate.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "base/version.hpp"
#include "experiments/forked.hpp"

namespace rehearse::experiments {
namespace {

using nlohmann::json;

// What a worker sends back. Doubles survive the way there and back: the library writes the shortest
// decimals that read back the same.
std::string packed(const FinishedRun& finished) {
  json message;
  message["metrics"] = finished.result.metrics;
  message["digest"] = finished.result.digest;
  message["divergences"] = reports::divergences_json(finished.result.audit);
  message["events"] = finished.perf.events;
  return message.dump();
}

void add_run(const std::string& text, bool first, Replicated& replicated) {
  const json message = json::parse(text);
  replicated.result.runs.push_back(message.at("metrics").get<reports::Metrics>());
  replicated.events += message.at("events").get<std::uint64_t>();
  if (first) {
    replicated.result.digest = message.at("digest").get<std::uint64_t>();
    replicated.result.divergences = message.at("divergences").get<std::string>();
  }
}

}  // namespace

Replicated replicate(const Scenario& scenario, const ReplicateOptions& options) {
  const auto work = [&](std::size_t index) {
    RunOptions run_options;
    run_options.replication = index;
    if (index == 0) {
      run_options.graph_copy = options.graph_copy;
      run_options.trace = options.trace;
    }
    const FinishedRun finished = run(scenario, run_options);
    if (index == 0 && options.keep_first) options.keep_first(finished);
    return packed(finished);
  };
  ForkedOptions forked;
  forked.jobs = options.jobs;
  forked.progress = options.progress;
  const ForkedResult ended = run_forked(options.replications, work, forked);

  Replicated replicated;
  replicated.interrupted = ended.interrupted;
  replicated.result.scenario = scenario.name;
  replicated.result.seed = scenario.simulation.seed;
  replicated.result.version = version();
  for (std::size_t i = 0; i < ended.outcomes.size(); ++i) {
    const Outcome& outcome = ended.outcomes[i];
    if (outcome.text) {
      add_run(*outcome.text, i == 0, replicated);
    } else if (outcome.input_error) {
      throw InputError(outcome.error);
    } else {
      replicated.failures.push_back("replication " + std::to_string(i) + ": " + outcome.error);
    }
  }
  if (replicated.result.runs.empty()) {
    if (replicated.interrupted) return replicated;
    throw std::runtime_error(replicated.failures.front());
  }
  replicated.result.metrics = reports::spread_of(replicated.result.runs);
  replicated.result.expectations =
      reports::evaluate(scenario.expectations, reports::means_of(replicated.result.metrics));
  return replicated;
}

}  // namespace rehearse::experiments

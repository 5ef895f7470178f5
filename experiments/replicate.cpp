#include "experiments/replicate.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "base/os/forked.hpp"
#include "base/version.hpp"

namespace rehearse::experiments {
namespace {

using nlohmann::json;

constexpr double kConfidence = 0.95;
// Runs whose curves are averaged: enough for the start-up to stand out of the noise.
constexpr std::size_t kCurves = 10;

// What a worker sends back. Doubles survive the way there and back: the library writes the shortest
// decimals that read back the same.
std::string packed(const FinishedRun& finished, std::size_t index) {
  json message;
  message["metrics"] = finished.result.metrics;
  message["events"] = finished.perf.events;
  if (index == 0) {
    message["digest"] = finished.result.digest;
    message["divergences"] = measure::divergences_json(finished.result.audit);
  }
  if (index < kCurves) {
    const reports::Curves curves =
        reports::curves_of(finished.result.series, finished.result.window);
    message["curves"] = curves.values;
    json& begins = message["begins"] = json::array();
    for (const Time begin : curves.begins) begins.push_back(begin.ns);
  }
  return message.dump();
}

reports::Curves unpacked_curves(const json& message) {
  reports::Curves curves;
  curves.values = message.at("curves").get<decltype(curves.values)>();
  for (const json& begin : message.at("begins"))
    curves.begins.push_back({begin.get<std::int64_t>()});
  return curves;
}

/// Takes in runs, one after the other, and knows when they are enough.
class Collector {
 public:
  Collector(const Scenario& scenario, const ReplicateOptions& options)
      : scenario_(scenario), options_(options) {
    if (options.until) stop_.emplace(options.until->precision, kConfidence);
    reports::ReplicatedResult& result = replicated_.result;
    result.scenario = scenario.name;
    result.seed = scenario.simulation.seed;
    result.version = version();
  }

  /// False when no more runs are wanted.
  bool take(std::size_t index, os::ForkedOutcome& outcome) {
    const std::string name = "replication " + std::to_string(index);
    if (outcome.input_error) {
      wrong_ = outcome.error;
      return false;
    }
    if (!outcome.first_end.empty()) {
      replicated_.retries.push_back(name + " was run again: " + outcome.first_end);
    }
    if (!outcome.text) {
      replicated_.failures.push_back(name + ": " + outcome.error);
      return true;
    }
    const json message = json::parse(*outcome.text);
    outcome.text.reset();  // it is kept by nobody else, whatever the number of runs
    return add(message);
  }

  std::size_t taken() const { return replicated_.result.runs.size(); }
  /// How many runs it will take in all, as far as can be seen.
  double expected() const {
    const auto most = static_cast<double>(options_.replications);
    return stop_ ? std::min(most, stop_->expected_count()) : most;
  }

  Replicated finish(bool interrupted) {
    replicated_.interrupted = interrupted;
    if (!wrong_.empty()) throw InputError(wrong_);
    reports::ReplicatedResult& result = replicated_.result;
    if (result.runs.empty()) {
      if (interrupted) return std::move(replicated_);
      throw std::runtime_error(replicated_.failures.front());
    }
    result.metrics = reports::spread_of(result.runs);
    result.expectations =
        measure::evaluate(scenario_.expectations, reports::means_of(result.metrics));
    result.steady_state = reports::steady_state(curves_, scenario_.warmup, averaged_);
    if (stop_) {
      result.precise = {options_.until->metric,
                        options_.until->wanted,
                        stop_->mean(),
                        stop_->half_width(),
                        enough_,
                        stop_->count()};
    }
    return std::move(replicated_);
  }

 private:
  bool add(const json& message) {
    reports::ReplicatedResult& result = replicated_.result;
    const auto metrics = message.at("metrics").get<measure::Metrics>();
    result.runs.add(metrics);
    replicated_.events += message.at("events").get<std::uint64_t>();
    if (message.contains("digest")) {
      result.digest = message.at("digest").get<std::uint64_t>();
      result.divergences = message.at("divergences").get<std::string>();
    }
    if (message.contains("curves")) {
      reports::average_in(curves_, unpacked_curves(message), ++averaged_);
    }
    if (stop_) enough_ = stop_->add(metrics.at(options_.until->metric));
    return !enough_;
  }

  const Scenario& scenario_;
  const ReplicateOptions& options_;
  Replicated replicated_;
  std::optional<stats::PrecisionStop> stop_;
  bool enough_ = false;
  std::string wrong_;
  reports::Curves curves_;
  int averaged_ = 0;
};

}  // namespace

Replicated replicate(const Scenario& scenario, const ReplicateOptions& options) {
  const auto work = [&](std::size_t index) {
    RunOptions run_options;
    run_options.replication = index;
    run_options.detail = measure::Detail::counts;
    if (index == 0) {
      run_options.detail = measure::Detail::causes;
      run_options.graph_copy = options.graph_copy;
      // A first attempt that died may have left a copy, or a part of one.
      if (options.graph_copy) std::filesystem::remove(*options.graph_copy);
      run_options.trace = options.trace;
    }
    const FinishedRun finished = run(scenario, run_options);
    if (index == 0 && options.keep_first) options.keep_first(finished);
    return packed(finished, index);
  };
  Collector collector(scenario, options);
  os::ForkedOptions forked;
  forked.jobs = options.jobs;
  if (options.progress) {
    forked.progress = [&](std::size_t done) {
      options.progress(done, std::max(static_cast<double>(done), collector.expected()));
    };
  }
  forked.deliver = [&](std::size_t index, os::ForkedOutcome& outcome) {
    return collector.take(index, outcome);
  };
  const bool interrupted = os::run_forked(options.replications, work, forked).interrupted;
  return collector.finish(interrupted);
}

}  // namespace rehearse::experiments

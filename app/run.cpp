// `rehearse run`: a scenario, once or in replications, measured and held against its expectations.
#include "experiments/run.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <thread>

#include "app/command.hpp"
#include "app/interrupt.hpp"
#include "app/progress.hpp"
#include "app/results.hpp"
#include "app/scenario_options.hpp"
#include "base/error.hpp"
#include "experiments/replicate.hpp"
#include "experiments/scenario.hpp"

namespace rehearse::app {
namespace {

constexpr int kMostReplications = 1'000'000;
constexpr int kMostJobs = 1024;

struct Options {
  std::string file;
  std::optional<std::string> seed;  ///< read as the scenario's would be
  int replications = 1;
  int jobs = 1;
  SetOption set;
  std::string out;
  bool trace = false;
  std::string format = "text";
};

int run_once(const experiments::Scenario& scenario, bool trace, Results& results, Format format) {
  experiments::FinishedRun finished;
  {
    const InterruptGuard guard;
    Progress progress(scenario.name);
    experiments::RunOptions options;
    options.graph_copy = results.graph_copy();
    if (trace) options.trace = results.trace();
    options.progress = [&](double share) {
      InterruptGuard::check();
      progress.update(share);
    };
    finished = experiments::run(scenario, options);
    InterruptGuard::check();
  }
  return finish(results, finished, format) ? kHolds : kFailed;
}

int run_replications(const experiments::Scenario& scenario, const Options& options,
                     Results& results, Format format) {
  const reports::PerfMeter meter;
  experiments::ReplicateOptions replicate;
  replicate.replications = static_cast<std::size_t>(options.replications);
  replicate.jobs = options.jobs;
  replicate.graph_copy = results.graph_copy();
  if (options.trace) replicate.trace = results.trace();
  replicate.keep_first = [&](const experiments::FinishedRun& first) {
    results.write_curves(first.result);
  };
  experiments::Replicated replicated;
  {
    Progress progress(scenario.name);
    replicate.progress = [&](std::size_t done) {
      progress.update(static_cast<double>(done) / options.replications);
    };
    replicated = experiments::replicate(scenario, replicate);
  }
  if (replicated.result.runs.empty()) throw Interrupted();
  const reports::Perf perf = meter.read(replicated.events);
  const bool holds = finish(results, replicated, perf, format);
  for (const std::string& failure : replicated.failures)
    std::cerr << "rehearse: " << failure << '\n';
  if (replicated.interrupted) {
    std::cerr << "rehearse: interrupted after " << replicated.result.runs.size() << " of "
              << options.replications << " replications\n";
    return kInterrupted;
  }
  if (!replicated.failures.empty()) return kInternalError;
  return holds ? kHolds : kFailed;
}

int run(const Options& options) {
  if (options.trace && options.out.empty()) {
    throw InputError({"--trace", {}, 0, 0}, "needs --out DIR: the trace goes into that folder");
  }
  std::vector<experiments::Override> overrides = options.set.overrides();
  if (options.seed) overrides.push_back({"/seed", *options.seed});
  const experiments::Scenario scenario = experiments::load_scenario(options.file, overrides);
  Results results(options.out);
  const Format format = options.format == "json" ? Format::json : Format::text;
  return options.replications == 1 ? run_once(scenario, options.trace, results, format)
                                   : run_replications(scenario, options, results, format);
}

void add_options(CLI::App& command, Options& options) {
  command.add_option("SCENARIO", options.file, "Scenario file")->required()->type_name("FILE");
  command.add_option("--seed", options.seed, "Seed instead of the scenario's")->type_name("N");
  command
      .add_option("--replications", options.replications, "Independent runs; metrics become means")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::Range(1, kMostReplications));
  options.jobs = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMostJobs);
  command.add_option("--jobs", options.jobs, "Replications at a time (default: one per core)")
      ->type_name("N")
      ->check(CLI::Range(1, kMostJobs));
  options.set.add_to(command);
  command.add_option("--out", options.out, "Folder for the results; replaced as a whole")
      ->type_name("DIR");
  command.add_flag("--trace", options.trace, "Write trace.jsonl too, for `rehearse explain`");
  command.add_option("--format", options.format, "Of the results on stdout")
      ->type_name("text|json")
      ->capture_default_str()
      ->check(CLI::IsMember({"text", "json"}));
}

}  // namespace

void add_run(CLI::App& program, Action& action) {
  CLI::App* command = program.add_subcommand("run", "Run a scenario and check its expectations");
  command->footer(
      "Example:\n  rehearse run scenarios/ranking-worked-example.json --out out\n"
      "  rehearse run scenarios/loss-only.json --replications 20 --set /bus/drop=0.3");
  const auto options = std::make_shared<Options>();  // lives as long as the callbacks below
  add_options(*command, *options);
  command->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace rehearse::app

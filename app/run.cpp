// `rehearse run`: a scenario, once or in replications, measured and held against its expectations.
#include "experiments/run.hpp"

#include <algorithm>
#include <iostream>
#include <memory>

#include "app/command.hpp"
#include "app/command_line.hpp"
#include "app/common_options.hpp"
#include "app/progress.hpp"
#include "app/remark.hpp"
#include "app/results.hpp"
#include "base/error.hpp"
#include "base/os/interrupt.hpp"
#include "experiments/replicate.hpp"
#include "experiments/scenario/scenario.hpp"
#include "experiments/warmup.hpp"

namespace rehearse::app {
namespace {

constexpr int kMostReplications = 1'000'000;
constexpr int kMostUntil = 1000;  // replications with --until, where the user does not say
constexpr int kFewestPilots = 5;  // runs that --warmup auto looks at
constexpr int kMostPilots = 10;

struct Options {
  std::string file;
  std::optional<std::string> seed;  ///< read as the scenario's would be
  int replications = 1;
  std::string until;
  std::string warmup;
  int jobs = 1;
  SetOption set;
  std::string out;
  bool trace = false;
  std::string format = "text";
};

int run_once(const experiments::Scenario& scenario, const Options& given, Results& results,
             Format format) {
  experiments::FinishedRun finished;
  {
    Progress progress(scenario.name);
    experiments::RunOptions options;
    options.graph_copy = results.graph_copy();
    if (given.trace) options.trace = results.trace();
    options.progress = [&](double share) {
      os::InterruptGuard::check();
      progress.update(share);
    };
    finished = experiments::run(scenario, options);
    os::InterruptGuard::check();
  }
  return finish(results, finished, format) ? kHolds : kFailed;
}

int run_replications(const experiments::Scenario& scenario, const Options& options,
                     Results& results, Format format) {
  const os::PerfMeter meter;
  experiments::ReplicateOptions replicate;
  replicate.replications = static_cast<std::size_t>(options.replications);
  if (!options.until.empty()) {
    replicate.until = experiments::parse_until(options.until, scenario.subjects());
  }
  replicate.jobs = options.jobs;
  replicate.graph_copy = results.graph_copy();
  if (options.trace) replicate.trace = results.trace();
  replicate.keep_first = [&](const experiments::FinishedRun& first) {
    results.write_curves(first.result);
  };
  experiments::Replicated replicated;
  {
    Progress progress(scenario.name);
    replicate.progress = [&](std::size_t done, double of) {
      progress.update(static_cast<double>(done) / of);
    };
    replicated = experiments::replicate(scenario, replicate);
  }
  if (replicated.result.runs.empty()) throw os::Interrupted();
  const os::Perf perf = meter.read(replicated.events);
  const bool holds = finish(results, replicated, perf, format);
  for (const auto* notes : {&replicated.retries, &replicated.failures}) {
    for (const std::string& note : *notes) remark(note);
  }
  if (replicated.interrupted) {
    remark("interrupted after " + std::to_string(replicated.result.runs.size()) + " of " +
           std::to_string(options.replications) + " replications");
    return kInterrupted;
  }
  if (!replicated.failures.empty()) return kInternalError;
  return holds ? kHolds : kFailed;
}

// The scenario with the warm-up that its own start needs.
experiments::Scenario with_warmup_found(const Options& options,
                                        std::vector<experiments::Override> overrides) {
  overrides.push_back({"/warmup", "0s"});
  const experiments::Scenario pilot = experiments::load_scenario(options.file, overrides);
  const int runs = std::clamp(options.replications, kFewestPilots, kMostPilots);
  const std::optional<Duration> warmup =
      experiments::find_warmup(pilot, static_cast<std::size_t>(runs), options.jobs);
  if (!warmup) throw os::Interrupted();
  overrides.back().value = std::to_string(warmup->ns) + "ns";
  return experiments::load_scenario(options.file, overrides);
}

experiments::Scenario scenario_of(const Options& options) {
  std::vector<experiments::Override> overrides = options.set.overrides();
  if (options.seed) overrides.push_back({"/seed", *options.seed, "--seed"});
  if (options.warmup == "auto") return with_warmup_found(options, std::move(overrides));
  if (!options.warmup.empty()) overrides.push_back({"/warmup", options.warmup});
  return experiments::load_scenario(options.file, overrides);
}

int run(const Options& options) {
  if (options.trace && options.out.empty()) {
    throw InputError({"--trace", {}, 0, 0}, "needs --out DIR: the trace goes into that folder");
  }
  const experiments::Scenario scenario = scenario_of(options);
  print_hints(scenario.hints);
  const os::InterruptGuard guard;  // from before the first file until all are in place
  Results results(options.out);
  const Format format = options.format == "json" ? Format::json : Format::text;
  return options.replications == 1 ? run_once(scenario, options, results, format)
                                   : run_replications(scenario, options, results, format);
}

void add_options(Command& command, Options& options) {
  command.option("SCENARIO", options.file, "Scenario file").required().type_name("FILE");
  add_seed(command, options.seed);
  command.option("--replications", options.replications, "Independent runs; metrics become means")
      .type_name("N")
      .show_default()
      .between(1, kMostReplications);
  command
      .option("--until", options.until,
              "Replications until the mean is known as well, for example entity.age.p99:5%")
      .type_name("METRIC:WIDTH");
  command
      .option("--warmup", options.warmup,
              "Instead of the scenario's; auto: as long as pilot runs show (MSER-5)")
      .type_name("auto|TIME");
  add_jobs(command, options.jobs, "Replications at a time");
  options.set.add_to(command);
  add_out(command, options.out, "Folder for the results; replaced as a whole");
  command.flag("--trace", options.trace, "Write trace.jsonl too, for `rehearse explain`");
  add_format(command, options.format);
}

}  // namespace

void add_run(CLI::App& program, Action& action) {
  Command command(program, "run", "Run a scenario and check its expectations");
  command.footer(
      "Example:\n  rehearse run scenarios/ranking-worked-example.json --out out\n"
      "  rehearse run scenarios/loss-only.json --replications 20 --set /bus/drop=0.3\n"
      "  rehearse run scenarios/loss-only.json --until entity.age.mean:2% --warmup auto");
  const auto options = std::make_shared<Options>();  // lives as long as the callbacks below
  add_options(command, *options);
  command.callback([&action, options, command] {
    // --until decides how many runs are made; --replications is then the most.
    const bool most_given = command.given("--replications");
    if (!options->until.empty() && !most_given) options->replications = kMostUntil;
    action = [options] { return run(*options); };
  });
}

}  // namespace rehearse::app

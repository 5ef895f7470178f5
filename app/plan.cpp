// `rehearse plan`: the cheapest settings that keep the promises; with --compare, two policies at
// equal budgets.
#include "planning/plan/plan.hpp"

#include <iostream>
#include <memory>
#include <set>

#include "app/command.hpp"
#include "app/command_line.hpp"
#include "app/common_options.hpp"
#include "app/remark.hpp"
#include "app/run_counter.hpp"
#include "base/error.hpp"
#include "base/os/interrupt.hpp"
#include "base/os/output_directory.hpp"
#include "planning/plan/plan_words.hpp"
#include "planning/plan/what_if.hpp"

namespace rehearse::app {
namespace {

struct Options {
  std::string file;
  std::string minimise;
  std::vector<std::string> subject_to;
  std::vector<std::string> over;
  std::vector<std::string> compare;
  std::vector<std::string> metrics;
  double confidence = 0.95;
  double resolution = 0.01;
  int trial_runs = 20;
  int search_runs = 4;
  int replications = 20;
  bool alone = false;
  bool explain = false;
  std::optional<std::string> seed;
  int jobs = 1;
  SetOption set;
  std::string out;
  std::string format = "text";
};

std::vector<experiments::Override> overrides_of(const Options& options) {
  std::vector<experiments::Override> overrides = options.set.overrides();
  if (options.seed) overrides.push_back({"/seed", *options.seed, "--seed"});
  return overrides;
}

planning::EvaluatorOptions evaluator_options(const Options& options, RunCounter& counter) {
  planning::EvaluatorOptions evaluator;
  evaluator.jobs = options.jobs;
  evaluator.progress = [&counter](std::size_t done, std::size_t of) { counter.update(done, of); };
  return evaluator;
}

void require(bool given, const char* option, const char* example) {
  if (given) return;
  throw InputError({option, {}, 0, 0}, std::string("is required, for example ") + example);
}

planning::Problem read_problem(const Options& options, const planning::Cost& cost,
                               const planning::Evaluator& evaluator) {
  planning::Problem problem;
  std::vector<planning::Range> ranges;
  std::vector<planning::Parameter> parameters;
  for (const std::string& text : options.over) {
    ranges.push_back(planning::parse_range(text, evaluator.node(), "--over"));
    parameters.push_back(ranges.back().parameter);
  }
  planning::check_apart(parameters, "--over");
  for (const std::string& text : options.subject_to) {
    problem.constraints.push_back(
        planning::parse_constraint(text, evaluator.scenario().subjects()));
  }
  planning::check_consistent(problem.constraints);
  problem.space = planning::make_space(ranges, cost, options.resolution);
  problem.confidence = options.confidence;
  problem.trial_runs = static_cast<std::size_t>(options.trial_runs);
  problem.search_runs = static_cast<std::size_t>(options.search_runs);
  return problem;
}

// The files of --out, or none.
class PlanFiles {
 public:
  explicit PlanFiles(const std::string& folder) : folder_(folder) {
    if (!folder.empty())
      output_.emplace(folder, std::set<std::string>{"plan.json", "plan.svg", "comparison.json"});
  }

  void write(const std::string& name, const std::string& text) {
    if (!output_) return;
    output_->write(name, text);
    written_.push_back(name);
  }

  std::string commit() {
    if (!output_) return {};
    output_->commit();
    return written_text(folder_, written_);
  }

 private:
  std::string folder_;
  std::vector<std::string> written_;
  std::optional<os::OutputDirectory> output_;
};

std::string best_so_far(const planning::Stopped& stopped, const planning::Space& space) {
  if (!stopped.best) return "nothing looked at so far keeps the promises";
  return "the cheapest so far, not proved: " + planning::settings_text(space, *stopped.best);
}

void print(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) remark(note);
}

int plan(const Options& options) {
  require(!options.file.empty(), "SCENARIO", "scenarios/planning/three-budgets.json");
  require(!options.minimise.empty(), "--minimise", "/mds/hydration/total/rate");
  require(!options.subject_to.empty(), "--subject-to", "'entity.age.p99 <= 5m'");
  require(!options.over.empty(), "--over", "/mds/hydration/total/rate=1/s..100/s");
  const planning::Cost cost = planning::parse_cost(options.minimise);
  RunCounter counter("plan");
  planning::Evaluator evaluator(options.file, overrides_of(options),
                                evaluator_options(options, counter));
  const planning::Problem problem = read_problem(options, cost, evaluator);
  const os::InterruptGuard guard;  // from before the first file until all are in place
  PlanFiles files(options.out);
  planning::Plan result;
  try {
    result = planning::make_plan(problem, cost, evaluator, !options.alone);
  } catch (const planning::Stopped& stopped) {
    counter.clear();
    remark("interrupted after " + std::to_string(evaluator.runs()) + " runs; " +
           best_so_far(stopped, problem.space));
    return kInterrupted;
  }
  counter.clear();
  print(evaluator.retries());
  const std::string json = planning::plan_json(result);
  files.write("plan.json", json);
  if (!options.out.empty()) files.write("plan.svg", planning::plan_svg(result));
  const std::string written = files.commit();
  std::cout << (options.format == "json" ? json
                                         : planning::plan_text(result, options.explain) + written);
  return result.finding.feasible ? kHolds : kFailed;
}

int compare(const Options& options) {
  if (!options.file.empty() || !options.over.empty() || !options.minimise.empty() ||
      !options.subject_to.empty()) {
    throw InputError({"--compare", {}, 0, 0},
                     "takes two scenarios and searches nothing: leave SCENARIO, --minimise, "
                     "--subject-to and --over out");
  }
  RunCounter counter("compare");
  planning::WhatIfOptions what_if;
  what_if.replications = static_cast<std::size_t>(options.replications);
  what_if.confidence = options.confidence;
  what_if.metrics = options.metrics;
  planning::WhatIf result;
  const os::InterruptGuard guard;
  PlanFiles files(options.out);
  try {
    result =
        planning::compare_policies(options.compare[0], options.compare[1], overrides_of(options),
                                   what_if, evaluator_options(options, counter));
  } catch (const planning::Stopped&) {
    counter.clear();
    throw os::Interrupted();
  }
  counter.clear();
  print(result.retries);
  const std::string json = planning::what_if_json(result);
  files.write("comparison.json", json);
  const std::string written = files.commit();
  std::cout << (options.format == "json" ? json : planning::what_if_text(result) + written);
  return kHolds;
}

void add_question(Command& command, Options& options) {
  command.option("SCENARIO", options.file, "Scenario file").type_name("FILE");
  command
      .option("--minimise", options.minimise,
              "Cost: a pointer or a weighted sum, \"/a + 2 * /b + 100 / /period\"")
      .type_name("COST");
  command
      .option("--subject-to", options.subject_to,
              "Promise, 'METRIC <= VALUE', or that 'in 95% of runs'; several. VALUE is 5m, "
              "20/s, 99%, or a number: of seconds where the metric is a time")
      .type_name("CONSTRAINT")
      .repeatable();
  command.option("--over", options.over, "Setting to search and its range; several")
      .type_name("POINTER=LOW..HIGH")
      .repeatable();
  command.option("--compare", options.compare, "Two scenarios at equal budgets instead")
      .type_name("A.json B.json")
      .expected(2);
  command.option("--metric", options.metrics, "Metric to compare, instead of the usual; several")
      .type_name("METRIC")
      .repeatable();
}

void add_effort(Command& command, Options& options) {
  command.option("--confidence", options.confidence, "That the recommendation holds")
      .show_default()
      .between(0.51, 0.9999);
  command.option("--resolution", options.resolution, "Steps of the settings, as a share")
      .show_default()
      .between(0.0005, 0.5);
  command
      .option("--trial-runs", options.trial_runs,
              "Runs that the final trial of a setting is made for; more, less slack")
      .type_name("N")
      .show_default()
      .between(4, 100'000);
  command.option("--search-runs", options.search_runs, "Runs at a setting near a limit")
      .type_name("N")
      .show_default()
      .between(2, 100'000);
  command.option("--replications", options.replications, "Runs of each, with --compare")
      .type_name("N")
      .show_default()
      .between(2, 1'000'000);
  command.flag("--alone", options.alone, "Do not look at the settings around the result");
}

void add_usual(Command& command, Options& options) {
  add_seed(command, options.seed);
  add_jobs(command, options.jobs, "Runs at a time");
  options.set.add_to(command);
  add_out(command, options.out, "Folder for plan.json and plan.svg");
  command.flag("--explain", options.explain, "Show each step of the search");
  add_format(command, options.format);
}

}  // namespace

void add_plan(CLI::App& program, Action& action) {
  Command command(program, "plan", "Find the cheapest settings that keep a promise");
  command.footer(
      "Example:\n"
      "  rehearse plan scenarios/planning/mean-wait.json \\\n"
      "    --minimise /mds/hydration/budgets/datasets/rate \\\n"
      "    --subject-to 'hydration.wait.mean <= 500ms' \\\n"
      "    --over /mds/hydration/budgets/datasets/rate=0.6/s..4/s --out out\n"
      "  rehearse plan --compare cache.json reconciliation.json\n\n"
      "docs/planning.md says how it searches and what it guarantees.");
  const auto options = std::make_shared<Options>();  // lives as long as the callbacks below
  add_question(command, *options);
  add_effort(command, *options);
  add_usual(command, *options);
  command.callback([&action, options] {
    action = [options] { return options->compare.empty() ? plan(*options) : compare(*options); };
  });
}

}  // namespace rehearse::app

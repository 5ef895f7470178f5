// `rehearse sweep`: a scenario at every point of a grid, resumable, shared between machines.
#include "planning/sweep/sweep.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "app/command.hpp"
#include "app/command_line.hpp"
#include "app/common_options.hpp"
#include "app/progress.hpp"
#include "app/remark.hpp"
#include "base/error.hpp"
#include "base/os/interrupt.hpp"
#include "base/os/output_directory.hpp"
#include "planning/sweep/journal.hpp"
#include "planning/sweep/sweep_file.hpp"
#include "planning/sweep/sweep_plot.hpp"
#include "planning/sweep/sweep_report.hpp"

namespace rehearse::app {
namespace {

namespace fs = std::filesystem;

constexpr int kMostReplications = 1'000'000;
constexpr std::size_t kMostRows = 60;  // of the table on stdout
const std::string kDatabase = "sweep.db";
const std::string kJournal = "sweep.journal";

struct Options {
  std::string file;
  std::vector<std::string> vary;
  std::vector<std::string> where;
  std::vector<std::string> metrics;
  std::vector<std::string> merge;
  std::optional<std::string> seed;  ///< read as the scenario's would be
  std::string shard = "1/1";
  int replications = 10;
  int jobs = 1;
  SetOption set;
  std::string out;
  std::string format = "text";
};

// The journal is one of the names, so that it goes when the results are in place.
void write_results(const planning::Sweep& sweep, const std::string& folder) {
  os::OutputDirectory output(folder, {kDatabase, kJournal, "points.csv", "runs.csv", "sweep.svg"});
  planning::write_sweep(sweep, output.path(kDatabase));
  const auto write_csv = [&](const char* name, const auto& writer) {
    std::ofstream file(output.path(name), std::ios::binary | std::ios::trunc);
    writer(sweep, file);
    file.close();
    if (!file) throw InputError({folder + "/" + name, {}, 0, 0}, "cannot be written");
  };
  write_csv("points.csv", planning::write_points_csv);
  write_csv("runs.csv", planning::write_runs_csv);
  if (planning::can_be_drawn(sweep)) output.write("sweep.svg", planning::sweep_svg(sweep));
  output.commit();
}

void print(const planning::Sweep& sweep, const Options& options) {
  if (options.format == "json") {
    std::cout << planning::sweep_json(sweep);
    return;
  }
  std::cout << planning::sweep_text(sweep, kMostRows);
  if (options.out.empty()) return;
  std::vector<std::string> names = {"points.csv", "runs.csv", kDatabase};
  if (planning::can_be_drawn(sweep)) names.emplace_back("sweep.svg");
  std::cout << written_text(options.out, names);
}

// What an earlier session has left in the folder.
void take_earlier(const Options& options, planning::Sweep& sweep) {
  const fs::path path = fs::path(options.out) / kDatabase;
  if (!fs::exists(path)) return;
  const planning::Sweep earlier = planning::read_sweep(path);
  const Where where{path.string(), {}, 0, 0};
  planning::check_same(sweep.design, earlier.design, where);
  if (earlier.design.replications > sweep.design.replications) {
    throw InputError(where, "has " + std::to_string(earlier.design.replications) +
                                " replications a point; --replications cannot be less");
  }
  planning::merge_sweep(sweep, earlier, where);
}

std::unique_ptr<planning::Journal> open_journal(const Options& options, planning::Sweep& sweep) {
  if (options.out.empty()) return nullptr;
  std::error_code error;
  fs::create_directories(options.out, error);
  if (error) throw InputError({options.out, {}, 0, 0}, "cannot be made: " + error.message());
  auto journal =
      std::make_unique<planning::Journal>(fs::path(options.out) / kJournal, sweep.design);
  journal->restore(sweep);
  return journal;
}

int finish(const planning::Sweep& sweep, const planning::SweepOutcome& outcome,
           const Options& options) {
  if (!options.out.empty()) write_results(sweep, options.out);
  print(sweep, options);
  for (const std::string& failure : outcome.failures) remark(failure);
  if (outcome.interrupted) {
    remark("interrupted after " + std::to_string(sweep.runs.size()) + " of " +
           std::to_string(sweep.design.runs()) + " runs" +
           (options.out.empty() ? "" : "; the same command goes on from there"));
    return kInterrupted;
  }
  return outcome.failures.empty() ? kHolds : kInternalError;
}

planning::SweepRequest request_of(const Options& options) {
  return {options.vary, options.where, options.metrics,
          static_cast<std::uint64_t>(options.replications)};
}

int sweep(const Options& options) {
  const planning::Shard shard = planning::parse_shard(options.shard);
  std::vector<experiments::Override> overrides = options.set.overrides();
  if (options.seed) overrides.push_back({"/seed", *options.seed, "--seed"});
  std::unique_ptr<Progress> progress;
  planning::EvaluatorOptions evaluator_options;
  evaluator_options.jobs = options.jobs;
  evaluator_options.progress = [&progress](std::size_t done, std::size_t of) {
    progress->update(static_cast<double>(done) / static_cast<double>(of));
  };
  const os::InterruptGuard guard;  // from before the first file until all are in place
  planning::Evaluator evaluator(options.file, overrides, evaluator_options);
  planning::Sweep sweep;
  sweep.design = planning::make_design(request_of(options), evaluator);
  if (!options.out.empty()) take_earlier(options, sweep);
  const std::unique_ptr<planning::Journal> journal = open_journal(options, sweep);
  const std::vector<planning::RunKey> missing = planning::missing_runs(sweep, shard);
  progress = std::make_unique<Progress>(sweep.design.scenario);
  const planning::SweepOutcome outcome =
      planning::run_sweep(sweep, missing, evaluator,
                          [&](const planning::RunKey& key, const std::vector<double>& metrics) {
                            if (journal) journal->add(key, metrics);
                          });
  progress.reset();
  for (const std::string& note : evaluator.retries()) remark(note);
  return finish(sweep, outcome, options);
}

// The results would take the place of a part, which is then no longer there to be merged again.
void check_apart(const std::string& input, const fs::path& database, const std::string& folder) {
  std::error_code ignored;
  if (folder.empty() || !fs::equivalent(database, fs::path(folder) / kDatabase, ignored)) return;
  throw InputError({"--out", {}, 0, 0},
                   folder + " holds one of the files to merge, " + input +
                       ", which the results would replace; another folder is allowed");
}

fs::path database_of(const std::string& name) {
  return fs::is_directory(name) ? fs::path(name) / kDatabase : fs::path(name);
}

int merge(const Options& options) {
  for (const std::string& name : options.merge) {
    check_apart(name, database_of(name), options.out);
  }
  planning::Sweep whole;
  for (const std::string& name : options.merge) {
    const fs::path path = database_of(name);
    planning::Sweep part = planning::read_sweep(path);
    if (&name == &options.merge.front()) {
      whole = std::move(part);
    } else {
      planning::merge_sweep(whole, part, {path.string(), {}, 0, 0});
    }
  }
  const os::InterruptGuard guard;
  const int status = finish(whole, {}, options);
  if (whole.complete()) return status;
  remark(std::to_string(whole.design.runs() - whole.runs.size()) + " of " +
         std::to_string(whole.design.runs()) + " runs are in none of the files");
  return kFailed;
}

int run(const Options& options) {
  const auto refuse = [](const char* option, const char* message) {
    throw InputError({option, {}, 0, 0}, message);
  };
  if (!options.merge.empty()) {
    if (!options.file.empty() || !options.vary.empty()) {
      refuse("--merge", "stands without SCENARIO and --vary: the files know theirs");
    }
    return merge(options);
  }
  if (options.file.empty()) refuse("SCENARIO", "is required, or --merge FILES");
  if (options.vary.empty()) refuse("--vary", "is required: POINTER=1/s,2/s or =1/s..9/s log 5");
  if (options.out.empty() && options.shard != "1/1") {
    refuse("--shard", "needs --out DIR: its part is merged from there");
  }
  return sweep(options);
}

void add_list(Command& command, const char* name, std::vector<std::string>& texts, const char* help,
              const char* type) {
  command.option(name, texts, help).type_name(type).repeatable();
}

void add_grid_options(Command& command, Options& options) {
  command.option("SCENARIO", options.file, "Scenario file").type_name("FILE");
  add_list(command, "--vary", options.vary,
           "A setting and its values: POINTER=1/s,2/s,5/s or POINTER=1/s..100/s log 20 (or lin); "
           "several make a grid",
           "POINTER=VALUES");
  add_list(command, "--where", options.where,
           "Only points for which this holds, for example 'datasets/rate < total/rate'",
           "CONDITION");
  add_list(command, "--metric", options.metrics,
           "Show this metric (default: those of the scenario's expectations)", "NAME");
}

void add_options(Command& command, Options& options) {
  add_grid_options(command, options);
  command
      .option("--replications", options.replications,
              "Runs at each point, with the same seeds at every one")
      .type_name("N")
      .show_default()
      .between(1, kMostReplications);
  add_seed(command, options.seed);
  add_jobs(command, options.jobs, "Runs at a time");
  options.set.add_to(command);
  command.option("--shard", options.shard, "Do part I of N, for several machines").type_name("I/N");
  command
      .option("--merge", options.merge,
              "Put the sweep.db (or folders) of several machines together")
      .type_name("FILES");
  add_out(command, options.out, "Folder for the results; run again to go on");
  add_format(command, options.format);
}

}  // namespace

void add_sweep(CLI::App& program, Action& action) {
  Command command(program, "sweep", "Run a scenario over a grid of settings");
  command.footer(
      "Example:\n  rehearse sweep scenarios/budget-sweep.json --out out \\\n"
      "    --vary '/mds/hydration/budgets/model-registry/rate=1/s..20/s log 8'\n"
      "  rehearse sweep --merge part1 part2 part3 --out whole");
  const auto options = std::make_shared<Options>();  // lives as long as the callbacks below
  add_options(command, *options);
  command.callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace rehearse::app

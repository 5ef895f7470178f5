// `rehearse explore`: does the graph come out right whatever happens in whatever order? Every
// schedule of a small world, or many drawn ones of a large world; counterexamples are shrunk, told
// and kept.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <set>

#include "app/command.hpp"
#include "app/command_line.hpp"
#include "app/common_options.hpp"
#include "app/progress.hpp"
#include "app/remark.hpp"
#include "base/error.hpp"
#include "base/os/interrupt.hpp"
#include "base/os/output_directory.hpp"
#include "base/os/perf.hpp"
#include "base/text/json_writer.hpp"
#include "base/text/wrap.hpp"
#include "base/version.hpp"
#include "experiments/explore_setup.hpp"
#include "experiments/scenario/scenario.hpp"
#include "explore/tell/report.hpp"
#include "explore/tell/schedule_file.hpp"
#include "explore/tell/story.hpp"

namespace rehearse::app {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1} << 20U;
const std::string kGoOn = " \\\n    ";  // of a command in a shell, on the next line
constexpr std::size_t kDepth = 3;
const std::string kPerf = "perf.json";

struct Options {
  std::string file;
  std::string method = "exhaustive";
  std::optional<std::string> seed;   ///< read as the scenario's would be
  std::optional<std::size_t> depth;  ///< kDepth where it is not given
  std::uint64_t schedules = 0;
  double budget_seconds = 0;
  std::size_t memory = 8192;
  std::size_t settle_above = 2'000'000;
  int jobs = 1;
  bool require_complete = false;
  bool index = false;
  std::string replay;
  SetOption set;
  std::string out;
  std::string format = "text";
  std::vector<std::string> of_searches;  ///< options given that a replay has no use for
};

/// Draws the share of the time that was allowed, from whatever thread.
class Watch {
 public:
  Watch(const std::string& name, double budget)
      : progress_(name), budget_(budget), start_(Clock::now()) {}

  void look() {
    const std::lock_guard lock(mutex_);
    if (budget_ <= 0) return;
    const std::chrono::duration<double> past = Clock::now() - start_;
    progress_.update(std::min(1.0, past.count() / budget_));
  }

 private:
  using Clock = std::chrono::steady_clock;
  Progress progress_;
  double budget_;
  Clock::time_point start_;
  std::mutex mutex_;
};

/// What was found, and what the search cost; making counterexamples short is no part of that.
struct Searched {
  explore::Exploration found;
  os::Perf perf;  ///< its events are the steps that were made in the service
};

Searched exhaust(const explore::Setup& setup, const explore::ScriptedTruth& truth,
                 const Options& options, Watch& watch) {
  explore::ExhaustiveOptions search;
  search.jobs = static_cast<std::size_t>(options.jobs);
  search.budget_seconds = options.budget_seconds;
  search.memory_bytes = options.memory * kMebibyte;
  search.progress = [&](std::size_t, std::uint64_t) { watch.look(); };
  search.interrupted = os::InterruptGuard::came;
  Searched searched;
  explore::Exploration& found = searched.found;
  const os::PerfMeter meter;
  found.exhaustive = explore::explore_all(setup, truth, search, options.settle_above);
  searched.perf = meter.read(found.exhaustive->executed);
  for (const auto& [property, example] : found.exhaustive->violations) {
    found.examples.push_back(explore::shrink(setup, example.schedule, property));
  }
  return searched;
}

Searched draw(const explore::Setup& setup, const explore::ScriptedTruth& truth,
              const explore::Trial& undisturbed, const Options& options, std::uint64_t seed,
              Watch& watch) {
  explore::SamplingOptions search;
  search.method = options.method == "random" ? explore::Method::random : explore::Method::pct;
  search.depth = options.depth.value_or(kDepth);
  search.seed = seed;
  search.schedules = options.schedules;
  search.budget_seconds = options.budget_seconds;
  search.jobs = static_cast<std::size_t>(options.jobs);
  search.progress = [&](std::uint64_t) { watch.look(); };
  search.interrupted = os::InterruptGuard::came;
  Searched searched;
  explore::Exploration& found = searched.found;
  found.method = search.method;
  const os::PerfMeter meter;
  found.sampled = explore::sample(setup, truth, search);
  searched.perf = meter.read(found.sampled->steps);
  if (found.sampled->first) {
    const explore::SampledViolation& first = *found.sampled->first;
    found.examples.push_back(explore::shrink(setup, first.schedule, first.violation.property));
  } else if (!undisturbed.violations.empty()) {
    // Known without drawing it.
    found.examples.push_back(explore::shrink(setup, undisturbed.taken));
  }
  return searched;
}

/// Steps of the service per second of one core; steps whose end was remembered are not among them.
std::string perf_text(const os::Perf& perf) {
  const auto steps = static_cast<double>(perf.events);
  const double a_second = perf.cpu_seconds > 0 ? steps / perf.cpu_seconds : 0;
  return JsonWriter()
      .object(JsonWriter::Layout::lines)
      .member("wall_seconds", perf.wall_seconds)
      .member("cpu_seconds", perf.cpu_seconds)
      .member("service_steps", perf.events)
      .member("service_steps_per_cpu_second", a_second)
      .member("peak_rss_mib", perf.peak_rss_mib)
      .end()
      .take();
}

/// Where the results go. Prepared before the search, which may take long, and filled after it.
std::optional<os::OutputDirectory> output_of(const Options& options) {
  if (options.out.empty()) return std::nullopt;
  std::set<std::string> names = explore::report_names();
  names.insert(kPerf);
  return std::optional<os::OutputDirectory>(std::in_place, options.out, std::move(names));
}

void write(const explore::Exploration& found, const os::Perf& perf, os::OutputDirectory& output) {
  for (const auto& [name, text] : explore::report_files(found)) output.write(name, text);
  output.write(kPerf, perf_text(perf));
  output.commit();
}

int replay(const explore::Setup& setup, const Options& options) {
  explore::Replay replay = explore::replay(setup, config::load(options.replay));
  if (replay.trial.violations.empty()) {
    std::cout << wrapped("", "The schedule violates nothing with these settings; recorded was " +
                                 replay.recorded + ".");
    return kHolds;
  }
  const bool exact = replay.exact;
  const explore::Shrunk shown = std::move(replay).shrunk();
  std::cout << explore::story(shown);
  std::cout
      << (exact ? "The same violation at the same step, in the same state as recorded.\n"
                : "Not as recorded: other settings, another version, or the file was changed.\n");
  return kFailed;
}

/// As a shell takes it for one word.
std::string in_shell(const std::string& word) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_./-+=:,@%{}").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string replay_command(const Options& options) {
  if (options.out.empty()) return {};
  std::string command = "rehearse explore " + in_shell(options.file);
  for (const std::string& text : options.set.texts) command += kGoOn + "--set " + in_shell(text);
  if (options.index) command += kGoOn + "--index";
  return command + kGoOn + "--replay " + in_shell(options.out + "/{}");
}

/// Throws InputError for options that would say nothing.
void check_options(const Options& options) {
  const auto refuse = [](const std::string& option, const std::string& why) {
    throw InputError({option, {}, 0, 0}, why);
  };
  if (!options.replay.empty() && !options.of_searches.empty()) {
    refuse(options.of_searches.front(), "nothing is searched with --replay");
  }
  if (!options.replay.empty() && options.format == "json") {
    refuse("--format", "--replay tells what happens; only text is allowed with it");
  }
  if (options.depth && options.method != "pct") {
    refuse("--depth", "only --method pct has a depth");
  }
  if (options.seed && options.method == "exhaustive") {
    refuse("--seed", options.replay.empty() ? "--method exhaustive draws nothing; random and pct do"
                                            : "nothing is drawn with --replay");
  }
  for (const std::string& option : options.of_searches) {
    if (options.method == "exhaustive" || (option != "--memory" && option != "--settle-above")) {
      continue;
    }
    refuse(option, "only --method exhaustive keeps the states seen; random and pct do not");
  }
  if (options.schedules > 0 && options.method == "exhaustive") {
    refuse("--schedules", "--method exhaustive takes every schedule; random and pct draw some");
  }
}

int explore_scenario(const Options& options) {
  check_options(options);
  std::vector<experiments::Override> overrides = options.set.overrides();
  if (options.seed) overrides.push_back({"/seed", *options.seed, "--seed"});
  const experiments::Scenario scenario = experiments::load_scenario(options.file, overrides);
  const explore::Setup setup = experiments::explore_setup(scenario, options.index);
  if (!options.replay.empty()) return replay(setup, options);
  if (options.method != "exhaustive" && options.schedules == 0 && options.budget_seconds <= 0) {
    throw InputError({"--method", {}, 0, 0}, options.method +
                                                 " has no end of its own; give --schedules or "
                                                 "--budget-seconds");
  }
  const explore::ScriptedTruth truth(setup);
  const explore::Trial undisturbed = explore::undisturbed(setup, truth);
  Searched searched;
  explore::Exploration& found = searched.found;
  const os::InterruptGuard guard;  // from before the first file until all are in place
  std::optional<os::OutputDirectory> output = output_of(options);
  {
    Watch watch(scenario.name, options.budget_seconds);
    searched = options.method == "exhaustive"
                   ? exhaust(setup, truth, options, watch)
                   : draw(setup, truth, undisturbed, options, scenario.simulation.seed, watch);
  }
  const bool interrupted = os::InterruptGuard::came();
  found.scenario = scenario.name;
  found.seed = scenario.simulation.seed;
  found.version = std::string(version());
  found.checked = explore::checked_properties(setup);
  found.no_order = explore::order_cannot_be_judged(setup, undisturbed);
  if (found.no_order) std::erase(found.checked, explore::Property::order);
  found.ignored = setup.settings.ignored;
  found.round_assumed = explore::assumes_round(setup);
  found.require_complete = options.require_complete;
  if (output) write(found, searched.perf, *output);
  std::cout << (options.format == "json" ? explore::report_summary(found)
                                         : explore::report_text(found, replay_command(options)));
  if (interrupted) {
    remark("interrupted; what was covered until then is reported");
    return kInterrupted;
  }
  switch (found.outcome()) {
    case explore::Outcome::violated:
      return kFailed;
    case explore::Outcome::not_exhausted:
      return options.require_complete ? kFailed : kHolds;
    case explore::Outcome::holds:
      break;
  }
  return kHolds;
}

void add_search_options(Command& command, Options& options) {
  command
      .option("--method", options.method,
              "Every schedule, or schedules drawn at random, uniformly or as PCT does")

      .show_default()
      .choice({"exhaustive", "random", "pct"});
  command.option("--depth", options.depth, "Of the bugs that pct is to find")
      .type_name("N")
      .show_default(std::to_string(kDepth))
      .between(1, 20);
  command.option("--schedules", options.schedules, "How many to draw (random, pct)")
      .type_name("N")
      .between(std::uint64_t{1}, std::uint64_t{1'000'000'000'000});
  add_seed(command, options.seed, "Seed instead of the scenario's (random, pct)");
  command.option("--budget-seconds", options.budget_seconds, "Stop after this time")
      .type_name("S")
      .check([](const std::string& text) -> std::string {
        char* end = nullptr;
        const double seconds = std::strtod(text.c_str(), &end);
        if (!text.empty() && *end == '\0' && seconds > 0 && std::isfinite(seconds)) return {};
        return "found " + text + "; a number of seconds above 0 is allowed";
      });
  command.option("--memory", options.memory, "MiB for the states seen (exhaustive)")
      .type_name("MIB")
      .show_default()
      .between(std::size_t{16}, std::size_t{1'000'000});
  command
      .option("--settle-above", options.settle_above,
              "Take documents that are up to date by themselves in worlds of more than so many "
              "states; 0: in all (exhaustive)")
      .type_name("STATES")
      .show_default();
  add_jobs(command, options.jobs, "Threads");
}

}  // namespace

void add_explore(CLI::App& program, Action& action) {
  Command command(program, "explore",
                  "Look for an order of events, or a fault, that leaves the graph wrong");
  command.footer(
      "Example:\n  rehearse explore scenarios/explore/worked-example.json --out out\n"
      "  rehearse explore scenarios/explore/lost-last-event.json\n"
      "  rehearse explore SCENARIO --method pct --budget-seconds 60\n\n"
      "Exit status: 0 no violation was found, 1 one was (or, with --require-complete,\n"
      "schedules were left unexplored), 2 bad usage or scenario.");
  const auto options = std::make_shared<Options>();  // lives as long as the callbacks below
  command.option("SCENARIO", options->file, "Scenario file").required().type_name("FILE");
  add_search_options(command, *options);
  command.flag("--require-complete", options->require_complete,
               "Fail when schedules were left unexplored");
  command.flag("--index", options->index, "Keep the search index and check it at the end");
  options->set.add_to(command);
  add_out(command, options->out, "Folder for the results");
  add_format(command, options->format);
  command.option("--replay", options->replay, "Run the schedule of a counterexample's file")
      .type_name("FILE");
  command.callback([&action, options, command] {
    for (const char* option : {"--method", "--depth", "--schedules", "--budget-seconds", "--memory",
                               "--settle-above", "--require-complete", "--out"}) {
      if (command.given(option)) options->of_searches.emplace_back(option);
    }
    action = [options] { return explore_scenario(*options); };
  });
}

}  // namespace rehearse::app

// What replications cost beside their simulation: the time a forked run takes more than the run,
// the gain of a second job, and the memory and remains of ten thousand tiny runs.
//
//   replications_bench [SCENARIO [TINY_RUNS]]
//
// The scenario (scenarios/budget-sweep.json) is run alternately with one and two jobs; the ratio of
// the best rates is printed, since load from outside only ever lowers a rate. On a busy machine the
// ratio says nothing: the share of two cores that this program had is printed beside it.
#include <dirent.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstring>
#include <thread>

#include "base/os/forked.hpp"
#include "clock.hpp"
#include "experiments/replicate.hpp"

namespace {

using namespace rehearse;
using bench::Clock;
using bench::cpu_seconds;
using bench::seconds_since;

constexpr std::size_t kRuns = 40;  // in each round
constexpr int kRounds = 5;
constexpr std::size_t kOverheadRuns = 200;

struct Rate {
  double runs_per_second = 0;
  double cores = 0;  ///< used by the workers
};

Rate rate(const experiments::Scenario& scenario, int jobs) {
  experiments::ReplicateOptions options;
  options.replications = kRuns;
  options.jobs = jobs;
  const double cpu = cpu_seconds(RUSAGE_CHILDREN);
  const Clock::time_point begin = Clock::now();
  experiments::replicate(scenario, options);
  const double wall = seconds_since(begin);
  return {kRuns / wall, (cpu_seconds(RUSAGE_CHILDREN) - cpu) / wall};
}

void print_ratio(const experiments::Scenario& scenario) {
  Rate best[2];
  for (int round = 0; round < kRounds; ++round) {
    for (const int jobs : {1, 2}) {
      const Rate measured = rate(scenario, jobs);
      Rate& kept = best[jobs - 1];
      if (measured.runs_per_second > kept.runs_per_second) kept = measured;
    }
  }
  for (const int jobs : {1, 2}) {
    fmt::print("{} job{}   {:8.2f} runs/s   {:.2f} cores used\n", jobs, jobs == 1 ? " " : "s",
               best[jobs - 1].runs_per_second, best[jobs - 1].cores);
  }
  fmt::print("ratio    {:8.2f}            of {} cores\n",
             best[1].runs_per_second / best[0].runs_per_second,
             std::thread::hardware_concurrency());
}

/// What one run took inside of its worker.
struct Inside {
  double wall = 0;
  double cpu = 0;
};

// What a worker measured comes back as bytes, like any result. By processor time the overhead can
// be measured on a busy machine too, where a new process waits for its turn.
void print_overhead(const experiments::Scenario& scenario) {
  const auto work = [&](std::size_t index) {
    const Clock::time_point begin = Clock::now();
    const double cpu = cpu_seconds(RUSAGE_SELF);
    experiments::RunOptions options;
    options.replication = index;
    experiments::run(scenario, options);
    const Inside inside{seconds_since(begin), cpu_seconds(RUSAGE_SELF) - cpu};
    return std::string(reinterpret_cast<const char*>(&inside), sizeof inside);
  };
  Inside sum;
  os::ForkedOptions options;
  options.deliver = [&](std::size_t, os::ForkedOutcome& outcome) {
    Inside one;
    std::memcpy(&one, outcome.text->data(), sizeof one);
    sum.wall += one.wall;
    sum.cpu += one.cpu;
    return true;
  };
  const Clock::time_point begin = Clock::now();
  const double cpu = cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN);
  os::run_forked(kOverheadRuns, work, options);
  const double wall = seconds_since(begin);
  const double spent = cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN) - cpu;
  const auto line = [](const char* what, double inside, double all) {
    fmt::print("a tiny run {:.2f} ms {}, forked {:.2f} ms: {:.2f} ms more\n",
               1000 * inside / kOverheadRuns, what, 1000 * all / kOverheadRuns,
               1000 * (all - inside) / kOverheadRuns);
  };
  line("of wall time", sum.wall, wall);
  line("of processor time", sum.cpu, spent);
}

std::size_t open_files() {
  std::size_t count = 0;
  DIR* directory = opendir("/proc/self/fd");
  while (readdir(directory) != nullptr) ++count;
  closedir(directory);
  return count;
}

long peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

void print_many(const experiments::Scenario& scenario, std::size_t runs) {
  experiments::ReplicateOptions options;
  options.replications = 50;
  options.jobs = 2;
  experiments::replicate(scenario, options);
  const std::size_t files = open_files();
  const long before = peak_mib();
  options.replications = runs;
  const Clock::time_point begin = Clock::now();
  const experiments::Replicated replicated = experiments::replicate(scenario, options);
  fmt::print(
      "{} tiny runs in {:.1f} s: peak memory {} MiB, {} MiB more than for 50; {} open files "
      "more, {}\n",
      replicated.result.runs.size(), seconds_since(begin), peak_mib(), peak_mib() - before,
      open_files() - files,
      waitpid(-1, nullptr, WNOHANG) == -1 ? "no process left" : "PROCESSES LEFT");
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = REHEARSE_SOURCE_DIR "/scenarios/";
  const std::string file = argc > 1 ? argv[1] : folder + "budget-sweep.json";
  const experiments::Scenario tiny = experiments::load_scenario(
      folder + "loss-only.json",
      {{"/duration", "10m"}, {"/sources/datasets/entities/0/count", "10"}});
  print_overhead(tiny);
  print_many(tiny, argc > 2 ? std::stoul(argv[2]) : 10'000);
  print_ratio(experiments::load_scenario(file));
  return 0;
}

// Interrupts that lost work, or that nobody heard. On a busy machine all of these came by
// themselves; here signals are sent when something has happened, whatever the time is.
#include <signal.h>

#include <catch2/catch.hpp>
#include <sstream>

#include "base/os/forked.hpp"
#include "base/os/interrupt.hpp"
#include "experiments/replicate.hpp"
#include "fixtures.hpp"
#include "planning/sweep/sweep.hpp"
#include "processes.hpp"

using namespace rehearse;

namespace {

std::string summary(const experiments::Replicated& replicated) {
  std::ostringstream text;
  reports::write_replicated_summary(replicated.result, text);
  return text.str();
}

}  // namespace

// Progress counted runs that were over, of which an interrupt keeps those without a gap before
// them: with one worker that was late to be given the processor, of six runs told as done none was
// kept.
TEST_CASE("an interrupted series is the series of the runs that it told as complete") {
  const experiments::Scenario scenario = experiments::load_scenario(
      test::source_path("tests/app/valid.json"), {{"/duration", "20m"}, {"/faults", "[]"}});
  experiments::ReplicateOptions options;
  options.replications = 1'000'000;
  options.jobs = 2;
  std::size_t complete = 0;
  options.progress = [&](std::size_t done, double) {
    complete = done;
    if (done == 6) raise(SIGINT);
  };
  const std::size_t files = test::open_files();
  const experiments::Replicated interrupted = experiments::replicate(scenario, options);
  CHECK(interrupted.interrupted);
  CHECK(interrupted.failures.empty());
  CHECK(test::no_children());
  CHECK(test::open_files() == files);
  REQUIRE(complete >= 6);
  CHECK(interrupted.result.runs.size() == complete);
  options.replications = complete;
  options.progress = nullptr;
  CHECK(summary(experiments::replicate(scenario, options)) == summary(interrupted));
}

// Runs of a sweep were written down in their order, so that those complete while an earlier one was
// at work, up to thousands of them, were lost when the sweep was stopped.
TEST_CASE("a stopped sweep keeps every run that is complete, also behind one that is not") {
  planning::Evaluator evaluator(test::source_path("tests/app/valid.json"), {{"/faults", "[]"}},
                                {.jobs = 2, .progress = {}});
  planning::Sweep sweep;
  // The first run takes minutes, the others milliseconds.
  sweep.design = planning::make_design({{"/duration=100000h,1m,2m,3m"}, {}, {}, 1}, evaluator);
  std::vector<std::size_t> kept;
  const planning::SweepOutcome outcome =
      planning::run_sweep(sweep, planning::missing_runs(sweep, {}), evaluator,
                          [&](const planning::RunKey& key, const std::vector<double>&) {
                            kept.push_back(key.point);
                            if (kept.size() == 3) raise(SIGINT);
                          });
  CHECK(outcome.interrupted);
  CHECK(kept == std::vector<std::size_t>{1, 2, 3});
  CHECK(sweep.runs.size() == 3);
  CHECK(test::no_children());
}

// A command noted a signal that came before it had workers, and the workers' pool asked for signals
// that came from then on: the series went on until its first run was over.
TEST_CASE("an interrupt that came before the first worker starts none") {
  const os::InterruptGuard command;
  REQUIRE(raise(SIGINT) == 0);
  const auto work = [](std::size_t) { return std::string("done"); };
  os::ForkedOptions options;
  options.jobs = 2;
  const os::ForkedResult result = os::run_forked(10, work, options);
  CHECK(result.interrupted);
  CHECK(result.outcomes.empty());
  CHECK(test::no_children());
}

// What a plan costs: its runs beside those of a grid of the same resolution, and its time beside
// that of the same runs in one batch.
//
//   plan_bench [SEEDS]
//
// Plans scenarios/planning/mean-wait.json, a tenth as long, where theory knows the answer. The
// requests of the search are noted; afterwards a fresh evaluator makes the same runs at once, with
// as many jobs. What the plan took more, in processor time, is the planner's own thinking and what
// its many small batches cost. Both are measured alternately in one process; on a busy machine the
// wall times say little.
#include <fmt/format.h>

#include <cmath>
#include <string>

#include "clock.hpp"
#include "planning/plan/find_plan.hpp"
#include "planning/plan/scenario_trials.hpp"

namespace {

using namespace rehearse;
using bench::Clock;
using bench::cpu_seconds;
using bench::seconds_since;

constexpr int kSeeds = 5;
constexpr int kJobs = 2;
constexpr double kResolution = 0.01;
constexpr double kGridRuns = 10;  // at each point of a grid, as the first stage of a proof
const std::string kRate = "/mds/hydration/budgets/datasets/rate";

struct Spent {
  double wall = 0;
  double own = 0;      ///< processor time of this process
  double workers = 0;  ///< of its workers

  void add(const Spent& other) {
    wall += other.wall;
    own += other.own;
    workers += other.workers;
  }
};

template <typename Work>
Spent measured(const Work& work) {
  const Clock::time_point begin = Clock::now();
  const double own = cpu_seconds(RUSAGE_SELF);
  const double workers = cpu_seconds(RUSAGE_CHILDREN);
  work();
  return {seconds_since(begin), cpu_seconds(RUSAGE_SELF) - own,
          cpu_seconds(RUSAGE_CHILDREN) - workers};
}

planning::Evaluator evaluator(int seed) {
  planning::EvaluatorOptions options;
  options.jobs = kJobs;
  return planning::Evaluator(REHEARSE_SOURCE_DIR "/scenarios/planning/mean-wait.json",
                             {{"/seed", std::to_string(seed)}, {"/duration", "4500s"}}, options);
}

// Hands the planner's requests on and notes them.
class Noted : public planning::Trials {
 public:
  Noted(const planning::Space& space, planning::Trials& trials) : space_(space), trials_(trials) {}

  std::vector<planning::Observed> run(const std::vector<planning::Request>& requests) override {
    for (const planning::Request& request : requests) {
      for (std::uint64_t i = 0; i < request.count; ++i) {
        questions_.push_back({planning::assignment_at(space_, request.point), request.first + i});
      }
    }
    return trials_.run(requests);
  }
  std::uint64_t runs() const override { return trials_.runs(); }
  const std::vector<planning::PlannedRun>& questions() const { return questions_; }

 private:
  const planning::Space& space_;
  planning::Trials& trials_;
  std::vector<planning::PlannedRun> questions_;
};

planning::Problem problem(const planning::Evaluator& evaluator) {
  planning::Problem problem;
  problem.space = planning::make_space(
      {planning::parse_range(kRate + "=0.6/s..4/s", evaluator.node(), "bench")},
      planning::parse_cost(kRate), kResolution);
  problem.constraints = {
      planning::parse_constraint("hydration.wait.mean <= 500ms", evaluator.scenario().subjects())};
  return problem;
}

void print(const char* what, const Spent& spent) {
  fmt::print("{:22} {:7.2f} s wall  {:7.2f} s of processor time, {:.3f} s of it in this process\n",
             what, spent.wall, spent.own + spent.workers, spent.own);
}

}  // namespace

int main(int argc, char** argv) {
  const int seeds = argc > 1 ? std::stoi(argv[1]) : kSeeds;
  Spent plans;
  Spent batches;
  std::uint64_t runs = 0;
  double grid = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    planning::Evaluator planned = evaluator(seed);
    const planning::Problem asked = problem(planned);
    grid += asked.space.size() * kGridRuns;
    planning::ScenarioTrials trials(asked.space, asked.constraints, planned);
    Noted noted(asked.space, trials);
    plans.add(measured([&] { planning::find_plan(asked, noted); }));
    runs += planned.runs();
    planning::Evaluator batch = evaluator(seed);
    batches.add(measured([&] { batch.evaluate(noted.questions()); }));
    if (batch.runs() != planned.runs()) {
      fmt::print(stderr, "the batch made {} runs, the plan {}\n", batch.runs(), planned.runs());
      return 1;
    }
  }
  fmt::print("{} plans, {:.1f} runs each; a grid of {:.0f}% takes {:.0f}: {:.1f} times as many\n",
             seeds, static_cast<double>(runs) / seeds, 100 * kResolution, grid / seeds,
             grid / static_cast<double>(runs));
  print("plans", plans);
  print("the same runs at once", batches);
  fmt::print("ratio {:.3f} of processor time, {:.3f} of wall time\n",
             (plans.own + plans.workers) / (batches.own + batches.workers),
             plans.wall / batches.wall);
  return 0;
}

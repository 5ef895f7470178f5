#include "experiments/warmup.hpp"

#include <cassert>
#include <stdexcept>

namespace rehearse::experiments {

Duration warmup_shown_by(const Replicated& pilot) {
  assert(!pilot.interrupted);
  if (!pilot.failures.empty()) {
    throw std::runtime_error("--warmup auto needs all of its pilot runs: " +
                             pilot.failures.front());
  }
  const std::optional<reports::SteadyState>& state = pilot.result.steady_state;
  if (!state) throw InputError({"--warmup", {}, 0, 0}, "the run is too short to see it settle");
  const std::optional<Duration> start_up = state->start_up();
  if (start_up) return *start_up;
  std::string restless;
  for (const auto& [name, curve] : state->curves) {
    if (!curve.start_up) restless += (restless.empty() ? "" : ", ") + name;
  }
  throw InputError({"--warmup", {}, 0, 0},
                   "MSER-5 finds no steady state in the first half of the run (" + restless +
                       "); a longer duration, or a warm-up of your own, is needed");
}

std::optional<Duration> find_warmup(const Scenario& scenario, std::size_t runs, int jobs) {
  ReplicateOptions options;
  options.replications = runs;
  options.jobs = jobs;
  const Replicated pilot = replicate(scenario, options);
  if (pilot.interrupted) return std::nullopt;
  return warmup_shown_by(pilot);
}

}  // namespace rehearse::experiments

#include "explore/search/exhaustive.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <stdexcept>
#include <thread>

#include "explore/search/search_worker.hpp"
#include "explore/tell/trial.hpp"

namespace rehearse::explore {
namespace {

using Workers = std::vector<std::unique_ptr<SearchWorker>>;

void run_all(Workers& workers, SharedSearch& shared) {
  std::vector<std::exception_ptr> errors(workers.size());
  std::vector<std::thread> threads;
  const auto run = [&](std::size_t i) {
    try {
      workers[i]->run();
    } catch (...) {
      errors[i] = std::current_exception();
      shared.abort();
    }
  };
  for (std::size_t i = 1; i < workers.size(); ++i) threads.emplace_back(run, i);
  run(0);
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

/// Finds shortest schedules in the graph of states, by running them.
class Finder {
 public:
  Finder(const Setup& setup, const ScriptedTruth& truth, const ExhaustiveOptions& options,
         const SharedSearch& shared, const StateGraph& graph)
      : setup_(setup),
        truth_(truth),
        options_(options),
        shared_(shared),
        graph_(graph),
        depths_(graph.depths()) {}

  /// To the nearest of some states; `step` is then made of the first choice that fits.
  Counterexample shortest(std::vector<StateNumber> states, std::optional<Property> property) const {
    std::uint32_t nearest = StateGraph::kFar;
    for (const StateNumber state : states) nearest = std::min(nearest, depths_[state]);
    std::erase_if(states, [&](StateNumber state) { return depths_[state] != nearest; });
    const auto distances = graph_.distances(states);
    System system(setup_, truth_);
    Counterexample found;
    for (std::uint32_t left = nearest; left > 0; --left) {
      found.schedule.push_back(choose(system, [&] {
        const StateNumber state = shared_.table.find(system.fingerprint());
        return system.violations().empty() && state != kNoState && distances[state] == left - 1;
      }));
      system.apply(found.schedule.back());
    }
    if (!property) return found;
    found.schedule.push_back(choose(system, [&] {
      for (const Violation& violation : system.violations()) {
        if (violation.property != *property) continue;
        found.violation = violation;
        return true;
      }
      return false;
    }));
    return found;
  }

 private:
  template <class Fits>
  Choice choose(System& system, const Fits& fits) const {
    for (const Choice& choice : system.enabled(options_.reduce)) {
      system.push();
      system.apply(choice);
      const bool found = fits();
      system.pop();
      if (found) return choice;
    }
    throw std::logic_error("a schedule that was found cannot be found again");
  }

  const Setup& setup_;
  const ScriptedTruth& truth_;
  const ExhaustiveOptions& options_;
  const SharedSearch& shared_;
  const StateGraph& graph_;
  std::vector<std::uint32_t> depths_;
};

struct Found {
  std::vector<ViolatingStep> violating;
  std::vector<EndState> ends;
};

void count(const StateGraph& graph, const Found& found, Exhaustive& result) {
  std::vector<Ending> endings;
  for (const ViolatingStep& step : found.violating) endings.push_back({step.state, true});
  for (const EndState& end : found.ends) endings.push_back({end.state, false});
  if (!result.complete) return;
  const StateGraph::Totals totals = graph.totals(endings);
  result.schedules = totals.schedules;
  result.longest = totals.longest;
}

void find_counterexamples(const Finder& finder, const Found& found, const Setup& setup,
                          const ScriptedTruth& truth, Exhaustive& result) {
  std::map<Property, std::vector<StateNumber>> states;
  for (const ViolatingStep& step : found.violating) {
    for (const Property property : step.properties) {
      ++result.violating_steps[property];
      states[property].push_back(step.state);
    }
  }
  for (const auto& [property, where] : states) {
    result.violations[property] = finder.shortest(where, property);
  }
  if (result.digests.size() < 2 || !setup.settings.checks(Property::order)) return;
  const auto usual = undisturbed_digest(setup, truth);
  if (!usual) return;  // nothing to compare with, and a violation of its own
  std::vector<StateNumber> others;
  for (const EndState& end : found.ends) {
    if (end.digest != *usual) others.push_back(end.state);
  }
  if (others.empty()) return;
  result.violating_steps[Property::order] = others.size();
  Counterexample& order = result.violations[Property::order];
  order = finder.shortest(others, std::nullopt);
  order.violation = {Property::order,
                     "the schedule ends in another graph than the undisturbed one"};
}

}  // namespace

Exhaustive explore_all(const Setup& setup, const ScriptedTruth& truth,
                       const ExhaustiveOptions& options) {
  SharedSearch shared(options);
  Workers workers;
  for (std::size_t i = 0; i < options.jobs; ++i) {
    workers.push_back(std::make_unique<SearchWorker>(setup, truth, options, shared));
  }
  workers[0]->enter_start();
  run_all(workers, shared);

  Exhaustive result;
  result.cut = shared.why();
  result.complete = !shared.stopped();
  result.states = shared.states();
  Found found;
  std::vector<std::vector<StateGraph::Step>> edges;
  for (const auto& worker : workers) {
    result.executed += worker->executed();
    result.settled |= worker->settled();
    result.phantoms.insert(worker->phantoms().begin(), worker->phantoms().end());
    edges.push_back(std::move(worker->edges));
    found.violating.insert(found.violating.end(), worker->violating.begin(),
                           worker->violating.end());
    found.ends.insert(found.ends.end(), worker->ends.begin(), worker->ends.end());
  }
  workers.clear();
  for (const EndState& end : found.ends) result.digests.insert(end.digest);
  const StateGraph graph(result.states, std::move(edges));
  result.steps = graph.steps() + found.violating.size();
  count(graph, found, result);
  if (options.prune) {
    const Finder finder(setup, truth, options, shared, graph);
    find_counterexamples(finder, found, setup, truth, result);
  } else {
    for (const ViolatingStep& step : found.violating) {
      for (const Property property : step.properties) ++result.violating_steps[property];
    }
  }
  return result;
}

Exhaustive explore_all(const Setup& setup, const ScriptedTruth& truth, ExhaustiveOptions options,
                       std::size_t settle_above) {
  std::uint64_t executed = 0;
  if (settle_above > 0) {
    const auto start = std::chrono::steady_clock::now();
    ExhaustiveOptions whole = options;
    whole.settle = false;
    whole.most_states = settle_above;
    Exhaustive found = explore_all(setup, truth, whole);
    // A search that was about to end when it went beyond may have come to its end all the same.
    const bool beyond = found.complete && found.states > settle_above;
    if (found.cut != kTooManyStates && !beyond) return found;
    executed = found.executed;
    const std::chrono::duration<double> past = std::chrono::steady_clock::now() - start;
    if (options.budget_seconds > 0) {
      options.budget_seconds = std::max(options.budget_seconds - past.count(), 1e-3);
    }
  }
  Exhaustive found = explore_all(setup, truth, options);
  found.executed += executed;
  return found;
}

}  // namespace rehearse::explore

// The trials of a scenario: points of the space become assignments, the evaluator runs them.
#pragma once

#include "planning/plan/evaluator.hpp"
#include "planning/plan/goal.hpp"
#include "planning/plan/trials.hpp"

namespace rehearse::planning {

/// What `--set` would be given at a point.
Assignment assignment_at(const Space& space, const Point& point);

class ScenarioTrials final : public Trials {
 public:
  /// REQUIRES: the arguments outlive this.
  ScenarioTrials(const Space& space, const std::vector<Constraint>& constraints,
                 Evaluator& evaluator);

  /// Throws Stopped at an interrupt, std::runtime_error when a run failed twice.
  std::vector<Observed> run(const std::vector<Request>& requests) override;
  std::uint64_t runs() const override { return evaluator_.runs(); }

  /// The same for any assignment, of replications first ... first + count - 1.
  Observed run(const Assignment& assignment, std::uint64_t first, std::uint64_t count);

 private:
  void evaluate(const std::vector<PlannedRun>& questions);
  Observed observed(const Assignment& assignment, std::uint64_t first, std::uint64_t count) const;

  const Space& space_;
  Evaluator& evaluator_;
  std::vector<std::size_t> columns_;  // of the constraints' metrics
};

}  // namespace rehearse::planning

#include "planning/plan/scenario_trials.hpp"

#include <cassert>
#include <stdexcept>

namespace rehearse::planning {

Assignment assignment_at(const Space& space, const Point& point) {
  Assignment assignment;
  for (std::size_t i = 0; i < point.size(); ++i) {
    const Axis& axis = space.axes[i];
    assignment[axis.parameter.pointer] = axis.values[static_cast<std::size_t>(point[i])].text;
  }
  return assignment;
}

ScenarioTrials::ScenarioTrials(const Space& space, const std::vector<Constraint>& constraints,
                               Evaluator& evaluator)
    : space_(space), evaluator_(evaluator) {
  for (const Constraint& constraint : constraints) {
    const std::optional<std::size_t> column = evaluator.column(constraint.metric);
    assert(column);
    columns_.push_back(*column);
  }
}

void ScenarioTrials::evaluate(const std::vector<PlannedRun>& questions) {
  if (!evaluator_.evaluate(questions)) throw Stopped();
  for (const PlannedRun& question : questions) {
    const Evaluation* evaluation = evaluator_.find(question);
    assert(evaluation != nullptr);
    if (evaluation->metrics.empty()) {
      throw std::runtime_error(described(question) + ": " + evaluation->failure);
    }
  }
}

Observed ScenarioTrials::observed(const Assignment& assignment, std::uint64_t first,
                                  std::uint64_t count) const {
  Observed observed(columns_.size());
  for (std::uint64_t i = 0; i < count; ++i) {
    const Evaluation* evaluation = evaluator_.find({assignment, first + i});
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      observed[c].push_back(evaluation->metrics[columns_[c]]);
    }
  }
  return observed;
}

std::vector<Observed> ScenarioTrials::run(const std::vector<Request>& requests) {
  std::vector<PlannedRun> questions;
  for (const Request& request : requests) {
    const Assignment assignment = assignment_at(space_, request.point);
    for (std::uint64_t i = 0; i < request.count; ++i) {
      questions.push_back({assignment, request.first + i});
    }
  }
  evaluate(questions);
  std::vector<Observed> answers;
  for (const Request& request : requests) {
    answers.push_back(observed(assignment_at(space_, request.point), request.first, request.count));
  }
  return answers;
}

Observed ScenarioTrials::run(const Assignment& assignment, std::uint64_t first,
                             std::uint64_t count) {
  std::vector<PlannedRun> questions;
  for (std::uint64_t i = 0; i < count; ++i) questions.push_back({assignment, first + i});
  evaluate(questions);
  return observed(assignment, first, count);
}

}  // namespace rehearse::planning

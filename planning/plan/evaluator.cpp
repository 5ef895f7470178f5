#include "planning/plan/evaluator.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <set>
#include <stdexcept>
#include <utility>

#include "base/os/forked.hpp"
#include "experiments/run.hpp"

namespace rehearse::planning {
namespace {

// A worker sends the values alone, as they lie in memory: parent and worker are one program, and
// the names are known.
std::string packed(const measure::Metrics& metrics, const std::vector<std::string>& names) {
  std::vector<double> values;
  values.reserve(names.size());
  for (const std::string& name : names) {
    const auto metric = metrics.find(name);
    if (metric == metrics.end()) throw std::logic_error("the run has no metric " + name);
    values.push_back(metric->second);
  }
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)};
}

void keep_store_in_memory(config::Node& node) {
  const config::Node* mds = node.find("mds");
  if (mds != nullptr && mds->find("store") != nullptr) config::set(node, "/mds/store", "memory");
}

}  // namespace

std::string described(const PlannedRun& question) {
  std::string text = "replication " + std::to_string(question.replication);
  const char* separator = " at ";
  for (const auto& [pointer, value] : question.assignment) {
    text.append(separator).append(pointer).append("=").append(value);
    separator = " ";
  }
  return text;
}

Evaluator::Evaluator(const std::filesystem::path& file,
                     const std::vector<experiments::Override>& overrides, EvaluatorOptions options)
    : node_(experiments::read_scenario(file, overrides)), options_(std::move(options)) {
  keep_store_in_memory(node_);
  scenario_ = experiments::parse_scenario(node_);
  names_ = measure::metric_names(scenario_.subjects());
}

std::optional<std::size_t> Evaluator::column(std::string_view metric) const {
  const auto found = std::lower_bound(names_.begin(), names_.end(), metric);
  if (found == names_.end() || *found != metric) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

experiments::Scenario Evaluator::scenario(const Assignment& assignment) const {
  config::Node changed = node_;
  for (const auto& [pointer, value] : assignment) config::set(changed, pointer, value);
  return experiments::parse_scenario(changed);
}

std::vector<PlannedRun> Evaluator::unknown_of(const std::vector<PlannedRun>& questions) const {
  std::vector<PlannedRun> unknown;
  std::set<PlannedRun> seen;
  for (const PlannedRun& question : questions) {
    if (find(question) == nullptr && seen.insert(question).second) unknown.push_back(question);
  }
  return unknown;
}

Evaluation Evaluator::unpacked(const std::string& text) const {
  assert(text.size() == names_.size() * sizeof(double));
  Evaluation evaluation;
  evaluation.metrics.resize(names_.size());
  std::memcpy(evaluation.metrics.data(), text.data(), text.size());
  return evaluation;
}

bool Evaluator::evaluate(const std::vector<PlannedRun>& questions) {
  const auto remember = [this](const PlannedRun& question, const Evaluation& evaluation) {
    known_[question.assignment][question.replication] = evaluation;
  };
  return evaluate(questions, remember, os::Delivery::by_index);
}

bool Evaluator::evaluate(const std::vector<PlannedRun>& questions, const Deliver& deliver) {
  return evaluate(questions, deliver, os::Delivery::as_they_end);
}

bool Evaluator::evaluate(const std::vector<PlannedRun>& questions, const Deliver& deliver,
                         os::Delivery delivery) {
  const std::vector<PlannedRun> unknown = unknown_of(questions);
  const auto work = [&](std::size_t index) {
    const experiments::Scenario changed = scenario(unknown[index].assignment);
    experiments::RunOptions options;
    options.replication = unknown[index].replication;
    options.detail = measure::Detail::counts;
    return packed(experiments::run(changed, options).result.metrics, names_);
  };
  std::string wrong;
  os::ForkedOptions forked;
  forked.jobs = options_.jobs;
  forked.delivery = delivery;
  if (options_.progress) {
    forked.progress = [&](std::size_t done) { options_.progress(done, unknown.size()); };
  }
  forked.deliver = [&](std::size_t index, os::ForkedOutcome& outcome) {
    ++runs_;
    if (outcome.input_error) {
      wrong = outcome.error;
      return false;
    }
    if (!outcome.first_end.empty()) {
      retries_.push_back(described(unknown[index]) + " was run again: " + outcome.first_end);
    }
    Evaluation evaluation = outcome.text ? unpacked(*outcome.text) : Evaluation{};
    outcome.text.reset();
    evaluation.failure = outcome.error;
    deliver(unknown[index], evaluation);
    return true;
  };
  const os::ForkedResult ended = os::run_forked(unknown.size(), work, forked);
  if (!wrong.empty()) throw InputError(wrong);
  return !ended.interrupted;
}

bool Evaluator::evaluate(const Assignment& assignment, std::uint64_t first, std::uint64_t count) {
  std::vector<PlannedRun> questions;
  for (std::uint64_t i = 0; i < count; ++i) questions.push_back({assignment, first + i});
  return evaluate(questions);
}

const Evaluation* Evaluator::find(const PlannedRun& question) const {
  const auto assignment = known_.find(question.assignment);
  if (assignment == known_.end()) return nullptr;
  const auto run = assignment->second.find(question.replication);
  return run == assignment->second.end() ? nullptr : &run->second;
}

std::vector<double> Evaluator::values(const Assignment& assignment, std::string_view metric,
                                      std::uint64_t count) const {
  const std::optional<std::size_t> wanted = column(metric);
  assert(wanted);
  std::vector<double> values;
  for (std::uint64_t i = 0; i < count; ++i) {
    const Evaluation* evaluation = find({assignment, i});
    if (evaluation != nullptr && !evaluation->metrics.empty()) {
      values.push_back(evaluation->metrics[*wanted]);
    }
  }
  return values;
}

}  // namespace rehearse::planning

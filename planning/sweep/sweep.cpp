#include "planning/sweep/sweep.hpp"

#include <algorithm>
#include <charconv>

#include "base/text/utf8.hpp"
#include "base/version.hpp"
#include "planning/sweep/fingerprint.hpp"

namespace rehearse::planning {
namespace {

constexpr std::uint64_t kMostPoints = 100'000;
const std::string kVary = "--vary";
const std::string kDefaultMetric = "entity.age.mean";

// The next combination of indices, the last one fastest; false after the last combination.
bool advance(std::vector<std::size_t>& at, const std::vector<Grid>& grids) {
  for (std::size_t i = at.size(); i-- > 0;) {
    if (++at[i] < grids[i].values.size()) return true;
    at[i] = 0;
  }
  return false;
}

std::vector<Point> points_of(const std::vector<Grid>& grids,
                             const std::vector<Condition>& conditions) {
  std::uint64_t all = 1;
  for (const Grid& grid : grids) {
    all *= grid.values.size();
    if (all > kMostPoints) {
      throw InputError({kVary, {}, 0, 0},
                       "gives more than " + std::to_string(kMostPoints) + " points");
    }
  }
  std::vector<Point> points;
  std::vector<std::size_t> at(grids.size(), 0);
  do {
    Point point;
    for (std::size_t i = 0; i < grids.size(); ++i) point.push_back(grids[i].values[at[i]]);
    if (std::all_of(conditions.begin(), conditions.end(),
                    [&](const Condition& condition) { return condition.holds(point); })) {
      points.push_back(std::move(point));
    }
  } while (advance(at, grids));
  if (points.empty()) throw InputError({"--where", {}, 0, 0}, "no point meets all conditions");
  return points;
}

// Every point is a scenario, before the first one is run.
void check_points(const Design& design, const Evaluator& evaluator) {
  for (std::size_t i = 0; i < design.points.size(); ++i) {
    try {
      evaluator.scenario(assignment_of(design, i));
    } catch (const InputError& error) {
      Where where = error.where();
      if (where.file == config::kCommandLine) where.file = kVary;
      throw InputError(where, error.message() + " (at the point " + point_text(design, i) + ")");
    }
  }
}

std::vector<std::size_t> shown_metrics(const SweepRequest& request, const Evaluator& evaluator) {
  std::vector<std::string> names = request.metrics;
  const measure::Subjects subjects = evaluator.scenario().subjects();
  for (const std::string& name : names)
    measure::known_metric(name, subjects, {"--metric", {}, 0, 0});
  if (names.empty()) {
    for (const measure::Expectation& e : evaluator.scenario().expectations) {
      names.push_back(e.metric);
    }
  }
  if (names.empty()) names.push_back(kDefaultMetric);
  std::vector<std::size_t> shown;
  for (const std::string& name : names) {
    const std::size_t column = *evaluator.column(name);
    if (std::find(shown.begin(), shown.end(), column) == shown.end()) shown.push_back(column);
  }
  return shown;
}

}  // namespace

std::vector<double> Sweep::values(std::size_t point, std::size_t metric) const {
  std::vector<double> values;
  for (auto run = runs.lower_bound({point, 0}); run != runs.end() && run->first.point == point;
       ++run) {
    values.push_back(run->second[metric]);
  }
  return values;
}

Design make_design(const SweepRequest& request, const Evaluator& evaluator) {
  std::vector<Grid> grids;
  Design design;
  for (const std::string& text : request.vary) {
    grids.push_back(parse_grid(text, evaluator.node(), kVary));
    design.parameters.push_back(grids.back().parameter);
  }
  check_apart(design.parameters, kVary);
  std::vector<Condition> conditions;
  for (const std::string& text : request.where) {
    conditions.emplace_back(text, design.parameters, "--where");
    design.conditions.push_back(text);
  }
  const experiments::Scenario& scenario = evaluator.scenario();
  design.scenario = scenario.name;
  design.version = version();
  design.seed = scenario.simulation.seed;
  design.fingerprint = fingerprint(evaluator.node(), design.parameters);
  design.points = points_of(grids, conditions);
  design.replications = request.replications;
  const measure::Subjects subjects = scenario.subjects();
  for (const std::string& name : evaluator.metric_names()) {
    const measure::MetricInfo* info = measure::find_metric(name, subjects);
    design.metrics.push_back({name, std::string(measure::unit_name(info->unit))});
  }
  design.shown = shown_metrics(request, evaluator);
  check_points(design, evaluator);
  return design;
}

void check_same(const Design& design, const Design& other, const Where& where) {
  const auto differ = [&where](const std::string& what, const std::string& there,
                               const std::string& here) {
    throw InputError(where, "is of " + what + " " + printable(there) + ", not of " +
                                printable(here) + "; another folder is needed for this sweep");
  };
  if (other.scenario != design.scenario) differ("the scenario", other.scenario, design.scenario);
  if (other.version != design.version) differ("version", other.version, design.version);
  if (other.seed != design.seed) {
    differ("seed", std::to_string(other.seed), std::to_string(design.seed));
  }
  if (other.fingerprint != design.fingerprint) {
    throw InputError(where, "was made with other settings of the scenario " +
                                printable(design.scenario) +
                                " (its file or --set); another folder is needed for this sweep");
  }
  if (other.parameters != design.parameters || other.points != design.points) {
    throw InputError(where,
                     "is of another grid (--vary, --where); another folder is needed for this "
                     "sweep");
  }
  if (other.metrics != design.metrics) throw InputError(where, "has other metrics");
}

Assignment assignment_of(const Design& design, std::size_t point) {
  Assignment assignment;
  for (std::size_t i = 0; i < design.parameters.size(); ++i) {
    assignment[design.parameters[i].pointer] = design.points[point][i].text;
  }
  return assignment;
}

Shard parse_shard(std::string_view text) {
  const auto refuse = [&text]() {
    throw InputError({"--shard", {}, 0, 0},
                     "found \"" + printable(text) + "\"; I/N with I from 1 to N is allowed");
  };
  const auto number = [&](std::string_view digits) {
    std::uint64_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    if (error != std::errc() || stop != end) refuse();
    return value;
  };
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) refuse();
  const std::uint64_t index = number(text.substr(0, slash)), of = number(text.substr(slash + 1));
  if (index < 1 || index > of) refuse();
  return {index - 1, of};
}

std::vector<RunKey> missing_runs(const Sweep& sweep, const Shard& shard) {
  std::vector<RunKey> missing;
  std::uint64_t number = 0;
  for (std::uint64_t replication = 0; replication < sweep.design.replications; ++replication) {
    for (std::size_t point = 0; point < sweep.design.points.size(); ++point, ++number) {
      if (number % shard.of != shard.index) continue;
      if (!sweep.runs.contains({point, replication})) missing.push_back({point, replication});
    }
  }
  return missing;
}

SweepOutcome run_sweep(Sweep& sweep, const std::vector<RunKey>& missing, Evaluator& evaluator,
                       const std::function<void(const RunKey&, const std::vector<double>&)>& keep) {
  std::map<Assignment, std::size_t> points;
  std::vector<PlannedRun> questions;
  for (const RunKey& key : missing) {
    questions.push_back({assignment_of(sweep.design, key.point), key.replication});
    points.emplace(questions.back().assignment, key.point);
  }
  std::map<RunKey, std::string> failures;  // in an order that does not depend on the machine
  const auto deliver = [&](const PlannedRun& question, const Evaluation& evaluation) {
    const RunKey key{points.at(question.assignment), question.replication};
    if (evaluation.metrics.empty()) {
      failures[key] = point_text(sweep.design, key.point) + ", replication " +
                      std::to_string(key.replication) + ": " + evaluation.failure;
      return;
    }
    keep(key, evaluation.metrics);
    sweep.runs[key] = evaluation.metrics;
  };
  SweepOutcome outcome;
  outcome.interrupted = !evaluator.evaluate(questions, deliver);
  for (const auto& [key, failure] : failures) outcome.failures.push_back(failure);
  return outcome;
}

std::vector<std::string> short_names(const std::vector<Parameter>& parameters) {
  std::vector<std::string> names;
  for (const Parameter& parameter : parameters) {
    std::size_t begin = parameter.pointer.rfind('/');
    const auto clashes = [&] {
      const std::string_view end = std::string_view(parameter.pointer).substr(begin);
      return std::count_if(parameters.begin(), parameters.end(), [&](const Parameter& other) {
               return other.pointer.ends_with(end);
             }) > 1;
    };
    while (begin > 0 && clashes()) begin = parameter.pointer.rfind('/', begin - 1);
    names.push_back(parameter.pointer.substr(begin + 1));
  }
  return names;
}

std::string point_text(const Design& design, std::size_t point) {
  const std::vector<std::string> names = short_names(design.parameters);
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += (i == 0 ? "" : " ") + names[i] + "=" + design.points[point][i].text;
  }
  return text;
}

}  // namespace rehearse::planning

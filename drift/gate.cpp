#include "drift/gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

#include "base/csv_cells.hpp"
#include "base/error.hpp"
#include "base/text/utf8.hpp"
#include "drift/policy.hpp"

namespace rehearse::drift {
namespace {

enum class Applies { always, numbers, labels };

const std::map<std::string, Applies>& measures() {
  static const std::map<std::string, Applies> all = {
      {"psi", Applies::always},      {"kl", Applies::always},
      {"js", Applies::always},       {"hellinger", Applies::always},
      {"tvd", Applies::always},      {"wasserstein", Applies::numbers},
      {"cvm", Applies::numbers},     {"cvm-p", Applies::numbers},
      {"ks", Applies::numbers},      {"ks-p", Applies::numbers},
      {"chi2", Applies::labels},     {"chi2-p", Applies::labels},
      {"missing", Applies::always},  {"missing-rise", Applies::always},
      {"infinite", Applies::always}, {"new", Applies::always}};
  return all;
}

const std::map<std::string, Severity>& words() {
  static const std::map<std::string, Severity> all = {
      {"unclear", Severity::unclear}, {"drift", Severity::drift}, {"large", Severity::large}};
  return all;
}

double share(std::size_t part, std::size_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

template <typename Test>
std::optional<double> statistic(const std::optional<Test>& test) {
  return test ? std::optional(test->statistic) : std::nullopt;
}
template <typename Test>
std::optional<double> p_value(const std::optional<Test>& test) {
  return test ? std::optional(test->p_value) : std::nullopt;
}

std::optional<double> value_of(const ColumnReport& report, const std::string& measure) {
  const SideCounts &before = report.reference_side, &now = report.current_side;
  if (measure == "psi") return report.psi;
  if (measure == "kl") return report.kl;
  if (measure == "js") return report.jensen_shannon;
  if (measure == "hellinger") return report.hellinger;
  if (measure == "tvd") return report.total_variation;
  if (measure == "wasserstein") return report.wasserstein;
  if (measure == "cvm") return statistic(report.cramer_von_mises);
  if (measure == "cvm-p") return p_value(report.cramer_von_mises);
  if (measure == "ks") return statistic(report.kolmogorov_smirnov);
  if (measure == "ks-p") return p_value(report.kolmogorov_smirnov);
  if (measure == "chi2") return statistic(report.chi_square);
  if (measure == "chi2-p") return p_value(report.chi_square);
  if (now.rows == 0) return std::nullopt;
  if (measure == "missing") return share(now.missing, now.rows);
  if (measure == "missing-rise") {
    return before.rows == 0
               ? std::nullopt
               : std::optional(share(now.missing, now.rows) - share(before.missing, before.rows));
  }
  if (measure == "infinite") return share(now.infinite, now.rows);
  return share(report.new_rows, now.rows);
}

bool applies(const ColumnReport& report, const std::string& measure) {
  const auto found = measures().find(measure);
  if (found == measures().end() || found->second == Applies::always) return true;
  return report.categorical == (found->second == Applies::labels);
}

bool holds(const Rule& rule, double value) {
  switch (rule.comparison) {
    case Comparison::above:
      return value > rule.threshold;
    case Comparison::at_least:
      return value >= rule.threshold;
    case Comparison::below:
      return value < rule.threshold;
    case Comparison::at_most:
      break;
  }
  return value <= rule.threshold;
}

/// What a rule finds in a column; nullopt where it holds its peace.
std::optional<std::string> broken(const Rule& rule, const Measured& column) {
  if (const auto word = words().find(rule.measure); word != words().end()) {
    const Severity severity = column.reading.severity;
    if (severity == Severity::unclear && word->second > severity) {
      return rule.measure + " cannot be told: " + column.reading.text;
    }
    return severity >= word->second ? std::optional(column.reading.text) : std::nullopt;
  }
  const auto value = value_of(*column.report, rule.measure);
  // A single category on both sides has no chi-square, and no drift.
  const bool nothing_to_test = rule.measure.starts_with("chi2") && column.report->bins == 1;
  if (!value && nothing_to_test) return std::nullopt;
  if (!value) return rule.measure + " cannot be told: " + column.reading.text;
  if (holds(rule, *value)) return fmt::format("{} is {:.4g}", rule.measure, *value);
  // What lies in floored bins PSI and KL do not see.
  const FlooredShares& floored = column.report->floored;
  const bool blind = (rule.measure == "psi" || rule.measure == "kl") &&
                     std::max(floored.reference, floored.current) > kMostFloored;
  return blind ? std::optional(rule.measure + " cannot be told: " + column.reading.text)
               : std::nullopt;
}

/// A breach where all rules of a set hold, those that cannot be told among them.
std::optional<Breach> broken(const RuleSet& set, const Measured& column) {
  std::string found;
  for (const Rule& rule : set.rules) {
    if (!applies(*column.report, rule.measure)) return std::nullopt;
    const auto one = broken(rule, column);
    if (!one) return std::nullopt;
    found += (found.empty() ? "" : ", ") + *one;
  }
  return Breach{column.name, set.name, found};
}

std::vector<std::string> names_of_measures() {
  std::vector<std::string> names;
  for (const auto& [name, unused] : measures()) names.push_back(name);
  for (const auto& [name, unused] : words()) names.push_back(name);
  return names;
}

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw InputError(fmt::format("the rule \"{}\": {}", printable(text), why));
}

struct Bounds {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
};

/// Between which values a measure lies.
Bounds bounds_of(const std::string& measure) {
  static const std::set<std::string> unbounded = {"psi", "wasserstein", "cvm", "chi2"};
  if (measure == "kl") return {};  // of floored shares it may be a little below 0
  if (measure == "missing-rise") return {-1, 1};
  if (unbounded.contains(measure)) return {0, std::numeric_limits<double>::infinity()};
  return {0, 1};
}

bool is_share(const std::string& measure) {
  return measure.starts_with("missing") || measure == "infinite" || measure == "new";
}

/// A rule that no data could break is no gate.
void check_reachable(const Rule& rule, bool percent) {
  const auto [least, most] = bounds_of(rule.measure);
  const double at = rule.threshold;
  const bool reachable = rule.comparison == Comparison::above      ? at < most
                         : rule.comparison == Comparison::at_least ? at <= most && !std::isinf(at)
                         : rule.comparison == Comparison::below    ? at > least
                                                                   : at >= least && !std::isinf(at);
  if (reachable) return;
  std::string meant;
  if (is_share(rule.measure) && !percent && at > 1 && at < 100) {
    meant = fmt::format("; did you mean {}%?", at);
  } else if (is_share(rule.measure)) {
    meant = "; 5% is a share";
  }
  refuse(rule.text, fmt::format("{} is a number from {} to {}, so it could never fail{}",
                                rule.measure, least, most, meant));
}

RuleSet any_column(const std::string& text) { return {text, "", {parse_rule(text)}}; }

std::vector<std::string> strings(config::Object& object, const char* key) {
  return object.strings(key);
}

/// A monitor policy's conditions as rules.
RuleSet from_policy(const Policy& policy) {
  RuleSet set{policy.name, policy.signal, {}};
  for (const Condition& condition : policy.conditions) {
    std::string measure =
        condition.measure == Measure::detector ? condition.detector : to_string(condition.measure);
    if (!compares_samples(condition.measure)) {
      throw InputError(fmt::format("the policy \"{}\" watches {}, which two files do not have",
                                   printable(policy.name), measure));
    }
    if (measure == "ks-p-value") measure = "ks-p";
    set.rules.push_back({policy.name, measure,
                         condition.above ? Comparison::above : Comparison::below,
                         condition.threshold});
    check_reachable(set.rules.back(), false);
  }
  return set;
}

void check_meaning(const Gate& gate, const std::vector<Measured>& columns) {
  for (const RuleSet& set : gate.sets) {
    bool any = false, named = set.column.empty();
    for (const Measured& column : columns) {
      if (!set.column.empty() && set.column != column.name) continue;
      named = true;
      any = any || std::all_of(set.rules.begin(), set.rules.end(), [&](const Rule& rule) {
              return applies(*column.report, rule.measure);
            });
    }
    if (!named) {
      throw InputError(
          fmt::format("the gate has a rule for the column \"{}\", which is not compared",
                      printable(set.column)));
    }
    if (!any) refuse(set.name, "no column compared has such a measure, so it could never fail");
  }
}

}  // namespace

Rule parse_rule(const std::string& text) {
  const std::string trimmed(csv::trimmed(text));
  Rule rule{trimmed, trimmed, Comparison::above, 0};
  if (words().contains(trimmed)) return rule;
  const std::size_t at = trimmed.find_first_of("<>");
  const std::string measure(csv::trimmed(trimmed.substr(0, at)));
  if (!measures().contains(measure)) {
    const auto near = config::nearest(measure, names_of_measures());
    refuse(text, fmt::format("there is no measure \"{}\"{}; there are {}", printable(measure),
                             near ? fmt::format(" (did you mean {}?)", *near) : "",
                             fmt::join(names_of_measures(), ", ")));
  }
  if (at == std::string::npos) refuse(text, "MEASURE>VALUE or MEASURE<VALUE is due");
  const bool above = trimmed[at] == '>', equal = trimmed.compare(at + 1, 1, "=") == 0;
  rule.measure = measure;
  rule.comparison = above ? (equal ? Comparison::at_least : Comparison::above)
                          : (equal ? Comparison::at_most : Comparison::below);
  std::string number(csv::trimmed(trimmed.substr(at + (equal ? 2 : 1))));
  const bool percent = number.ends_with('%');
  if (percent) number = std::string(csv::trimmed(number.substr(0, number.size() - 1)));
  const csv::Cell cell = csv::read_cell(number);
  if (cell.kind != csv::CellKind::number)
    refuse(text, "a number is due after " + trimmed.substr(at, equal ? 2 : 1));
  rule.threshold = percent ? cell.value / 100 : cell.value;
  check_reachable(rule, percent);
  return rule;
}

void add_rules(Gate& gate, const std::vector<std::string>& rules) {
  for (const std::string& text : rules) gate.sets.push_back(any_column(text));
}

Gate read_gate(const config::Node& node) {
  Gate gate;
  if (node.kind == config::Kind::object && node.find("policies") != nullptr) {
    for (const Policy& policy : read_policies(node)) gate.sets.push_back(from_policy(policy));
    return gate;
  }
  config::Object object(node);
  add_rules(gate, strings(object, "fail_on"));
  if (const config::Node* columns = object.find("columns")) {
    config::Object inner(*columns);
    for (const auto& [name, unused] : columns->members) {
      gate.own_rules.push_back(name);
      for (const std::string& text : inner.strings(name)) {
        gate.sets.push_back({text, name, {parse_rule(text)}});
      }
    }
  }
  gate.exclude = strings(object, "exclude");
  gate.numeric = strings(object, "numeric");
  gate.categorical = strings(object, "categorical");
  object.done();
  if (!gate.set()) config::fail(node, "has no rule; \"fail_on\": [\"psi>0.2\"] is one");
  return gate;
}

std::vector<Breach> check(const Gate& gate, const std::vector<Measured>& columns,
                          const std::vector<std::string>& gone) {
  check_meaning(gate, columns);
  const std::set<std::string> own(gate.own_rules.begin(), gate.own_rules.end());
  std::vector<Breach> breaches;
  for (const std::string& name : gone) {
    breaches.push_back({name, "columns", "the current data have no such column"});
  }
  for (const Measured& column : columns) {
    for (const RuleSet& set : gate.sets) {
      const bool for_it =
          set.column.empty() ? !own.contains(column.name) : set.column == column.name;
      if (!for_it) continue;
      if (auto breach = broken(set, column)) breaches.push_back(std::move(*breach));
    }
  }
  return breaches;
}

}  // namespace rehearse::drift

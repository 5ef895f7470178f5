// `rehearse drift`
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>

#include "app/column_names.hpp"
#include "app/command.hpp"
#include "app/command_line.hpp"
#include "app/common_options.hpp"
#include "app/data_options.hpp"
#include "app/drift_report.hpp"
#include "app/drift_stream.hpp"
#include "app/remark.hpp"
#include "base/config.hpp"
#include "base/config_yaml.hpp"
#include "base/error.hpp"
#include "base/text/utf8.hpp"
#include "drift/columns.hpp"

namespace rehearse::app {
namespace {

struct Options {
  std::string reference, current, format = "text", binning = "auto", method = "all", policy;
  std::vector<std::string> columns, categorical, numeric, exclude, fail_on;
  StreamOptions stream;
  DataOptions data;
  ReportOptions reports;
};

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  while (from <= list.size()) {
    const std::size_t comma = std::min(list.find(',', from), list.size());
    parts.push_back(list.substr(from, comma - from));
    from = comma + 1;
  }
  return parts;
}

std::vector<std::string> choose_methods(const std::string& wanted) {
  if (wanted == "all") {
    std::vector<std::string> all = drift_methods();
    std::erase(all, "chi2-fixed");
    return all;
  }
  std::vector<std::string> methods = split(wanted);
  for (const std::string& method : methods) {
    const auto& known = drift_methods();
    if (std::find(known.begin(), known.end(), method) != known.end()) continue;
    const auto near = config::nearest(method, known);
    throw InputError(fmt::format("no method \"{}\"; there are all, {}{}", method,
                                 fmt::join(known, ", "),
                                 near ? fmt::format(" (did you mean {}?)", *near) : ""));
  }
  return methods;
}

drift::Binning binning_of(const std::string& name) {
  if (name == "quantile") return drift::Binning::quantile;
  return name == "sturges" ? drift::Binning::sturges : drift::Binning::automatic;
}

/// Whether a test that costs something is wanted by the methods or by a rule of the gate.
drift::Wanted wanted_by(const std::vector<std::string>& methods, const drift::Gate& gate) {
  drift::Wanted wanted{true, false, true};
  const auto ordered = [](const std::string& name) {
    return name == "wasserstein" || name.starts_with("cvm");
  };
  for (const std::string& method : methods) wanted.ordered = wanted.ordered || ordered(method);
  for (const drift::RuleSet& set : gate.sets) {
    for (const drift::Rule& rule : set.rules)
      wanted.ordered = wanted.ordered || ordered(rule.measure);
  }
  return wanted;
}

drift::Gate read_gate(const Options& options) {
  drift::Gate gate;
  if (!options.policy.empty()) gate = drift::read_gate(config::load_json_or_yaml(options.policy));
  std::vector<std::string> rules;
  for (const std::string& given : options.fail_on) {
    for (const std::string& rule : split(given)) rules.push_back(rule);
  }
  drift::add_rules(gate, rules);
  return gate;
}

/// `known`: the names of both files, of which a list in one option may consist.
drift::ColumnsRequest request_of(const Options& options, const drift::Gate& gate,
                                 const std::vector<std::string>& known) {
  drift::ColumnsRequest request;
  request.columns = split_names(options.columns, known);
  request.exclude = split_names(options.exclude, known);
  request.numeric = split_names(options.numeric, known);
  request.categorical = split_names(options.categorical, known);
  const auto append = [](std::vector<std::string>& to, const std::vector<std::string>& names) {
    to.insert(to.end(), names.begin(), names.end());
  };
  append(request.exclude, gate.exclude);
  append(request.numeric, gate.numeric);
  append(request.categorical, gate.categorical);
  for (const std::string& name : request.numeric) {
    const auto& labels = request.categorical;
    if (std::find(labels.begin(), labels.end(), name) == labels.end()) continue;
    throw InputError(
        fmt::format("the column \"{}\" is said to be numeric and categorical", printable(name)));
  }
  return request;
}

drift::ColumnPairs read_pairs(const Options& options, const drift::Gate& gate) {
  const csv::Dialect dialect = options.data.dialect();
  drift::ColumnsFile reference(options.reference, dialect, options.data.grouped());
  drift::ColumnsFile current(options.current, dialect, options.data.grouped());
  std::vector<std::string> known = reference.names();
  known.insert(known.end(), current.names().begin(), current.names().end());
  return drift::read_columns(reference, current, request_of(options, gate, known));
}

void judge_gate(const drift::Gate& gate, Comparison& comparison) {
  if (!gate.set()) return;
  std::vector<drift::Measured> measured;
  for (const ComparedColumn& column : comparison.columns) {
    measured.push_back({column.name, &column.report, column.reading});
  }
  comparison.breaches = drift::check(gate, measured, comparison.gone);
}

Comparison compare(const Options& options) {
  Comparison comparison;
  comparison.methods = choose_methods(options.method);
  const drift::Gate gate = read_gate(options);
  const drift::Wanted wanted = wanted_by(comparison.methods, gate);
  drift::ColumnPairs pairs = read_pairs(options, gate);
  for (const std::string& note : pairs.notes) remark("note: " + note);
  comparison.gone = std::move(pairs.only_reference);
  comparison.added = std::move(pairs.only_current);
  for (drift::ColumnPair& pair : pairs.pairs) {
    ComparedColumn column;
    column.name = pair.name;
    column.report = drift::report_column(std::move(pair), binning_of(options.binning), wanted);
    comparison.tests += drift::count_tests(column.report);
    comparison.columns.push_back(std::move(column));
  }
  for (ComparedColumn& column : comparison.columns) {
    column.reading = drift::read(column.report, comparison.tests);
  }
  std::stable_sort(comparison.columns.begin(), comparison.columns.end(),
                   [](const ComparedColumn& a, const ComparedColumn& b) {
                     return a.reading.severity > b.reading.severity;
                   });
  judge_gate(gate, comparison);
  return comparison;
}

int run_stream(const Options& options) {
  if (!options.reference.empty()) {
    throw InputError(fmt::format("--stream {} is watched by itself; what is {} for?",
                                 options.stream.file, options.reference));
  }
  if (!options.fail_on.empty() || !options.policy.empty()) {
    throw InputError("--fail-on and --policy are for two files, not for --stream");
  }
  if (!options.reports.junit.empty() || !options.reports.markdown.empty()) {
    throw InputError("--junit and --markdown are for two files, not for --stream");
  }
  StreamOptions stream = options.stream;
  stream.columns = options.columns;
  stream.data = options.data;
  const StreamResult result = watch(stream);
  if (result.values == result.missing) {
    throw InputError(Where{options.stream.file, "", 0, 0},
                     fmt::format("the column has no value in {} row{}: nothing is watched",
                                 result.values, result.values == 1 ? "" : "s"));
  }
  std::cout << (options.format == "json" ? signals_json(result) : signals_text(result));
  return kHolds;
}

int run_drift(const Options& options) {
  if (!options.stream.file.empty()) return run_stream(options);
  if (options.current.empty()) {
    throw InputError("REFERENCE.csv and CURRENT.csv are needed, or --stream FILE.csv");
  }
  const Comparison comparison = compare(options);
  std::cout << (options.format == "json" ? drift_json(comparison) : drift_text(comparison));
  options.reports.write(drift_checklist(comparison));
  return comparison.passes() ? kHolds : kFailed;
}

void add_columns(Command& command, Options& options) {
  add_names(command, "--column", options.columns, "columns to compare [all that both have]");
  add_names(command, "--exclude", options.exclude, "columns to leave out");
  add_names(command, "--categorical", options.categorical, "columns whose values are labels");
  add_names(command, "--numeric", options.numeric, "columns whose values are numbers");
}

void add_distances(Command& command, Options& options) {
  command
      .option("--method", options.method,
              "all, or some of psi, kl, js, hellinger, tvd, wasserstein, cvm, ks, chi2, chi2-fixed")
      .show_default();
  command
      .option("--binning", options.binning,
              "a bin per value or deciles as the reference asks for, plain deciles, or Sturges' "
              "rule as Evidently applies it")
      .one_of({"auto", "quantile", "sturges"})
      .show_default();
}

void add_stream(Command& command, StreamOptions& stream) {
  command.option("--stream", stream.file, "file to watch row by row");
  command
      .option("--detector", stream.detector,
              "adwin, page-hinkley, cusum, ddm, eddm, hddm-a or kswin")
      .show_default();
  command.option("--param", stream.parameters, "a detector's parameter, NAME=VALUE").repeatable();
}

void add_gate(Command& command, Options& options) {
  command
      .option("--fail-on", options.fail_on,
              "rules that fail the comparison, for example psi>0.2,missing>5%")
      .type_name("RULES")
      .repeatable();
  command.option("--policy", options.policy, "a file of such rules, JSON or YAML")
      .type_name("FILE");
}

}  // namespace

void add_drift(CLI::App& program, Action& action) {
  Command command(program, "drift",
                  "Measure drift between two files of data, or find it in a stream");
  auto options = std::make_shared<Options>();
  command.option("REFERENCE", options->reference, "CSV with a header, or a Prometheus range");
  command.option("CURRENT", options->current, "the same of the data to compare with it");
  add_columns(command, *options);
  add_distances(command, *options);
  add_gate(command, *options);
  options->data.add_to(command);
  add_stream(command, options->stream);
  add_format(command, options->format);
  options->reports.add_to(command);
  command.footer(
      "Examples:\n"
      "  rehearse drift last_month.csv today.csv --categorical country\n"
      "  rehearse drift last_month.csv today.csv --fail-on 'psi>0.2,missing>5%'\n"
      "  rehearse drift --stream errors.csv --column error --detector ddm\n"
      "  rehearse drift --stream load.csv --column load --param delta=0.01\n\n"
      "Status 0: compared, and no rule of --fail-on or --policy is broken; 1: one is;\n"
      "2: the input cannot be read.");
  command.callback([options, &action] { action = [options] { return run_drift(*options); }; });
}

}  // namespace rehearse::app

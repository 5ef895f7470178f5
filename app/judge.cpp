// `rehearse judge`
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <limits>
#include <memory>
#include <set>

#include "app/column_names.hpp"
#include "app/command.hpp"
#include "app/command_line.hpp"
#include "app/common_options.hpp"
#include "app/judge_input.hpp"
#include "app/judge_report.hpp"
#include "app/progress.hpp"
#include "app/remark.hpp"
#include "base/error.hpp"
#include "base/text/utf8.hpp"

namespace rehearse::app {
namespace {

using rollout::CanaryConfig;
using rollout::Weight;

struct Options {
  JudgeInput input;
  ReportOptions reports;
  std::string format = "text", plot;
  bool power = false, lint = false;
  rollout::PowerSettings simulation;
};

bool json(const Options& options) { return options.format == "json"; }

void print_gaps(const std::vector<std::string>& gaps) {
  for (const std::string& gap : gaps) remark(gap);
}

/// Warnings of what can never fail, or is not applied; the others are --lint's.
bool told_at_once(const std::string& code) {
  static const std::set<std::string> codes = {"unknown-analysis",  "tolerance-wide", "pass-zero",
                                              "no-weight",         "all-muted",      "no-group",
                                              "effect-unreachable"};
  return code.starts_with("limit-") || codes.contains(code);
}

/// What the reader of a verdict has to know of the configuration, before it.
void print_remarks(const CanaryConfig& config) {
  for (const rollout::Warning& warning : rollout::lint(config)) {
    if (warning.weight == Weight::warning && !told_at_once(warning.code)) continue;
    remark(fmt::format("{}{}: {} [{}]", warning.weight == Weight::note ? "note: " : "",
                       printable(warning.subject), printable(warning.message, 400), warning.code));
  }
}

int run_judge(const Options& options) {
  const CanaryConfig config = read_config(options.input);
  print_remarks(config);
  const rollout::PairedData data = read_data(config, options.input);
  print_gaps(data.gaps);
  const rollout::Judgement judgement = rollout::judge(data.config, data.series);
  std::cout << (json(options) ? judgement_json(judgement, data.series) : judgement_text(judgement));
  options.reports.write(judgement_checklist(judgement));
  return judgement.scores.verdict == rollout::CanaryVerdict::pass ? kHolds : kFailed;
}

int run_lint(const Options& options) {
  const CanaryConfig config = read_config(options.input);
  std::vector<rollout::Warning> warnings;
  if (options.input.has_data()) {
    const rollout::PairedData data = read_data(config, options.input);
    print_gaps(data.gaps);
    warnings = rollout::lint(data.config, data.series);
  } else {
    warnings = rollout::lint(config);
  }
  std::cout << (json(options) ? warnings_json(warnings) : warnings_text(warnings));
  for (const rollout::Warning& warning : warnings) {
    if (warning.weight != Weight::note) return kFailed;
  }
  return kHolds;
}

int run_power(const Options& options) {
  const CanaryConfig config = read_config(options.input);
  rollout::PairedData data = read_baseline(config, options.input);
  std::map<std::string, std::vector<double>> baseline;
  std::size_t longest = 0;
  for (const auto& [name, series] : data.series)
    longest = std::max(longest, series.baseline.size());
  for (auto& [name, series] : data.series) {
    baseline[name] = std::move(series.baseline);
    baseline[name].resize(longest, std::numeric_limits<double>::quiet_NaN());
  }
  Progress progress("power");
  const auto rows = rollout::simulate_power(data.config, baseline, options.simulation,
                                            [&](double share) { progress.update(share); });
  if (!options.plot.empty()) {
    std::ofstream file(options.plot);
    file << rollout::operating_characteristic_svg(rows);
    if (!file.flush())
      throw InputError(Where{options.plot, "", 0, 0}, "the plot cannot be written");
  }
  std::cout << (json(options) ? power_json(rows) : power_text(rows));
  return kHolds;
}

void add_data_options(Command& command, JudgeInput& input) {
  const auto files = [&](const char* option, std::vector<std::string>& names, const char* help) {
    command.option(option, names, help).type_name("[METRIC=]FILE").repeatable();
  };
  files("--baseline", input.baseline,
        "CSV, wide or grouped, or a Prometheus range; may be repeated, a file per metric");
  files("--canary", input.canary, "the same of the canary");
  command.option("--data", input.pairs, "both sides, as Kayenta's metricSetPairList")
      .type_name("FILE");
  input.data.add_to(command);
}

void add_judge_options(Command& command, JudgeInput& input) {
  command.option("--pass", input.pass, "pass threshold [of the configuration, or 95]")
      .between(0.0, 100.0);
  command.option("--marginal", input.marginal, "marginal threshold [of the configuration, or 75]")
      .between(0.0, 100.0);
  command.flag("--kayenta", input.kayenta,
               "Kayenta's labels and scores where there is no evidence, and its solver");
  command
      .option("--solver", input.solver,
              "exact interval ends, or Kayenta's root finder with its tolerance")
      .one_of({"exact", "kayenta"});
  command.flag("--distribution", input.distribution,
               "also compare distributions (Kolmogorov-Smirnov with an effect size)");
  add_names(command, "--sparse", input.sparse,
            "metrics that count rare events, to be tested exactly");
  add_names(command, "--limit", input.limits,
            "METRIC>VALUE or METRIC<VALUE: a canary with a value beyond fails")
      .type_name("LIMIT");
}

void add_power_options(Command& command, Options& options) {
  rollout::PowerSettings& simulation = options.simulation;
  command.flag("--power", options.power,
               "simulate from the baseline how often this configuration passes a bad canary and "
               "fails a good one");
  command.option("--points", simulation.points, "durations to try, in points a side")
      .delimiter(',')
      .between(std::size_t{1}, std::size_t{1'000'000})
      .show_default();
  command.option("--look", simulation.look,
                 "points between looks, each of which may fail the canary [one look, at its end]");
  command
      .option("--traffic", simulation.traffic,
              "traffic to try, relative to that behind the baseline data")
      .delimiter(',')
      .between(1e-6, 1e6)
      .show_default();
  command
      .option("--regressions", simulation.regressions, "how much worse the canary is, 0.05 for 5%")
      .delimiter(',')
      .between(0.0, 100.0)
      .show_default();
  command.option("--regress", simulation.regressed, "metrics that get worse [all]").repeatable();
  command.option("--trials", simulation.trials, "simulated canaries per row")
      .between(1, 1'000'000)
      .show_default();
  command.option("--block", simulation.block,
                 "rows drawn together, to keep autocorrelation [cube root of the rows]");
  command.option("--seed", simulation.seed, "seed of the simulation").show_default();
  command.option("--plot", options.plot, "write the operating characteristic as SVG");
}

}  // namespace

void add_judge(CLI::App& program, Action& action) {
  Command command(program, "judge",
                  "Judge a canary against its baseline as Kayenta does, on your own data");
  auto options = std::make_shared<Options>();
  command
      .option("CONFIG", options->input.config,
              "canary configuration in Kayenta's format, JSON or YAML")
      .required();
  add_data_options(command, options->input);
  add_format(command, options->format);
  options->reports.add_to(command);
  add_judge_options(command, options->input);
  command.flag("--lint", options->lint, "warn of configurations that cannot fail or cannot judge");
  add_power_options(command, *options);
  command.footer(
      "Examples:\n"
      "  rehearse judge canary.json --baseline baseline.csv --canary canary.csv\n"
      "  rehearse judge canary.yaml --data metricSetPairList.json --junit out.xml\n"
      "  rehearse judge canary.json --baseline baseline.csv --power --plot oc.svg\n"
      "  rehearse judge canary.json --lint\n\n"
      "Status 0: the canary passes; 1: it is marginal, fails, or cannot be told, or\n"
      "lint has warnings; 2: the input cannot be read.");
  command.callback([options, &action] {
    action = [options] {
      if (options->lint) return run_lint(*options);
      return options->power ? run_power(*options) : run_judge(*options);
    };
  });
}

}  // namespace rehearse::app

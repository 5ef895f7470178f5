// `rehearse judge`
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>

#include "app/cells.hpp"
#include "app/command.hpp"
#include "app/command_line.hpp"
#include "app/common_options.hpp"
#include "app/judge_report.hpp"
#include "app/progress.hpp"
#include "base/config.hpp"
#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"
#include "rollout/canary_config.hpp"

namespace rehearse::app {
namespace {

using rollout::CanaryConfig;
using rollout::Series;
using Columns = std::map<std::string, std::vector<double>>;

struct Options {
  std::string config, baseline, canary, format = "text", solver, plot;
  bool power = false, lint = false, distribution = false;
  std::vector<std::string> sparse;
  double pass = -1, marginal = -1;  ///< below 0: as the configuration says
  rollout::PowerSettings simulation;
};

bool json(const Options& options) { return options.format == "json"; }

std::vector<std::string> names_of(const CanaryConfig& config) {
  std::vector<std::string> names;
  for (const rollout::MetricConfig& metric : config.metrics) names.push_back(metric.name);
  return names;
}

void mark_sparse(CanaryConfig& config, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto metric = std::find_if(config.metrics.begin(), config.metrics.end(),
                                     [&](const auto& one) { return one.name == name; });
    if (metric != config.metrics.end()) {
      metric->sparse = true;
      continue;
    }
    const auto near = config::nearest(name, names_of(config));
    throw InputError(fmt::format("--sparse {}: the configuration has no such metric{}", name,
                                 near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
  }
}

CanaryConfig read_config(const Options& options) {
  CanaryConfig config = rollout::read_canary_config(config::load(options.config));
  if (options.pass >= 0) config.thresholds.pass = options.pass;
  if (options.marginal >= 0) config.thresholds.marginal = options.marginal;
  if (config.thresholds.marginal > config.thresholds.pass) {
    throw InputError(fmt::format("the marginal threshold {} is above the pass threshold {}",
                                 config.thresholds.marginal, config.thresholds.pass));
  }
  if (!options.solver.empty()) config.judge.kayenta_roots = options.solver == "kayenta";
  if (options.distribution) config.judge.opinions.distribution = true;
  mark_sparse(config, options.sparse);
  return config;
}

/// A metric that no file has a column for is a slip of the pen, not missing data.
void check_columns(const CanaryConfig& config, const Options& options, const Columns& baseline,
                   const Columns& canary) {
  for (const rollout::MetricConfig& metric : config.metrics) {
    if (baseline.contains(metric.name) || canary.contains(metric.name)) continue;
    const std::string& file = options.baseline.empty() ? options.canary : options.baseline;
    const auto near = config::nearest(metric.name, csv::Reader(file).header());
    throw InputError(metric.where,
                     fmt::format("metric \"{}\" is no column of {}{}", metric.name, file,
                                 near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
  }
}

/// A column that one file lacks is missing data; that it may be a slip is said beside the verdict.
void note_missing(const CanaryConfig& config, const std::string& file, const Columns& columns) {
  for (const std::string& name : names_of(config)) {
    if (file.empty() || columns.contains(name)) continue;
    const auto near = config::nearest(name, csv::Reader(file).header());
    std::cerr << fmt::format("rehearse: {} has no column \"{}\", so its data are missing{}\n", file,
                             printable(name),
                             near ? fmt::format("; did you mean \"{}\"?", printable(*near)) : "");
  }
}

std::map<std::string, Series> read_series(const CanaryConfig& config, const Options& options) {
  const std::vector<std::string> names = names_of(config);
  Columns baseline, canary;
  if (!options.baseline.empty()) baseline = read_numbers(options.baseline, names);
  if (!options.canary.empty()) canary = read_numbers(options.canary, names);
  check_columns(config, options, baseline, canary);
  note_missing(config, options.baseline, baseline);
  note_missing(config, options.canary, canary);
  std::map<std::string, Series> series;
  for (const std::string& name : names) series[name] = {baseline[name], canary[name]};
  return series;
}

void need(const std::string& value, const char* option) {
  if (value.empty()) throw InputError(fmt::format("{} is needed", option));
}

int run_judge(const Options& options) {
  need(options.baseline, "--baseline FILE.csv");
  need(options.canary, "--canary FILE.csv");
  const CanaryConfig config = read_config(options);
  const rollout::Judgement judgement = rollout::judge(config, read_series(config, options));
  std::cout << (json(options) ? judgement_json(judgement) : judgement_text(judgement));
  return judgement.scores.verdict == rollout::CanaryVerdict::pass ? kHolds : kFailed;
}

int run_lint(const Options& options) {
  const CanaryConfig config = read_config(options);
  const bool data = !options.baseline.empty() && !options.canary.empty();
  const auto warnings =
      data ? rollout::lint(config, read_series(config, options)) : rollout::lint(config);
  std::cout << (json(options) ? warnings_json(warnings) : warnings_text(warnings));
  return warnings.empty() ? kHolds : kFailed;
}

int run_power(const Options& options) {
  need(options.baseline, "--baseline FILE.csv");
  const CanaryConfig config = read_config(options);
  const Columns baseline = read_numbers(options.baseline, names_of(config));
  check_columns(config, options, baseline, {});
  Progress progress("power");
  const auto rows = rollout::simulate_power(config, baseline, options.simulation,
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

void add_power_options(Command& command, Options& options) {
  rollout::PowerSettings& simulation = options.simulation;
  command.flag("--power", options.power,
               "simulate from the baseline how often this configuration passes a bad canary and "
               "fails a good one");
  command.option("--points", simulation.points, "durations to try, in points a side")
      .delimiter(',')
      .between(std::size_t{1}, std::size_t{1'000'000})
      .show_default();
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
  command.option("--regress", simulation.regressed, "metrics that get worse [all]");
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
                  "Judge a canary against its baseline as Kayenta does, on CSV data");
  auto options = std::make_shared<Options>();
  command.option("CONFIG", options->config, "canary configuration in Kayenta's JSON format")
      .required();
  command.option("--baseline", options->baseline, "CSV file, a column per metric");
  command.option("--canary", options->canary, "CSV file, a column per metric");
  add_format(command, options->format);
  command.option("--pass", options->pass, "pass threshold [of the configuration, or 95]")
      .between(0.0, 100.0);
  command
      .option("--marginal", options->marginal, "marginal threshold [of the configuration, or 75]")
      .between(0.0, 100.0);
  command
      .option("--solver", options->solver,
              "exact interval ends, or Kayenta's root finder with its tolerance")
      .one_of({"exact", "kayenta"});
  command.flag("--distribution", options->distribution,
               "also compare distributions (Kolmogorov-Smirnov with an effect size)");
  command
      .option("--sparse", options->sparse, "metrics that count rare events, to be tested exactly")
      .delimiter(',');
  command.flag("--lint", options->lint, "warn of configurations that cannot fail or cannot judge");
  add_power_options(command, *options);
  command.footer(
      "Examples:\n"
      "  rehearse judge canary.json --baseline baseline.csv --canary canary.csv\n"
      "  rehearse judge canary.json --baseline baseline.csv --power --plot oc.svg\n"
      "  rehearse judge canary.json --lint\n\n"
      "Status 0: the canary passes; 1: it is marginal or fails, or lint has warnings.");
  command.callback([options, &action] {
    action = [options] {
      if (options->lint) return run_lint(*options);
      return options->power ? run_power(*options) : run_judge(*options);
    };
  });
}

}  // namespace rehearse::app

#include "app/judge_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "app/column_names.hpp"
#include "base/config.hpp"
#include "base/config_yaml.hpp"
#include "base/csv_cells.hpp"
#include "base/data_table.hpp"
#include "base/error.hpp"
#include "base/text/utf8.hpp"
#include "rollout/metric_set_pairs.hpp"

namespace rehearse::app {
namespace {

using rollout::CanaryConfig;
using rollout::MetricConfig;

MetricConfig& metric_named(CanaryConfig& config, const std::string& name, const char* option) {
  const auto metric = std::find_if(config.metrics.begin(), config.metrics.end(),
                                   [&](const auto& one) { return one.name == name; });
  if (metric != config.metrics.end()) return *metric;
  throw InputError(fmt::format("{} {}: the configuration has no such metric{}", option,
                               printable(name),
                               rollout::meant(name, rollout::metric_names(config))));
}

void set_thresholds(CanaryConfig& config, const JudgeInput& input) {
  if (std::isnan(input.pass) || std::isnan(input.marginal)) {
    throw InputError("--pass and --marginal take a number from 0 to 100, not nan");
  }
  rollout::Thresholds& thresholds = config.thresholds;
  if (input.pass >= 0) {
    thresholds.pass = input.pass;
    if (input.marginal < 0) thresholds.marginal = std::min(thresholds.marginal, thresholds.pass);
  }
  if (input.marginal >= 0) thresholds.marginal = input.marginal;
  if (thresholds.marginal > thresholds.pass) {
    throw InputError(fmt::format("the marginal threshold {} is above the pass threshold {}",
                                 thresholds.marginal, thresholds.pass));
  }
}

/// `errors>0.05`: a canary with any value beyond fails.
void set_limit(CanaryConfig& config, const std::string& text) {
  const std::size_t at = text.find_last_of("<>");
  const csv::Cell limit =
      at == std::string::npos ? csv::Cell{} : csv::read_cell(std::string_view(text).substr(at + 1));
  if (limit.kind != csv::CellKind::number) {
    throw InputError(
        fmt::format("--limit {}; METRIC>VALUE or METRIC<VALUE is due", printable(text)));
  }
  if (std::isinf(limit.value) && (limit.value > 0) == (text[at] == '>')) {
    throw InputError(
        fmt::format("--limit {}; no value lies beyond, so it could never fail: a "
                    "finite number is due",
                    printable(text)));
  }
  const std::string name(csv::trimmed(std::string_view(text).substr(0, at)));
  rollout::Limits& limits = metric_named(config, name, "--limit").limits;
  (text[at] == '>' ? limits.above : limits.below) = limit.value;
}

/// A file of one metric's series, whatever they are called in it.
struct Source {
  std::string file;
  std::string metric;  ///< empty: by the names in the file
};

Source source_of(const CanaryConfig& config, const std::string& text) {
  std::error_code ignored;
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || std::filesystem::exists(text, ignored)) return {text, ""};
  // A metric's name may hold "=" too.
  for (std::size_t at = equals; at != std::string::npos; at = text.find('=', at + 1)) {
    const std::string name = text.substr(0, at);
    const std::vector<std::string> names = rollout::metric_names(config);
    if (std::find(names.begin(), names.end(), name) != names.end())
      return {text.substr(at + 1), name};
  }
  return {text, ""};
}

/// A series that two files of a side hold, of which one would have to be left out unseen.
void check_new(const data::Table& whole, const data::Table& next) {
  for (const data::Column& column : next.columns) {
    for (const data::Column& known : whole.columns) {
      if (known.name != column.name || known.tags != column.tags) continue;
      throw InputError(
          Where{next.file, "", 0, 0},
          fmt::format("a second series of \"{}\" beside that of {}; one side of a "
                      "canary has one",
                      printable(data::full_name(column.name, column.tags)), whole.file));
    }
  }
}

/// Makes one table of a side's files, whose columns are as long as each file has them.
data::Table read_side(const CanaryConfig& config, const std::vector<std::string>& files,
                      const JudgeInput& input) {
  data::Table whole;
  for (const std::string& text : files) {
    const Source source = source_of(config, text);
    data::Request request{input.data.dialect(), input.data.grouped(), std::nullopt};
    if (source.metric.empty()) request.names = rollout::metric_names(config);
    data::Table table = data::read_table(source.file, request);
    if (!source.metric.empty()) {
      table.names = {source.metric};
      for (data::Column& column : table.columns) column.name = source.metric;
    }
    check_new(whole, table);
    whole.file += (whole.file.empty() ? "" : ", ") + table.file;
    whole.form = table.form;
    for (std::string& name : table.names) whole.names.push_back(std::move(name));
    for (data::Column& column : table.columns) whole.columns.push_back(std::move(column));
  }
  return whole;
}

void need(bool there, const char* option) {
  if (!there) throw InputError(fmt::format("{} is needed", option));
}

}  // namespace

CanaryConfig read_config(const JudgeInput& input) {
  CanaryConfig config = rollout::read_canary_config(config::load_json_or_yaml(input.config));
  set_thresholds(config, input);
  config.judge.as_kayenta = input.kayenta;
  if (input.kayenta) config.judge.kayenta_roots = true;
  if (!input.solver.empty()) config.judge.kayenta_roots = input.solver == "kayenta";
  if (input.distribution) config.judge.opinions.distribution = true;
  for (const std::string& name : split_names(input.sparse, rollout::metric_names(config))) {
    metric_named(config, name, "--sparse").sparse = true;
  }
  for (const std::string& limit : input.limits) set_limit(config, limit);
  return config;
}

rollout::PairedData read_data(const CanaryConfig& config, const JudgeInput& input) {
  if (!input.pairs.empty()) {
    if (!input.baseline.empty() || !input.canary.empty()) {
      throw InputError("--data holds both sides; --baseline and --canary are not needed");
    }
    return rollout::pair_sets(config, input.pairs, rollout::read_metric_set_pairs(input.pairs));
  }
  need(!input.baseline.empty(), "--baseline FILE");
  need(!input.canary.empty(), "--canary FILE");
  data::Table baseline = read_side(config, input.baseline, input);
  data::Table canary = read_side(config, input.canary, input);
  return rollout::pair_tables(config, std::move(baseline), std::move(canary));
}

rollout::PairedData read_baseline(const CanaryConfig& config, const JudgeInput& input) {
  if (!input.pairs.empty()) return read_data(config, input);
  need(!input.baseline.empty(), "--baseline FILE");
  return rollout::only_baseline(config, read_side(config, input.baseline, input));
}

}  // namespace rehearse::app

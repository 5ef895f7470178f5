#include "rollout/pairing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/csv_dialect.hpp"
#include "base/error.hpp"
#include "base/text/utf8.hpp"

namespace rehearse::rollout {
namespace {

constexpr std::size_t kNamesShown = 20;

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kNamesShown; ++i) {
    text += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", printable(names[i]));
  }
  return names.size() > kNamesShown ? text + ", ..." : names.empty() ? "nothing" : text;
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The answer to a query has no name of its own: it is the only metric's.
void name_the_nameless(const CanaryConfig& config, data::Table& table) {
  if (config.metrics.size() != 1 || table.names != std::vector<std::string>{""}) return;
  table.names = {config.metrics.front().name};
  for (data::Column& column : table.columns) column.name = config.metrics.front().name;
}

/// A header that was not parted where its author meant: the metric's name stands beside a mark.
std::string separator_meant(const std::vector<std::string>& metrics,
                            const std::vector<std::string>& names) {
  if (names.size() != 1) return "";
  const std::string& header = names.front();
  for (const std::string& metric : metrics) {
    const std::size_t at = header.find(metric);
    if (metric.empty() || at == std::string::npos) continue;
    const std::size_t end = at + metric.size();
    const std::string mark = end < header.size() ? header.substr(end, 1)
                             : at > 0            ? header.substr(at - 1, 1)
                                                 : "";
    if (mark.find_first_of(",;:|\t ") == std::string::npos) continue;
    return fmt::format("; if \"{0}\" parts its columns, --separator '{0}' says so",
                       printable(mark));
  }
  return "";
}

/// Throws where a file holds none of the configuration's metrics.
void check_some(const CanaryConfig& config, const std::string& file, const std::string& form,
                const std::vector<std::string>& names) {
  std::string slips;
  for (const std::string& name : metric_names(config)) {
    if (holds(names, name)) return;
    if (slips.empty()) slips = meant(name, names);
  }
  const std::string separator = separator_meant(metric_names(config), names);
  if (!separator.empty()) slips = separator;
  throw InputError({file, "", 1, 1},
                   fmt::format("no metric of the configuration is found in it: read as {}, it has "
                               "{}{}",
                               form, list(names), slips));
}

using Columns = std::vector<data::Column*>;

Columns find(data::Table& table, const std::string& name) {
  Columns found;
  for (data::Column& column : table.columns) {
    if (column.name == name) found.push_back(&column);
  }
  return found;
}

class Pairing {
 public:
  explicit Pairing(const CanaryConfig& config) {
    paired_.config = config;
    paired_.config.metrics.clear();
  }

  /// Takes the columns' values. REQUIRES: at least one of them.
  void add(const MetricConfig& metric, const Columns& baseline, const Columns& canary) {
    if (baseline.size() <= 1 && canary.size() <= 1) {
      keep(metric, metric.name, baseline.empty() ? nullptr : baseline.front(),
           canary.empty() ? nullptr : canary.front());
      return;
    }
    std::map<data::Tags, std::pair<data::Column*, data::Column*>> by_tags;
    for (data::Column* column : baseline) by_tags[column->tags].first = column;
    for (data::Column* column : canary) by_tags[column->tags].second = column;
    for (const auto& [tags, sides] : by_tags) {
      keep(metric, data::full_name(metric.name, tags), sides.first, sides.second);
      const char* lacking = sides.first == nullptr    ? "baseline"
                            : sides.second == nullptr ? "canary"
                                                      : nullptr;
      if (lacking == nullptr) continue;
      gap(fmt::format("the {} has no series {}, so its data are missing", lacking,
                      printable(data::full_name(metric.name, tags), 120)));
    }
  }

  void gap(const std::string& line) { paired_.gaps.push_back(line); }
  PairedData take() { return std::move(paired_); }

 private:
  void keep(const MetricConfig& metric, const std::string& name, data::Column* baseline,
            data::Column* canary) {
    MetricConfig own = metric;
    own.name = name;
    paired_.config.metrics.push_back(own);
    Series& series = paired_.series[name];
    if (baseline != nullptr) series.baseline = std::move(baseline->values);
    if (canary != nullptr) series.canary = std::move(canary->values);
  }

  PairedData paired_;
};

}  // namespace

std::vector<std::string> metric_names(const CanaryConfig& config) {
  std::vector<std::string> names;
  for (const MetricConfig& metric : config.metrics) names.push_back(metric.name);
  return names;
}

std::string meant(const std::string& word, const std::vector<std::string>& names) {
  const auto near = csv::nearest_column(word, names);
  // What prints alike helps nobody.
  const bool helps = near && printable(*near) != printable(word);
  return helps ? fmt::format("; did you mean \"{}\"?", printable(*near)) : "";
}

PairedData pair_tables(const CanaryConfig& config, data::Table baseline, data::Table canary) {
  name_the_nameless(config, baseline);
  name_the_nameless(config, canary);
  check_some(config, baseline.file, baseline.form, baseline.names);
  check_some(config, canary.file, canary.form, canary.names);
  Pairing pairing(config);
  for (const MetricConfig& metric : config.metrics) {
    const Columns before = find(baseline, metric.name), now = find(canary, metric.name);
    if (before.empty() && now.empty()) {
      throw InputError(metric.where,
                       fmt::format("metric \"{}\" is no column of {}{}", printable(metric.name),
                                   baseline.file, meant(metric.name, baseline.names)));
    }
    pairing.add(metric, before, now);
    for (const data::Table* table : {&baseline, &canary}) {
      if (!(table == &baseline ? before : now).empty()) continue;
      pairing.gap(fmt::format("{} has no column \"{}\", so its data are missing{}", table->file,
                              printable(metric.name), meant(metric.name, table->names)));
    }
  }
  return pairing.take();
}

PairedData pair_sets(const CanaryConfig& config, const std::string& file,
                     std::vector<MetricSetPair> pairs) {
  data::Table baseline{file, "a list of Kayenta's metric set pairs", {}, {}};
  data::Table canary = baseline;
  for (MetricSetPair& pair : pairs) {
    if (!holds(baseline.names, pair.name)) baseline.names.push_back(pair.name);
    baseline.columns.push_back({pair.name, pair.tags, std::move(pair.control)});
    canary.columns.push_back({pair.name, pair.tags, std::move(pair.experiment)});
  }
  canary.names = baseline.names;
  return pair_tables(config, std::move(baseline), std::move(canary));
}

PairedData only_baseline(const CanaryConfig& config, data::Table baseline) {
  name_the_nameless(config, baseline);
  check_some(config, baseline.file, baseline.form, baseline.names);
  Pairing pairing(config);
  for (const MetricConfig& metric : config.metrics) {
    const Columns before = find(baseline, metric.name);
    if (before.empty()) {
      throw InputError(metric.where,
                       fmt::format("metric \"{}\" is no column of {}{}", printable(metric.name),
                                   baseline.file, meant(metric.name, baseline.names)));
    }
    pairing.add(metric, before, {});
  }
  return pairing.take();
}

}  // namespace rehearse::rollout

// The catalogue of metrics: every name that can stand in `expect` and in summary.json, with unit
// and meaning. docs/metrics.md shows the same list; a test holds the two together.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace rehearse::measure {

using Metrics = std::map<std::string, double>;

enum class Unit : unsigned char { count, seconds, share, per_second, flag };
std::string_view unit_name(Unit unit);

struct MetricInfo {
  std::string name;  ///< with <name> in place of a source's or model's: source.<name>.requests
  Unit unit = Unit::count;
  std::string meaning;
};

/// The names that stand in names of metrics: those of a scenario's sources, for source.<name>.*,
/// and of the models that act in its run, for model.<name>.*.
struct Subjects {
  std::vector<std::string> sources;
  std::vector<std::string> models;
};

/// In the order of the documentation.
const std::vector<MetricInfo>& metric_catalogue();

/// The catalogue's entry of a metric's name; nullptr when there is none.
const MetricInfo* find_metric(std::string_view name, const Subjects& subjects,
                              const std::vector<MetricInfo>& catalogue = metric_catalogue());

/// The same, or an InputError at `where` that names the nearest metric.
const MetricInfo& known_metric(std::string_view name, const Subjects& subjects, const Where& where);

/// Text in the unit's notation as a number in the unit: "5m" is 300 for seconds, "30/m" is 0.5 for
/// rates; bare numbers too. Throws InputError at `where`.
double parse_amount(std::string_view text, Unit unit, const Where& where);

/// All names, those per source or model for each of them, sorted.
std::vector<std::string> metric_names(
    const Subjects& subjects, const std::vector<MetricInfo>& catalogue = metric_catalogue());

/// The catalogue as Markdown tables, one per group.
std::string metrics_markdown();

}  // namespace rehearse::measure

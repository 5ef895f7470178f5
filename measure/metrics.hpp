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
  /// With a slot in place of a subject: source.<name>.requests, answers.<occasion>.asked.
  std::string name;
  Unit unit = Unit::count;
  std::string meaning;
  /// The section of a scenario without which there is no such metric; empty: there always is.
  std::string section = {};
};

/// What a scenario has that decides which metrics there are.
struct Subjects {
  std::vector<std::string> sources;         ///< source.<name>.*
  std::vector<std::string> models = {};     ///< those that act in the run: model.<name>.*
  std::vector<std::string> occasions = {};  ///< on which they ask the graph: answers.<occasion>.*
  std::vector<std::string> sections = {};   ///< that bring metrics of their own
};

/// In the order of the documentation.
const std::vector<MetricInfo>& metric_catalogue();

/// The catalogue's entry of a metric's name; nullptr when there is none.
const MetricInfo* find_metric(std::string_view name, const Subjects& subjects,
                              const std::vector<MetricInfo>& catalogue = metric_catalogue());

/// The same, or an InputError at `where` that names the nearest metric, or the section that it
/// needs.
const MetricInfo& known_metric(std::string_view name, const Subjects& subjects, const Where& where,
                               const std::vector<MetricInfo>& catalogue = metric_catalogue());

/// Text in the unit's notation as a number in the unit: "5m" is 300 for seconds, "30/m" is 0.5 for
/// rates; bare numbers too. Throws InputError at `where`.
double parse_amount(std::string_view text, Unit unit, const Where& where);

/// All names, those with a slot for each of its subjects, sorted.
std::vector<std::string> metric_names(
    const Subjects& subjects, const std::vector<MetricInfo>& catalogue = metric_catalogue());

/// The catalogue as Markdown tables, one per group and section, but for metrics of models that the
/// run has, too.
std::string metrics_markdown(const std::vector<MetricInfo>& catalogue = metric_catalogue());

}  // namespace rehearse::measure

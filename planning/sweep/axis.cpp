#include "planning/sweep/axis.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/time_unit.hpp"

namespace rehearse::planning {
namespace {

constexpr double kLogParameter = 20;  // spans from which a logarithm is clearer
constexpr double kLogMetric = 100;

bool spans(const std::vector<double>& amounts, double factor) {
  const auto [low, high] = std::minmax_element(amounts.begin(), amounts.end());
  return low != amounts.end() && *low > 0 && *high / *low >= factor;
}

}  // namespace

std::size_t PlotAxis::place(const Value& value) const {
  return static_cast<std::size_t>(std::find(places.begin(), places.end(), value.text) -
                                  places.begin());
}

PlotAxis parameter_axis(const Design& design, std::size_t parameter) {
  std::vector<Value> values;
  for (const Point& point : design.points) {
    if (std::find(values.begin(), values.end(), point[parameter]) == values.end()) {
      values.push_back(point[parameter]);
    }
  }
  PlotAxis axis;
  axis.label = short_names(design.parameters)[parameter];
  axis.numeric = std::all_of(values.begin(), values.end(), [](const Value& v) { return v.amount; });
  std::vector<double> amounts;
  if (axis.numeric) {
    std::stable_sort(values.begin(), values.end(),
                     [](const Value& a, const Value& b) { return *a.amount < *b.amount; });
    for (const Value& value : values) amounts.push_back(*value.amount);
    axis.logarithmic = spans(amounts, kLogParameter);
    const Unit unit = design.parameters[parameter].unit;
    if (unit == Unit::duration) {
      const TimeUnit time = readable_unit(axis.logarithmic ? amounts.front() * 2 : amounts.back());
      axis.unit = time.seconds;
      axis.label += fmt::format(" ({})", time.name);
    } else if (unit == Unit::rate) {
      axis.label += fmt::format(" ({})", unit_label(unit));
    }
  }
  for (const Value& value : values) axis.places.push_back(value.text);
  return axis;
}

PlotAxis metric_axis(const MetricColumn& metric, const std::vector<double>& means) {
  PlotAxis axis;
  axis.label = metric.name;
  axis.logarithmic = spans(means, kLogMetric);
  if (metric.unit == measure::unit_name(measure::Unit::seconds)) {
    double size = 0;
    for (const double mean : means) {
      if (mean > 0)
        size = axis.logarithmic && size > 0 ? std::min(size, mean) : std::max(size, mean);
    }
    const TimeUnit time = readable_unit(axis.logarithmic ? size * 2 : size);
    axis.unit = time.seconds;
    axis.label += fmt::format(" ({})", time.name);
  } else if (metric.unit == measure::unit_name(measure::Unit::per_second)) {
    axis.label += " (per second)";
  }
  return axis;
}

}  // namespace rehearse::planning

#include "planning/sweep/sweep_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/csv_text.hpp"
#include "base/text/json_writer.hpp"
#include "base/text/number_text.hpp"
#include "reports/interval_json.hpp"
#include "reports/replicated.hpp"

namespace rehearse::planning {
namespace {

constexpr std::size_t kMetricWidth = 21;  // "0.123456 +- 0.00123"

std::string value_cells(const Design& design, std::size_t point) {
  std::string cells;
  for (const Value& value : design.points[point]) cells += csv_cell(value.text) + ",";
  return cells;
}

std::string pointer_cells(const Design& design) {
  std::string cells;
  for (const Parameter& parameter : design.parameters) cells += csv_cell(parameter.pointer) + ",";
  return cells;
}

void write(JsonWriter& json, const std::vector<double>& values) {
  const reports::MetricSpread spread = reports::spread_of(values);
  json.object().member("mean", spread.mean).member("deviation", spread.deviation);
  reports::write_interval95(json, spread.interval95);
  json.end();
}

void write_point(JsonWriter& json, const Sweep& sweep, std::size_t point) {
  const Design& design = sweep.design;
  json.object().key("values").object();
  for (std::size_t i = 0; i < design.parameters.size(); ++i) {
    json.member(design.parameters[i].pointer, design.points[point][i].text);
  }
  json.end();
  const bool shows_some = !design.shown.empty();
  json.member("runs", shows_some ? sweep.values(point, design.shown.back()).size() : 0);
  json.key("metrics").object();
  for (const std::size_t metric : design.shown) {
    const std::vector<double> there = sweep.values(point, metric);
    if (!there.empty()) write(json.key(design.metrics[metric].name), there);
  }
  json.end().end();
}

std::string figure(const std::vector<double>& values) {
  if (values.empty()) return "-";
  const reports::MetricSpread spread = reports::spread_of(values);
  if (!spread.interval95) return fmt::format("{:.6g}", spread.mean);
  return fmt::format("{:.6g} +- {:.3g}", spread.mean,
                     (spread.interval95->high - spread.interval95->low) / 2);
}

}  // namespace

void write_runs_csv(const Sweep& sweep, std::ostream& out) {
  out << pointer_cells(sweep.design) << "replication";
  for (const MetricColumn& metric : sweep.design.metrics) out << ',' << csv_cell(metric.name);
  out << '\n';
  for (const auto& [key, values] : sweep.runs) {
    out << value_cells(sweep.design, key.point) << key.replication;
    for (const double value : values) out << ',' << number_text(value);
    out << '\n';
  }
}

void write_points_csv(const Sweep& sweep, std::ostream& out) {
  const Design& design = sweep.design;
  out << pointer_cells(design) << "runs";
  for (const MetricColumn& metric : design.metrics) {
    out << ',' << csv_cell(metric.name) << ',' << csv_cell(metric.name + " low") << ','
        << csv_cell(metric.name + " high");
  }
  out << '\n';
  for (std::size_t point = 0; point < design.points.size(); ++point) {
    out << value_cells(design, point) << sweep.values(point, 0).size();
    for (std::size_t metric = 0; metric < design.metrics.size(); ++metric) {
      const std::vector<double> values = sweep.values(point, metric);
      if (values.empty()) {
        out << ",,,";
        continue;
      }
      const reports::MetricSpread spread = reports::spread_of(values);
      out << ',' << number_text(spread.mean) << ',';
      if (spread.interval95) out << number_text(spread.interval95->low);
      out << ',';
      if (spread.interval95) out << number_text(spread.interval95->high);
    }
    out << '\n';
  }
}

std::string sweep_json(const Sweep& sweep) {
  const Design& design = sweep.design;
  JsonWriter json;
  json.object(JsonWriter::Layout::lines).member("scenario", design.scenario);
  json.member("seed", design.seed).member("version", design.version);
  json.member("replications", design.replications).member("runs", sweep.runs.size());
  json.key("parameters").array();
  for (const Parameter& p : design.parameters) json.value(p.pointer);
  json.end().key("points").array(JsonWriter::Layout::lines);
  for (std::size_t i = 0; i < design.points.size(); ++i) write_point(json, sweep, i);
  return json.end().end().take();
}

std::string sweep_text(const Sweep& sweep, std::size_t rows) {
  const Design& design = sweep.design;
  const std::vector<std::string> names = short_names(design.parameters);
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::size_t width = names[i].size();
    for (const Point& point : design.points) width = std::max(width, point[i].text.size());
    widths.push_back(width);
  }
  std::string text =
      fmt::format("{}: {} points, {} of {} runs, seed {}\n\n", design.scenario,
                  design.points.size(), sweep.runs.size(), design.runs(), design.seed);
  for (std::size_t i = 0; i < names.size(); ++i)
    text += fmt::format("{:>{}}  ", names[i], widths[i]);
  for (const std::size_t metric : design.shown) {
    text += fmt::format("{:>{}}  ", design.metrics[metric].name, kMetricWidth);
  }
  text.erase(text.find_last_not_of(' ') + 1);
  for (std::size_t point = 0; point < std::min(rows, design.points.size()); ++point) {
    text += "\n";
    for (std::size_t i = 0; i < names.size(); ++i) {
      text += fmt::format("{:>{}}  ", design.points[point][i].text, widths[i]);
    }
    for (const std::size_t metric : design.shown) {
      const std::size_t width = std::max(kMetricWidth, design.metrics[metric].name.size());
      text += fmt::format("{:>{}}  ", figure(sweep.values(point, metric)), width);
    }
    text.erase(text.find_last_not_of(' ') + 1);
  }
  if (design.points.size() > rows) {
    text += fmt::format("\nand {} more (points.csv with --out DIR)", design.points.size() - rows);
  }
  return text + "\n";
}

}  // namespace rehearse::planning

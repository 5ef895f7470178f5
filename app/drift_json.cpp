// The JSON of `rehearse drift`.
#include <nlohmann/json.hpp>

#include "app/drift_report.hpp"
#include "base/text/json_tree.hpp"

namespace rehearse::app {
namespace {

using Json = nlohmann::ordered_json;
using drift::ColumnReport;

constexpr std::size_t kMostBins = 200;  // of a histogram of labels

template <typename Test>
Json test_json(const std::optional<Test>& test) {
  if (!test) return nullptr;
  return Json{{"statistic", test->statistic}, {"p_value", test->p_value}};
}

Json chi_square_json(const ColumnReport& report) {
  Json json = test_json(report.chi_square);
  if (report.chi_square) {
    json["df"] = report.chi_square->df;
    json["test"] = to_string(report.chi_square->test);
  }
  return json;
}

/// The part of a report that a method stands for.
Json value_of(const ColumnReport& report, const std::string& method) {
  if (method == "psi") return json_number(report.psi);
  if (method == "kl") return json_number(report.kl);
  if (method == "js") return json_number(report.jensen_shannon);
  if (method == "hellinger") return json_number(report.hellinger);
  if (method == "tvd") return json_number(report.total_variation);
  if (method == "wasserstein") return json_number(report.wasserstein);
  if (method == "cvm") {
    return report.cramer_von_mises ? Json(report.cramer_von_mises->statistic) : Json(nullptr);
  }
  if (method == "ks") return test_json(report.kolmogorov_smirnov);
  return method == "chi2" ? chi_square_json(report) : test_json(report.chi_square_fixed);
}

Json side_json(const drift::SideCounts& side) {
  return Json{{"rows", side.rows},
              {"missing", side.missing},
              {"infinite", side.infinite},
              {"distinct", side.distinct}};
}

Json beyond_json(const drift::Beyond& beyond) {
  return Json{{"rows", beyond.rows}, {"p_value", beyond.p_value}};
}

Json bin_json(const drift::Bins& bins, std::size_t i) {
  if (!bins.labels.empty()) return Json{{"label", bins.labels[i]}};
  if (!bins.ranges.empty()) {
    const drift::BinRange& range = bins.ranges[i];
    if (range.ends == drift::BinRange::Ends::point) return Json{{"value", json_number(range.low)}};
    const bool closed = range.ends == drift::BinRange::Ends::right_closed;
    return Json{{"above", json_number(range.low)},
                {closed ? "up_to" : "below", json_number(range.high)}};
  }
  const std::vector<double>& edges = bins.edges;
  if (bins.binning == drift::Binning::quantile) {
    return Json{{"above", i == 0 ? Json("-Inf") : json_number(edges[i - 1])},
                {"up_to", i == edges.size() ? Json("+Inf") : json_number(edges[i])}};
  }
  if (edges.size() == bins.reference.size()) return Json{{"value", json_number(edges[i])}};
  return Json{{"from", json_number(edges[i])}, {"below", json_number(edges[i + 1])}};
}

Json histogram_json(const drift::Bins& bins) {
  Json list = Json::array();
  for (std::size_t i = 0; i < bins.reference.size() && i < kMostBins; ++i) {
    Json bin = bin_json(bins, i);
    bin["reference"] = bins.reference[i];
    bin["current"] = bins.current[i];
    list.push_back(bin);
  }
  return list;
}

Json column_json(const ComparedColumn& column, const std::vector<std::string>& methods) {
  const ColumnReport& report = column.report;
  Json json;
  json["reading"] = column.reading.text;
  json["severity"] = to_string(column.reading.severity);
  json["kind"] = report.categorical ? "categorical" : "numeric";
  for (const std::string& method : methods) json[method] = value_of(report, method);
  json["reference_count"] = report.reference_count;
  json["current_count"] = report.current_count;
  json["reference"] = side_json(report.reference_side);
  json["current"] = side_json(report.current_side);
  json["missing_p_value"] = report.missing_p;
  if (report.histogram_test) json["histogram_p_value"] = report.histogram_test->p_value;
  json["new_values"] = report.new_values;
  json["new_rows"] = report.new_rows;
  if (report.beyond) json["beyond"] = beyond_json(*report.beyond);
  if (report.lost) json["lost"] = beyond_json(*report.lost);
  if (const auto& changed = report.changed_label) {
    json["changed_label"] = {{"label", changed->label},
                             {"reference", changed->reference},
                             {"current", changed->current},
                             {"p_value", changed->p_value}};
  }
  json["floored"] =
      Json{{"reference", report.floored.reference}, {"current", report.floored.current}};
  json["histogram"] = histogram_json(report.binned);
  const std::size_t bins = report.binned.reference.size();
  if (bins > kMostBins) json["histogram_left_off"] = bins - kMostBins;
  return json;
}

}  // namespace

std::string drift_json(const Comparison& comparison) {
  Json json;
  json["verdict"] = drift_verdict(comparison);
  json["severity"] = to_string(comparison.severity());
  json["tests"] = comparison.tests;
  if (comparison.breaches) {
    json["gate"] = comparison.passes() ? "pass" : "fail";
    json["broken"] = Json::array();
    for (const drift::Breach& breach : *comparison.breaches) {
      json["broken"].push_back(
          {{"column", breach.column}, {"rule", breach.rule}, {"found", breach.found}});
    }
  }
  json["only_in_reference"] = comparison.gone;
  json["only_in_current"] = comparison.added;
  json["columns"] = Json::object();
  for (const ComparedColumn& column : comparison.columns) {
    json["columns"][column.name] = column_json(column, comparison.methods);
  }
  return json_document(json);
}

std::string signals_json(const StreamResult& result) {
  Json json;
  json["detector"] = result.detector;
  json["drifts"] = result.signals.drifts;
  json["warnings"] = result.signals.warnings;
  json["infinite"] = result.infinite;
  json["values"] = result.values;
  json["missing"] = result.missing;
  return json_document(json);
}

}  // namespace rehearse::app

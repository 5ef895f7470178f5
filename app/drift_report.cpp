#include "app/drift_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/utf8.hpp"
#include "stats/distributions.hpp"

namespace rehearse::app {
namespace {

using Json = nlohmann::ordered_json;
using drift::ColumnReport;

constexpr int kIndent = 2;
// The customary reading of PSI (Siddiqi 2006).
constexpr double kSmallPsi = 0.1, kLargePsi = 0.2;
constexpr double kChance = 0.01;

std::string dump(const Json& json) {
  return json.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json number(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

template <typename Test>
Json test_json(const std::optional<Test>& test) {
  if (!test) return nullptr;
  return Json{{"statistic", test->statistic}, {"p_value", test->p_value}};
}

/// The part of a report that a method stands for.
Json value_of(const ColumnReport& report, const std::string& method) {
  if (method == "psi") return number(report.psi);
  if (method == "kl") return number(report.kl);
  if (method == "js") return number(report.jensen_shannon);
  if (method == "hellinger") return number(report.hellinger);
  if (method == "tvd") return number(report.total_variation);
  if (method == "wasserstein") return number(report.wasserstein);
  if (method == "cvm") {
    return report.cramer_von_mises ? Json(report.cramer_von_mises->statistic) : Json(nullptr);
  }
  if (method == "ks") return test_json(report.kolmogorov_smirnov);
  return test_json(report.chi_square);
}

std::string shown(const Json& value) {
  if (value.is_null()) return "-";
  if (value.is_number()) return fmt::format("{:.4g}", value.get<double>());
  return fmt::format("{:.4g} (p {:.2g})", value["statistic"].get<double>(),
                     value["p_value"].get<double>());
}

// Without any drift PSI times n m / (n + m) is nearly chi-square with bins - 1 degrees of freedom
// (Yurdakul 2018), so few values make a large PSI by chance alone.
bool by_chance(const ColumnReport& report) {
  if (report.bins < 2) return false;
  const double n = static_cast<double>(report.reference_count);
  const double m = static_cast<double>(report.current_count);
  const double statistic = *report.psi * n * m / (n + m);
  return stats::chi_square_tail(statistic, static_cast<double>(report.bins - 1)) > kChance;
}

std::string reading(const ColumnReport& report) {
  if (report.reference_count == 0) return "the reference has no values";
  if (report.current_count == 0) return "the current data have no values";
  if (!report.psi) return "";
  if (*report.psi < kSmallPsi) return "stable";
  if (by_chance(report)) return "no more than chance with so few values";
  return *report.psi <= kLargePsi ? "some drift" : "large drift";
}

std::string indices(const std::vector<std::size_t>& list) {
  return list.empty() ? "none" : fmt::format("{}", fmt::join(list, " "));
}

}  // namespace

const std::vector<std::string>& drift_methods() {
  static const std::vector<std::string> methods = {"psi",         "kl",  "js", "hellinger", "tvd",
                                                   "wasserstein", "cvm", "ks", "chi2"};
  return methods;
}

std::string drift_text(const ColumnReports& reports, const std::vector<std::string>& methods) {
  std::size_t width = 6;
  for (const auto& [name, report] : reports) width = std::max(width, printable(name).size());
  std::string text = fmt::format("{:<{}}  {:>9}  {:>9}", "column", width, "reference", "current");
  const auto room = [](const std::string& method) {
    return method == "ks" || method == "chi2" ? 20 : 11;
  };
  for (const std::string& method : methods) text += fmt::format("  {:>{}}", method, room(method));
  text += "\n";
  for (const auto& [name, report] : reports) {
    text += fmt::format("{:<{}}  {:>9}  {:>9}", printable(name), width, report.reference_count,
                        report.current_count);
    for (const std::string& method : methods) {
      text += fmt::format("  {:>{}}", shown(value_of(report, method)), room(method));
    }
    text += "  " + reading(report) + "\n";
  }
  return text;
}

std::string drift_json(const ColumnReports& reports, const std::vector<std::string>& methods) {
  Json json;
  json["columns"] = Json::object();
  for (const auto& [name, report] : reports) {
    Json& column = json["columns"][name];
    for (const std::string& method : methods) column[method] = value_of(report, method);
    column["kind"] = report.categorical ? "categorical" : "numeric";
    column["reference_count"] = report.reference_count;
    column["current_count"] = report.current_count;
  }
  return dump(json);
}

std::string signals_text(const std::string& detector, const drift::Signals& signals,
                         std::size_t values) {
  std::string text = fmt::format("{}: {} drift{} in {} values\n", detector, signals.drifts.size(),
                                 signals.drifts.size() == 1 ? "" : "s", values);
  text += fmt::format("drifts: {}\n", indices(signals.drifts));
  if (!signals.warnings.empty()) text += fmt::format("warnings: {}\n", indices(signals.warnings));
  return text;
}

std::string signals_json(const std::string& detector, const drift::Signals& signals) {
  Json json;
  json["detector"] = detector;
  json["drifts"] = signals.drifts;
  json["warnings"] = signals.warnings;
  return dump(json);
}

}  // namespace rehearse::app

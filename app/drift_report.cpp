#include "app/drift_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/config.hpp"
#include "base/text/utf8.hpp"
#include "base/text/wrap.hpp"
#include "stats/p_value.hpp"

namespace rehearse::app {
namespace {

using drift::ColumnReport;
using drift::Severity;

std::string shown(const std::optional<double>& value) {
  return value ? fmt::format("{:.4g}", *value) : "-";
}

template <typename Test>
std::string shown(const std::optional<Test>& test, double least = 1e-300) {
  if (!test) return "-";
  return fmt::format("{:.4g} ({})", test->statistic, stats::p_value_text(test->p_value, 2, least));
}

std::string distance(const ColumnReport& report, const std::string& method) {
  if (method == "psi") return shown(report.psi);
  if (method == "kl") return shown(report.kl);
  if (method == "js") return shown(report.jensen_shannon);
  if (method == "hellinger") return shown(report.hellinger);
  if (method == "tvd") return shown(report.total_variation);
  if (method == "wasserstein") return shown(report.wasserstein);
  // Its p-value is what the limit distribution leaves of 1.
  if (method == "cvm") return shown(report.cramer_von_mises, 1e-15);
  if (method == "ks") return shown(report.kolmogorov_smirnov);
  return method == "chi2" ? shown(report.chi_square) : shown(report.chi_square_fixed);
}

bool applies(const ColumnReport& report, const std::string& method) {
  const bool of_labels = method.starts_with("chi2");
  const bool of_numbers = method == "wasserstein" || method == "cvm" || method == "ks";
  return report.categorical ? !of_numbers : !of_labels;
}

std::string with_share(std::size_t part, std::size_t all) {
  if (part == 0 || all == 0) return std::to_string(part);
  return fmt::format("{} ({:.3g}%)", part,
                     100.0 * static_cast<double>(part) / static_cast<double>(all));
}

std::string indices(const std::vector<std::size_t>& list) {
  constexpr std::size_t kShown = 50;
  std::string text;
  for (std::size_t i = 0; i < list.size() && i < kShown; ++i) {
    text += (i == 0 ? "" : " ") + std::to_string(list[i]);
  }
  if (list.size() > kShown) text += fmt::format(" ... ({} in all)", list.size());
  return text.empty() ? "none" : text;
}

std::string column_text(const ComparedColumn& column, const std::vector<std::string>& methods) {
  return wrapped("", printable(column.name) + ": " + column.reading.text) +
         wrapped("    ", counts_text(column.report)) +
         wrapped("    ", distances_text(column.report, methods));
}

std::string gate_text(const std::vector<drift::Breach>& breaches) {
  if (breaches.empty()) return "gate: pass\n";
  std::string text = fmt::format("gate: fail, {} rule{} broken\n", breaches.size(),
                                 breaches.size() == 1 ? "" : "s");
  for (const drift::Breach& breach : breaches) {
    text += wrapped("    ",
                    fmt::format("{}: {}: {}", printable(breach.column), breach.rule, breach.found));
  }
  return text;
}

Checked checked(const ComparedColumn& column, const Comparison& comparison) {
  Checked one;
  one.name = column.name;
  one.headline = column.reading.text;
  one.details =
      counts_text(column.report) + "; " + distances_text(column.report, comparison.methods);
  const Severity severity = column.reading.severity;
  if (!comparison.breaches) {
    one.state = severity >= Severity::drift     ? Checked::State::failed
                : severity == Severity::unclear ? Checked::State::unclear
                                                : Checked::State::passed;
    return one;
  }
  for (const drift::Breach& breach : *comparison.breaches) {
    if (breach.column != column.name) continue;
    one.headline = (one.state == Checked::State::passed ? "" : one.headline + "; ") +
                   fmt::format("{}: {}", breach.rule, breach.found);
    one.state = Checked::State::failed;
  }
  return one;
}

}  // namespace

const std::vector<std::string>& drift_methods() {
  static const std::vector<std::string> names = {
      "psi", "kl", "js", "hellinger", "tvd", "wasserstein", "cvm", "ks", "chi2", "chi2-fixed"};
  return names;
}

Severity Comparison::severity() const {
  if (!gone.empty()) return Severity::large;
  return columns.empty() ? Severity::unclear : columns.front().reading.severity;
}

std::string drift_verdict(const Comparison& comparison) {
  std::size_t drifted = 0, unclear = 0;
  for (const ComparedColumn& column : comparison.columns) {
    drifted += column.reading.severity >= Severity::drift ? 1 : 0;
    unclear += column.reading.severity == Severity::unclear ? 1 : 0;
  }
  const std::size_t all = comparison.columns.size();
  std::string text;
  const auto add = [&](std::size_t count, const std::string& what) {
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, what);
  };
  add(comparison.gone.size(), comparison.gone.size() == 1 ? "column is gone" : "columns are gone");
  add(drifted, fmt::format("of {} column{} drifted", all, all == 1 ? "" : "s"));
  add(unclear, "cannot be told");
  const std::string severity = comparison.severity() >= Severity::drift     ? "drift"
                               : comparison.severity() == Severity::unclear ? "unclear"
                                                                            : "no drift";
  return text.empty() ? fmt::format("{} in {} column{}", severity, all, all == 1 ? "" : "s")
                      : severity + ": " + text;
}

std::string counts_text(const ColumnReport& report) {
  const auto &before = report.reference_side, &now = report.current_side;
  std::string text = fmt::format(
      "{}; rows {} and {}, missing {} and {}, infinite {} and {}, distinct {} and {}, new {}",
      report.categorical ? "labels" : "numbers", before.rows, now.rows,
      with_share(before.missing, before.rows), with_share(now.missing, now.rows), before.infinite,
      now.infinite, before.distinct, now.distinct, with_share(report.new_rows, now.rows));
  if (report.beyond && report.beyond->rows > 0) {
    text +=
        ", beyond the reference's range " + with_share(report.beyond->rows, report.current_count);
  }
  if (report.lost && report.lost->rows > 0) {
    text += ", of the reference beyond the current range " +
            with_share(report.lost->rows, report.reference_count);
  }
  const double floored = std::max(report.floored.reference, report.floored.current);
  if (floored > 0) {
    text += fmt::format(", in floored bins {:.3g}% and {:.3g}%", 100 * report.floored.reference,
                        100 * report.floored.current);
  }
  return text;
}

std::string distances_text(const ColumnReport& report, const std::vector<std::string>& methods) {
  std::string text;
  for (const std::string& method : methods) {
    if (!applies(report, method)) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", method, distance(report, method));
  }
  return text.empty() ? "no such distance" : text;
}

std::string renamed_text(const std::string& gone, const std::vector<std::string>& added) {
  for (const std::string& name : added) {
    if (name.starts_with(gone) || gone.starts_with(name)) {
      return fmt::format("; is it now \"{}\"?", printable(name));
    }
  }
  const auto near = config::nearest(gone, added);
  return near ? fmt::format("; is it now \"{}\"?", printable(*near)) : "";
}

std::string drift_text(const Comparison& comparison) {
  std::string text = wrapped("", drift_verdict(comparison));
  if (comparison.breaches) text += gate_text(*comparison.breaches);
  text += "\n";
  for (const std::string& name : comparison.gone) {
    text += wrapped("", fmt::format("{}: gone from the current data{}", printable(name),
                                    renamed_text(name, comparison.added)));
  }
  for (const ComparedColumn& column : comparison.columns) {
    text += column_text(column, comparison.methods);
  }
  for (const std::string& name : comparison.added) {
    text += wrapped("", fmt::format("{}: only in the current data, not compared", printable(name)));
  }
  return text;
}

Checklist drift_checklist(const Comparison& comparison) {
  Checklist list{"drift", drift_verdict(comparison), {}};
  if (comparison.breaches) list.verdict += comparison.passes() ? "; gate: pass" : "; gate: fail";
  for (const std::string& name : comparison.gone) {
    list.checks.push_back({Checked::State::failed, name,
                           "gone from the current data" + renamed_text(name, comparison.added),
                           ""});
  }
  for (const ComparedColumn& column : comparison.columns) {
    list.checks.push_back(checked(column, comparison));
  }
  return list;
}

std::string signals_text(const StreamResult& result) {
  const drift::Signals& signals = result.signals;
  std::string text =
      fmt::format("{}: {} drift{} in {} values\n", result.detector, signals.drifts.size(),
                  signals.drifts.size() == 1 ? "" : "s", result.values);
  text += wrapped("drifts: ", indices(signals.drifts));
  if (!signals.warnings.empty()) text += wrapped("warnings: ", indices(signals.warnings));
  if (!result.infinite.empty()) text += wrapped("infinite: ", indices(result.infinite));
  if (result.missing > 0) text += fmt::format("missing: {}\n", result.missing);
  return text;
}

}  // namespace rehearse::app

#include "app/results.hpp"

#include <fstream>
#include <iostream>
#include <set>

#include "app/remark.hpp"
#include "base/error.hpp"
#include "base/os/terminal.hpp"
#include "measure/series.hpp"
#include "reports/junit.hpp"
#include "reports/lifecycle_csv.hpp"
#include "reports/lifecycle_plot.hpp"
#include "reports/plot.hpp"
#include "reports/replicated.hpp"
#include "reports/text_summary.hpp"

namespace rehearse::app {

namespace fs = std::filesystem;

namespace {

/// All files that a run may write to its output directory.
const std::set<std::string>& result_names() {
  static const std::set<std::string> names = {"graph.db",        "junit.xml",    "lifecycle.csv",
                                              "lifecycle.svg",   "perf.json",    "report.html",
                                              "statistics.json", "summary.json", "staleness.svg",
                                              "timeseries.csv",  "trace.jsonl"};
  return names;
}

}  // namespace

Results::Results(const std::string& folder) : folder_(folder) {
  if (!folder.empty()) output_.emplace(folder, result_names());
}

std::optional<fs::path> Results::graph_copy() {
  if (!output_) return std::nullopt;
  return output_->path("graph.db");
}

std::optional<fs::path> Results::trace() {
  if (!output_) return std::nullopt;
  return output_->path("trace.jsonl");
}

void Results::write_curves(const reports::RunResult& result) {
  if (!output_) return;
  output_->write("timeseries.csv", measure::timeseries_csv(result.series, result.more_series));
  output_->write("staleness.svg", reports::staleness_svg(result));
  if (result.lineage.empty()) return;
  output_->write("lifecycle.csv", reports::lifecycle_csv(result.lineage));
  output_->write("lifecycle.svg", reports::lifecycle_svg(result));
}

void Results::write(const std::string& name, const std::string& text) {
  if (output_) output_->write(name, text);
}

void Results::write_summary(const reports::ReplicatedResult& result) {
  if (!output_) return;
  std::ofstream file(output_->path("summary.json"), std::ios::binary | std::ios::trunc);
  reports::write_replicated_summary(result, file);
  file.close();
  if (!file) throw InputError({folder_ + "/summary.json", {}, 0, 0}, "cannot be written");
}

std::string Results::commit() {
  if (!output_) return {};
  std::vector<std::string> written;
  for (const std::string& name : result_names()) {
    if (fs::exists(output_->path(name))) written.push_back(name);
  }
  output_->commit();
  return written_text(folder_, written);
}

bool finish(Results& results, const experiments::FinishedRun& finished, Format format) {
  const reports::RunResult& result = finished.result;
  const std::string summary = reports::summary_json(result);
  const Duration warmup = result.window.begin - Time{};
  const std::optional<reports::SteadyState> state =
      reports::steady_state(reports::curves_of(result.series, result.window), warmup, 1);
  results.write_curves(result);
  results.write("statistics.json", reports::statistics_json(state, std::nullopt));
  results.write("summary.json", summary);
  results.write("junit.xml", reports::junit_xml(result));
  results.write("perf.json", os::perf_json(finished.perf));
  const std::string written = results.commit();
  if (format == Format::json) {
    std::cout << summary;
  } else {
    const reports::TextOptions options{.colour = os::wants_colour(os::Output::results)};
    std::cout << reports::text_summary(result, options);
    if (state && warmup > Duration{}) std::cout << reports::steady_text(*state);
    std::cout << written;
  }
  return measure::all_passed(result.expectations);
}

bool finish(Results& results, const experiments::Replicated& replicated, const os::Perf& perf,
            Format format) {
  const reports::ReplicatedResult& result = replicated.result;
  reports::RunResult expected;  // what junit.xml shows: the expectations, held by the means
  expected.scenario = result.scenario;
  expected.seed = result.seed;
  expected.expectations = result.expectations;
  results.write_summary(result);
  results.write("statistics.json", reports::statistics_json(result.steady_state, result.precise));
  results.write("junit.xml", reports::junit_xml(expected));
  results.write("perf.json", os::perf_json(perf));
  const std::string written = results.commit();
  if (format == Format::json) {
    reports::write_replicated_summary(result, std::cout);
  } else {
    std::cout << reports::replicated_text(result, os::wants_colour(os::Output::results)) << written;
  }
  return measure::all_passed(result.expectations);
}

}  // namespace rehearse::app

#include "study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>

#include "fixtures.hpp"
#include "stats/intervals.hpp"

namespace rehearse::lifecycle {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::filesystem::path file_of(const std::string& study) {
  return test::source_path("tests/lifecycle/validation/recorded/" + study + ".json");
}

Json read(const std::string& study) {
  std::ifstream in(file_of(study));
  return in ? Json::parse(in) : Json::object();
}

/// One row of figures a line.
void write(const std::string& study, const Json& recorded) {
  std::ofstream out(file_of(study));
  out << "{";
  const char* before = "\n";
  for (const auto& [name, line] : recorded.items()) {
    out << before << Json(name) << ": {\n\"figures\": " << line["figures"] << ",\n\"seeds\": [";
    const char* between = "\n";
    for (const Json& row : line["seeds"]) out << std::exchange(between, ",\n") << row;
    out << "],\n\"all\": " << line["all"] << "}";
    before = ",\n";
  }
  out << "\n}\n";
}

/// As many digits as are compared.
Json rounded(double value) {
  if (std::isnan(value)) return nullptr;
  return std::stod(fmt::format("{:.9g}", value));
}

Json rounded(const Figures& figures) {
  Json row = Json::array();
  for (const double value : figures) row.push_back(rounded(value));
  return row;
}

Json summary_of(const Results& results, const Line& line) {
  Json mean = Json::array(), least = Json::array(), most = Json::array();
  for (const std::string& figure : line.figures) {
    std::vector<double> values = results.of(figure);
    std::erase_if(values, [](double value) { return std::isnan(value); });
    const auto ends = std::minmax_element(values.begin(), values.end());
    least.push_back(rounded(values.empty() ? kNone : *ends.first));
    most.push_back(rounded(values.empty() ? kNone : *ends.second));
    mean.push_back(rounded(results.mean(figure)));
  }
  return {{"seeds", results.seeds()}, {"mean", mean}, {"least", least}, {"most", most}};
}

bool same(const Json& recorded, const Json& measured) {
  if (!recorded.is_number() || !measured.is_number()) return recorded == measured;
  const double a = recorded.get<double>(), b = measured.get<double>();
  return std::abs(a - b) <= 2e-9 * std::max(1.0, std::abs(a));
}

void compare(const Json& recorded, const Json& measured, const std::string& of) {
  INFO(of << ": " << recorded.dump() << " is recorded, " << measured.dump() << " measured");
  REQUIRE(recorded.size() == measured.size());
  REQUIRE(std::equal(recorded.begin(), recorded.end(), measured.begin(), same));
}

}  // namespace

Results::Results(const Line& line, int seeds) : figures_(line.figures) {
  for (int seed = 1; seed <= seeds; ++seed) {
    rows_.push_back(line.measure(std::uint64_t(seed)));
    assert(rows_.back().size() == figures_.size());
  }
}

std::vector<double> Results::of(const std::string& figure) const {
  const auto found = std::find(figures_.begin(), figures_.end(), figure);
  assert(found != figures_.end());
  std::vector<double> values;
  for (const Figures& row : rows_) values.push_back(row[std::size_t(found - figures_.begin())]);
  return values;
}

int Results::count(const std::string& figure, const std::function<bool(double)>& asked) const {
  const std::vector<double> values = of(figure);
  return int(std::count_if(values.begin(), values.end(), asked));
}

int Results::at_most(const std::string& figure, double bound) const {
  return count(figure, [&](double value) { return value <= bound; });
}

int Results::at_least(const std::string& figure, double bound) const {
  return count(figure, [&](double value) { return value >= bound; });
}

double Results::mean(const std::string& figure) const {
  double sum = 0;
  int values = 0;
  for (const double value : of(figure)) {
    if (std::isnan(value)) continue;
    sum += value;
    ++values;
  }
  return values == 0 ? kNone : sum / values;
}

Results held_to_record(const std::string& study, const Line& line, int seeds) {
  Results results(line, seeds);
  Json recorded = read(study);
  Json rows = Json::array();
  for (int i = 0; i < kRecorded; ++i) rows.push_back(rounded(results.rows()[std::size_t(i)]));
  const Json summary = summary_of(results, line);
  const bool all = seeds > kRecorded;
  if (std::getenv("REHEARSE_RECORD")) {
    if (!all) return results;
    recorded[line.name] = {{"figures", line.figures}, {"seeds", rows}, {"all", summary}};
    write(study, recorded);
  }
  INFO(study << ", " << line.name);
  REQUIRE(recorded.contains(line.name));
  const Json& old = recorded[line.name];
  REQUIRE(old["figures"] == Json(line.figures));
  REQUIRE(old["seeds"].size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    compare(old["seeds"][i], rows[i], fmt::format("seed {}", i + 1));
  }
  if (!all) return results;
  for (const char* what : {"mean", "least", "most"}) compare(old["all"][what], summary[what], what);
  return results;
}

std::string share(int count, int of) {
  const auto interval =
      stats::exact_proportion_interval(std::uint64_t(count), std::uint64_t(of), 0.99);
  return fmt::format("{} of {} ({:.1f}% to {:.1f}%)", count, of, 100 * interval.low,
                     100 * interval.high);
}

std::string mean(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  double sum = 0;
  for (const double value : values) sum += value;
  const auto interval = stats::t_interval(values, 0.99);
  return fmt::format("{:.4f} ({:.4f} to {:.4f})", sum / double(values.size()), interval->low,
                     interval->high);
}

void row(const std::vector<std::string>& cells) {
  std::cout << fmt::format("| {} |", fmt::join(cells, " | ")) << std::endl;
}

}  // namespace rehearse::lifecycle

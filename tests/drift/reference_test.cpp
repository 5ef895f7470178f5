// Every case of reference/distances.json and reference/detectors.json, within the tolerances their
// `about` states.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "drift/detectors.hpp"
#include "drift/distances.hpp"
#include "reference_file.hpp"
#include "stats/two_sample.hpp"

using namespace rehearse;
using nlohmann::json;
using Values = std::vector<double>;

namespace {

bool close(double value, double expected, double relative, double absolute) {
  if (expected < 1e-300 && value < 1e-300 && value >= 0) return true;
  return std::abs(value - expected) <= std::max(relative * std::abs(expected), absolute);
}

void check_binned(const drift::Bins& bins, const json& expected) {
  CHECK(bins.reference == expected["reference_counts"].get<Values>());
  CHECK(bins.current == expected["current_counts"].get<Values>());
  CHECK(close(drift::psi(bins), expected["psi"], 0, 1e-9));
  CHECK(close(drift::kl(bins), expected["kl"], 0, 1e-9));
  const double js = expected["js_distance"];
  CHECK(close(drift::jensen_shannon(bins), js, 0, js < 1e-6 ? 1e-7 : 1e-9));
  CHECK(close(drift::hellinger(bins), expected["hellinger"], 0, 1e-9));
}

void check_sturges(const drift::Bins& bins, const json& expected) {
  CHECK(bins.reference.size() == expected["psi_sturges_bins"].get<std::size_t>());
  CHECK(close(drift::psi(bins), expected["psi_sturges"], 0, 1e-9));
}

void check_numeric(const Values& reference, const Values& current, const json& expected) {
  const drift::Bins bins = drift::bin_by_quantiles(reference, current);
  const Values edges = expected["edges"];
  REQUIRE(bins.edges.size() == edges.size());
  for (std::size_t i = 0; i < edges.size(); ++i) CHECK(close(bins.edges[i], edges[i], 1e-12, 0));
  check_binned(bins, expected);
  drift::Bins sturges = drift::bin_by_sturges(reference, current);
  check_sturges(sturges, expected);
  const auto ks = *stats::kolmogorov_smirnov_sorted(reference, current);
  CHECK(close(ks.statistic, expected["ks_statistic"], 0, 1e-12));
  CHECK(close(ks.p_value, expected["ks_pvalue"], 1e-4, 1e-9));
  CHECK(close(ks.limit_p_value, expected["ks_pvalue_limit"], 1e-8, 0));
  CHECK(close(drift::wasserstein_sorted(reference, current), expected["wasserstein"], 1e-9, 1e-12));
  const auto cvm = *stats::cramer_von_mises_sorted(reference, current);
  CHECK(close(cvm.statistic, expected["cvm_statistic"], 1e-9, 1e-12));
  CHECK(close(cvm.p_value, expected["cvm_pvalue"], 0, 1e-6));
}

drift::CategoryCounts count(const json& values) {
  drift::CategoryCounts counts;
  for (const json& value : values) ++counts[value.get<std::string>()];
  return counts;
}

void check_categorical(const json& one) {
  const json& expected = one["expected"];
  drift::Bins bins = drift::bin_categories(count(one["reference"]), count(one["current"]));
  check_binned(bins, expected);
  CHECK(close(drift::total_variation(bins), expected["tvd"], 0, 1e-9));
  Values shares = bins.reference;
  for (double& share : shares) share /= double(one["reference"].size());
  const auto test = stats::chi_square(bins.current, shares);
  REQUIRE(test.has_value() == !expected["chi2_statistic"].is_null());
  if (test) {
    CHECK(close(test->statistic, expected["chi2_statistic"], 1e-9, 1e-12));
    CHECK(test->df == expected["chi2_df"].get<double>());
    CHECK(close(test->p_value, expected["chi2_pvalue"], 1e-8, 0));
  }
  bins.binning = drift::Binning::sturges;
  check_sturges(bins, expected);
}

Values stream_of(const json& stream) {
  if (stream.contains("values")) return stream["values"];
  csv::Reader reader(test::real_data_path(stream["csv"].get<std::string>()));
  const std::size_t column = reader.column(stream["column"].get<std::string>());
  Values values;
  csv::Row row;
  while (reader.next(row)) values.push_back(std::stod(row.cells[column]));
  return values;
}

drift::DetectorParameters parameters_of(const json& given) {
  drift::DetectorParameters parameters;
  for (const auto& [key, value] : given.items()) {
    parameters[key] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return parameters;
}

std::vector<std::size_t> expand(const json& ranges) {
  std::vector<std::size_t> indices;
  for (const json& range : ranges) {
    for (std::size_t i = range[0]; i <= range[1].get<std::size_t>(); ++i) indices.push_back(i);
  }
  return indices;
}

/// Holds every detector to its reference indices on the streams that are written out in the file,
/// or on those that are a column of real data.
void check_detectors(bool real) {
  const std::map<std::string, std::string> names = {
      {"ADWIN", "adwin"}, {"PageHinkley", "page-hinkley"},
      {"CUSUM", "cusum"}, {"DDM", "ddm"},
      {"EDDM", "eddm"},   {"HDDM_A", "hddm-a"}};
  const json file = test::load_reference("detectors.json");
  for (const json& one : file.at("cases")) {
    if (one["stream"].contains("csv") != real) continue;
    const Values values = stream_of(one["stream"]);
    REQUIRE(values.size() == one["length"].get<std::size_t>());
    for (const json& expected : one["detectors"]) {
      CAPTURE(one["name"].get<std::string>(), expected["detector"].get<std::string>(),
              expected["params"].dump());
      const auto detector =
          drift::make_detector(names.at(expected["detector"]), parameters_of(expected["params"]));
      const drift::Signals signals = drift::scan(*detector, values);
      CHECK(signals.drifts == expected["drift"].get<std::vector<std::size_t>>());
      if (expected.contains("warning_ranges")) {
        CHECK(signals.warnings == expand(expected["warning_ranges"]));
      }
    }
  }
}

}  // namespace

TEST_CASE("distances reproduce the reference numbers") {
  const json file = test::load_reference("distances.json");
  for (const json& one : file.at("cases")) {
    DYNAMIC_SECTION(one["name"].get<std::string>()) {
      if (one["categorical"].get<bool>()) {
        check_categorical(one);
      } else {
        check_numeric(stats::sorted(one["reference"].get<Values>()),
                      stats::sorted(one["current"].get<Values>()), one["expected"]);
      }
    }
  }
}

TEST_CASE("detectors reproduce the reference indices") { check_detectors(false); }

TEST_CASE("detectors reproduce the reference indices on real data") { check_detectors(true); }

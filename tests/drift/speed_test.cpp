// How long the statistics take on a million values. Prints figures and asserts nothing about time.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <iostream>

#include "drift/column_report.hpp"
#include "drift/detectors.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::drift;

namespace {

constexpr std::size_t kMillion = 1'000'000;

std::vector<double> draw(const char* name, double shift) {
  stats::Stream stream(501, 0, name);
  std::vector<double> values(kMillion);
  for (double& value : values) value = shift + stream.normal();
  return values;
}

template <typename Work>
void time_of(const std::string& what, Work work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  std::cout << fmt::format("{}: {:.3f} s\n", what, taken.count());
}

}  // namespace

TEST_CASE("a million values go through detectors and distances", "[long][speed]") {
  const std::vector<double> reference = draw("reference", 0), current = draw("current", 0.01);
  for (const char* name : {"adwin", "page-hinkley", "cusum"}) {
    const auto detector = make_detector(name);
    time_of(name, [&] { scan(*detector, current); });
  }
  ColumnReport report;
  time_of("psi", [&] {
    report = report_numbers(reference, current, Binning::quantile, {true, false});
  });
  time_of("ks, wasserstein, cvm", [&] {
    report = report_numbers(reference, current, Binning::quantile, {false, true});
  });
  time_of("all distances", [&] { report = report_numbers(reference, current, Binning::quantile); });
  REQUIRE(report.kolmogorov_smirnov->p_value < 0.05);
}

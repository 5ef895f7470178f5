// How often a comparison without any drift calls drift, and that the reading sees what there is.
#include "drift/reading.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::drift;

namespace {

using Draw = std::function<double(stats::Stream&)>;

struct Source {
  const char* name;
  bool labels;
  Draw draw;
};

double geometric(stats::Stream& stream, double p) {
  return std::floor(std::log(1 - stream.uniform()) / std::log(1 - p));
}

const std::vector<Source>& sources() {
  static const std::vector<Source> all = {
      {"two labels", true, [](auto& s) { return s.chance(0.1) ? 1 : 0; }},
      {"6 equal labels", true, [](auto& s) { return double(s.below(6)); }},
      {"50 equal labels", true, [](auto& s) { return double(s.below(50)); }},
      {"500 equal labels", true, [](auto& s) { return double(s.below(500)); }},
      {"geometric labels", true, [](auto& s) { return geometric(s, 0.5); }},
      {"uniform numbers", false, [](auto& s) { return s.uniform(); }},
      {"normal numbers", false, [](auto& s) { return s.normal(); }},
      {"counts", false, [](auto& s) { return geometric(s, 0.2); }},
      {"few values", false, [](auto& s) { return geometric(s, 0.6); }},
      {"mostly 0", false, [](auto& s) { return s.chance(0.7) ? 0 : s.uniform(); }}};
  return all;
}

ColumnSide draw_side(const Source& source, std::size_t rows, stats::Stream& stream) {
  ColumnSide side;
  side.rows = rows;
  for (std::size_t i = 0; i < rows; ++i) {
    if (stream.chance(0.05)) {
      ++side.missing;
    } else if (source.labels) {
      ++side.labels[std::to_string(static_cast<int>(source.draw(stream)))];
    } else {
      side.numbers.push_back(source.draw(stream));
    }
  }
  return side;
}

/// Whether a comparison of so many equal columns calls one of them drifted.
bool calls_drift(const Source& source, std::size_t reference, std::size_t current,
                 std::size_t columns, Binning binning, stats::Stream& stream) {
  std::vector<ColumnReport> reports;
  std::size_t tests = 0;
  for (std::size_t i = 0; i < columns; ++i) {
    ColumnPair pair;
    pair.kind = source.labels ? Kind::labels : Kind::numbers;
    pair.reference = draw_side(source, reference, stream);
    pair.current = draw_side(source, current, stream);
    reports.push_back(report_column(std::move(pair), binning, {true, false, true}));
    tests += count_tests(reports.back());
  }
  return std::any_of(reports.begin(), reports.end(), [&](const ColumnReport& report) {
    return read(report, tests).severity >= Severity::drift;
  });
}

struct Sizes {
  std::size_t reference, current;
};

/// Three standard errors above the share that may call drift.
double most(int runs) {
  return kFalseAlarms + 3 * std::sqrt(kFalseAlarms * (1 - kFalseAlarms) / runs);
}

void check_false_alarms(const std::vector<Sizes>& all_sizes, std::size_t columns, Binning binning,
                        int runs) {
  for (const Source& source : sources()) {
    for (const Sizes sizes : all_sizes) {
      stats::Stream stream(23, 0, source.name);
      int called = 0;
      for (int run = 0; run < runs; ++run) {
        called +=
            calls_drift(source, sizes.reference, sizes.current, columns, binning, stream) ? 1 : 0;
      }
      INFO(fmt::format("{}, {}/{}, {} columns: {} of {}", source.name, sizes.reference,
                       sizes.current, columns, called, runs));
      CHECK(double(called) / runs <= most(runs));
    }
  }
}

}  // namespace

TEST_CASE("one comparison in a hundred without drift may call it") {
  check_false_alarms({{5, 5}, {40, 40}, {40, 400}, {400, 40}}, 1, Binning::automatic, 300);
  check_false_alarms({{30, 60}}, 5, Binning::automatic, 100);
}

TEST_CASE("one comparison in a hundred without drift may call it, whatever its columns and bins",
          "[long]") {
  const std::vector<Sizes> sizes = {{1, 5000},  {3, 3},     {6, 10},    {20, 20},
                                    {40, 40},   {40, 100},  {40, 1000}, {100, 100},
                                    {1000, 40}, {40, 3000}, {300, 300}, {100, 2000}};
  for (const Binning binning : {Binning::automatic, Binning::quantile, Binning::sturges}) {
    check_false_alarms(sizes, 1, binning, 1000);
  }
  check_false_alarms({{40, 40}, {40, 400}, {400, 40}}, 20, Binning::automatic, 500);
}

TEST_CASE("a PSI that chance gives is read as chance, and what lies in rare bins as unclear") {
  stats::Stream stream(24, 0, "chance");
  const Source& labels = sources()[3];  // 500, of which 40 rows hold few twice
  ColumnPair pair;
  pair.kind = Kind::labels;
  pair.reference = draw_side(labels, 40, stream);
  pair.current = draw_side(labels, 40, stream);
  const ColumnReport report = report_column(std::move(pair), Binning::automatic);
  REQUIRE(*report.psi > 1);
  const Reading reading = read(report, count_tests(report));
  CHECK(reading.severity == Severity::unclear);
  CHECK_THAT(reading.text, Catch::Contains("cannot tell") && Catch::Contains("chance"));
}

TEST_CASE("few values that have changed for certain are drift") {
  std::vector<double> low(20), high(20), wide(400), narrow(400);
  for (std::size_t i = 0; i < 20; ++i) {
    low[i] = double(i);
    high[i] = double(i) + 15;
  }
  for (std::size_t i = 0; i < 400; ++i) {
    wide[i] = double(i);
    narrow[i] = 100 + double(i) / 2;
  }
  const ColumnReport moved = report_numbers(low, high, Binning::automatic);
  CHECK(read(moved, count_tests(moved)).severity == Severity::large);
  const ColumnReport shrunk = report_numbers(wide, narrow, Binning::automatic);
  CHECK(read(shrunk, count_tests(shrunk)).severity == Severity::large);
}

TEST_CASE("three values that lie apart from three others are no certain drift") {
  const ColumnReport report = report_numbers({1, 2, 3}, {4, 5, 6}, Binning::automatic);
  CHECK(report.kolmogorov_smirnov->p_value == Approx(0.1));
  CHECK(read(report, count_tests(report)).severity < Severity::drift);
}

TEST_CASE("what is overwhelming by itself and none among many tests is never stable") {
  std::vector<double> low(30), high(30);
  for (std::size_t i = 0; i < 30; ++i) {
    low[i] = double(i);
    high[i] = double(i) + 16;
  }
  const ColumnReport report = report_numbers(low, high, Binning::automatic);
  REQUIRE(report.kolmogorov_smirnov->p_value < 0.001);
  CHECK(read(report, 2).severity == Severity::large);
  CHECK(read(report, 100'000'000).severity == Severity::chance);
}

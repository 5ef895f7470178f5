#include "learning/recorded_rows.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace rehearse;
using namespace rehearse::learning;
using Values = std::vector<double>;

namespace {

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

Time minute(std::int64_t minutes) { return Time{} + Duration::minutes(minutes); }

/// Two features; out of order, with an hour that has no row, and rows before the start.
TimedRows some_rows() {
  TimedRows rows;
  rows.features = 2;
  rows.at = {minute(150), minute(-61), minute(0), minute(-60), minute(-1), minute(150)};
  rows.values = {5, 7, 1, 7, 3, kAbsent, 2, 7, 4, 7, 9, 7};
  rows.clicked = {1, 0, 0, 1, 1, 0};
  return rows;
}

}  // namespace

TEST_CASE("recorded rows stand in the hours of their times") {
  const RecordedRows rows(some_rows());
  REQUIRE(rows.size() == 6);
  REQUIRE(rows.first() == Hour{-2});
  REQUIRE(rows.last() == Hour{2});
  const std::size_t sizes[] = {0, 1, 2, 1, 0, 2, 0};
  for (std::int64_t hour = -3; hour <= 3; ++hour) {
    CAPTURE(hour);
    REQUIRE(rows.of(Hour{hour}).size() == sizes[hour + 3]);
  }
  // In the order of time, and of the file at one time.
  const bool clicked[] = {false, true, true, false, true, false};
  for (std::size_t i = 0; i < 6; ++i) REQUIRE(rows.clicked(i) == clicked[i]);
  REQUIRE(rows.clicked(rows.of(Hour{-1})) == 2);
  REQUIRE(rows.values(4)[0] < rows.values(5)[0]);
}

TEST_CASE("features of recorded rows are in deviations from their mean") {
  const RecordedRows rows(some_rows());
  // 1, 2, 4, 3, 5, 9: mean 4, variance 40/6.
  const Values first = {-3, -2, 0, -1, 1, 5};
  for (std::size_t i = 0; i < 6; ++i) {
    REQUIRE(rows.values(i)[0] == Approx(first[i] / std::sqrt(40.0 / 6)));
    if (i == 3) {
      REQUIRE(std::isnan(rows.values(i)[1]));
    } else {
      REQUIRE(rows.values(i)[1] == 0);
    }
  }
}

TEST_CASE("the units of a file change nothing") {
  TimedRows rows = some_rows(), scaled = rows;
  for (std::size_t i = 0; i < 6; ++i) scaled.values[2 * i] = 1000 * rows.values[2 * i] - 5e6;
  const RecordedRows a(rows), b(scaled);
  for (std::size_t i = 0; i < 6; ++i) {
    REQUIRE(a.values(i)[0] == Approx(b.values(i)[0]).margin(1e-9));
  }
}

TEST_CASE("a feature that is always absent stays so") {
  TimedRows rows = some_rows();
  for (std::size_t i = 0; i < 6; ++i) rows.values[2 * i + 1] = kAbsent;
  const RecordedRows made(rows);
  for (std::size_t i = 0; i < 6; ++i) REQUIRE(std::isnan(made.values(i)[1]));
}

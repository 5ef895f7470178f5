// The dialects of people's CSV files: separators, "sep=" lines, blank lines, decimal commas.
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>

#include "base/csv.hpp"
#include "base/csv_cells.hpp"
#include "base/error.hpp"
#include "fixtures.hpp"

using namespace rehearse;
using Catch::Contains;
using csv::Dialect;
using csv::find_separator;
using Cells = std::vector<std::string>;

namespace {

class File {
 public:
  explicit File(const std::string& text) : path_(folder_.path() / "data.csv") {
    std::ofstream(path_, std::ios::binary) << text;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  test::TemporaryFolder folder_;
  std::filesystem::path path_;
};

std::vector<Cells> rows_of(const std::string& text, const Dialect& dialect = {}) {
  const File file(text);
  csv::Reader reader(file.path(), dialect);
  std::vector<Cells> rows = {reader.header()};
  for (csv::Row row; reader.next(row);) rows.push_back(row.cells);
  return rows;
}

csv::CellKind kind(const std::string& cell, char decimal = '.') {
  return csv::read_cell(cell, decimal).kind;
}

}  // namespace

TEST_CASE("the separator is the one that parts header and lines alike") {
  CHECK(find_separator("a,b\n1,2\n") == ',');
  CHECK(find_separator("a;b\n1,5;2,5\n") == ';');
  CHECK(find_separator("a\tb\tc\n1\t2\t3\n") == '\t');
  CHECK(find_separator("a|b\n1|2\n") == '|');
  CHECK(find_separator("x\n1\n") == ',');
  CHECK(find_separator("") == ',');
  CHECK(find_separator("\"a, b\";c\n1;2\n") == ';');
  CHECK(find_separator("a;b,c\n1,2\n3,4\n") == ',');
  CHECK(find_separator("\n\na;b\r\n1;2\r\n") == ';');
}

TEST_CASE("every separator gives the same cells") {
  const std::vector<Cells> expected = {{"a", "b"}, {"1", "x y"}};
  CHECK(rows_of("a,b\n1,x y\n") == expected);
  CHECK(rows_of("a;b\n1;x y\n") == expected);
  CHECK(rows_of("a\tb\n1\tx y\n") == expected);
  CHECK(rows_of("a|b\n1|x y\n") == expected);
  CHECK(rows_of("sep=;\na;b\n1;x y\n") == expected);
  CHECK(rows_of("\"sep=;\"\r\na;b\r\n1;x y\r\n") == expected);
  CHECK(rows_of("\xEF\xBB\xBFsep=|\na|b\n1|x y\n") == expected);
  CHECK(rows_of("a^b\n1^x y\n", {'^', '.', true}) == expected);
  CHECK(rows_of("sep=;\na,b\n1,x y\n", {',', '.', true}) == expected);
}

TEST_CASE("other readers of CSV take commas and nothing else") {
  CHECK(rows_of("a;b\n1;2\n", csv::kPlain) == std::vector<Cells>{{"a;b"}, {"1;2"}});
  CHECK(rows_of("a\n\n1\n", csv::kPlain) == std::vector<Cells>{{"a"}, {"1"}});
}

TEST_CASE("a blank line of a one-column file is a missing value that keeps its place") {
  CHECK(rows_of("x\n\n\n3\n\n") == std::vector<Cells>{{"x"}, {""}, {""}, {"3"}, {""}});
  CHECK(rows_of("x\r\n\r\n3\r\n") == std::vector<Cells>{{"x"}, {""}, {"3"}});
  CHECK(rows_of("x,y\n\n1,2\n\n") == std::vector<Cells>{{"x", "y"}, {"1", "2"}});
  const File file("x\n\n\n3\n");
  csv::Reader reader(file.path(), Dialect{});
  csv::Row row;
  for (const std::size_t line : {2, 3, 4}) {
    REQUIRE(reader.next(row));
    CHECK(row.line == line);
  }
  CHECK_FALSE(reader.next(row));
}

TEST_CASE("an error of a record says what parts the cells") {
  CHECK_THROWS_WITH(rows_of("a;b\n1;2\n3\n"), Contains("separated by semicolon"));
}

TEST_CASE("UTF-16 is named, not taken for a column") {
  CHECK_THROWS_WITH(rows_of(std::string("\xFF\xFE"
                                        "a\0\n\0",
                                        6)),
                    Contains("UTF-16"));
}

TEST_CASE("separators are named by words or a character") {
  CHECK(csv::to_separator("semicolon") == ';');
  CHECK(csv::to_separator("\\t") == '\t');
  CHECK(csv::to_separator("#") == '#');
  for (const char* no : {"", "ab", "\"", "a", "7", "\n"}) CHECK_FALSE(csv::to_separator(no));
  CHECK(csv::separator_name('\t') == "tab");
}

TEST_CASE("a cell is a number, missing or text") {
  for (const char* missing : {"", "  ", "NA", "N/A", "#N/A", "<NA>", "null", "NULL", "None", "nan",
                              "NaN", " NA ", "-nan"}) {
    CAPTURE(missing);
    CHECK(kind(missing) == csv::CellKind::missing);
  }
  CHECK(csv::read_cell(" +1.5e3 ").value == 1500);
  for (const char* text : {"-", "1,5", "1.2.3", "0x1f", "+-1", "1 2", "five"}) {
    CAPTURE(text);
    CHECK(kind(text) == csv::CellKind::text);
  }
}

TEST_CASE("infinite is a value, and so is what no double holds") {
  for (const char* infinite : {"inf", "+Inf", "Infinity", "+INFINITY", "1e999"}) {
    CAPTURE(infinite);
    CHECK(csv::read_cell(infinite).value == INFINITY);
    CHECK(kind(infinite) == csv::CellKind::number);
  }
  CHECK(csv::read_cell("-Inf").value == -INFINITY);
  CHECK(csv::read_cell("1e-999").value == 0);
}

TEST_CASE("decimal commas are read where they are asked for") {
  CHECK(csv::read_cell("1,5", ',').value == 1.5);
  CHECK(kind("1.5", ',') == csv::CellKind::text);
  CHECK(csv::has_other_decimal("-0,25", '.'));
  CHECK_FALSE(csv::has_other_decimal("0.25", '.'));
  CHECK_FALSE(csv::has_other_decimal("a,b", '.'));
  CHECK(csv::has_other_decimal("0.25", ','));
  CHECK_FALSE(csv::has_other_decimal("-0,25", ','));
  CHECK_FALSE(csv::has_other_decimal("12", ','));
}

TEST_CASE("labels lose outer spaces, and a number is one label however it is written") {
  CHECK(csv::label_of(" US ") == "US");
  CHECK(csv::label_of("1.0") == "1");
  CHECK(csv::label_of("+1.50") == "1.5");
  CHECK(csv::label_of("-0.0") == "0");
  CHECK(csv::label_of("007") == "007");
  CHECK(csv::label_of("1.2.3") == "1.2.3");
  CHECK(csv::label_of("9007199254740993.0") == "9007199254740993");
}

TEST_CASE("a column is meant by what differs from it in case, spaces, signs or a letter") {
  const std::vector<std::string> columns = {"http_5xx", "Latency p95", "cpu"};
  CHECK(csv::nearest_column("HTTP 5xx", columns) == "http_5xx");
  CHECK(csv::nearest_column("latency_P95", columns) == "Latency p95");
  CHECK(csv::nearest_column("cpus", columns) == "cpu");
  CHECK_FALSE(csv::nearest_column("memory", columns));
}

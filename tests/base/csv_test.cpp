#include "base/csv.hpp"

#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "base/error.hpp"
#include "fixtures.hpp"

using rehearse::InputError;
using rehearse::csv::Reader;
using rehearse::csv::Row;
using rehearse::test::TemporaryFolder;
using Cells = std::vector<std::string>;

namespace {

class File {
 public:
  explicit File(const std::string& text) : path_(folder_.path() / "data.csv") {
    std::ofstream(path_, std::ios::binary) << text;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  TemporaryFolder folder_;
  std::filesystem::path path_;
};

std::vector<Row> rows_of(const std::string& text) {
  const File file(text);
  Reader reader(file.path());
  std::vector<Row> rows;
  for (Row row; reader.next(row);) rows.push_back(row);
  return rows;
}

InputError error_of(const std::string& text) {
  try {
    rows_of(text);
  } catch (const InputError& error) {
    return error;
  }
  FAIL("no error for: " << text);
  return InputError("");
}

}  // namespace

TEST_CASE("records come in order with the line they start on") {
  const auto rows = rows_of("a,b\n1,2\n\n\"x\ny\",\"say \"\"hi\"\"\"\n3,4\n");
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].cells == Cells{"1", "2"});
  CHECK(rows[0].line == 2);
  CHECK(rows[1].cells == Cells{"x\ny", "say \"hi\""});
  CHECK(rows[1].line == 4);
  CHECK(rows[2].cells == Cells{"3", "4"});
  CHECK(rows[2].line == 6);
}

TEST_CASE("CRLF, CR and a missing last line end read the same") {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const auto rows = rows_of("a,b" + end + "1,2" + end + end + "\"p" + end + "q\",4");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].line == 2);
    CHECK(rows[1].cells == Cells{"p" + end + "q", "4"});
    CHECK(rows[1].line == 4);
  }
}

TEST_CASE("a byte order mark is no part of the first column's name") {
  const File file("\xEF\xBB\xBFname,state\nx,y\n");
  CHECK(Reader(file.path()).column("name") == 0);
}

TEST_CASE("spaces and empty cells are kept") {
  const auto rows = rows_of("a,b,c\n x , ,\n,\"\",z\n");
  CHECK(rows.at(0).cells == Cells{" x ", " ", ""});
  CHECK(rows.at(1).cells == Cells{"", "", "z"});
}

TEST_CASE("a row longer or shorter than the header is an error at its line") {
  const InputError longer = error_of("a,b\n1,2\n1,2,3\n");
  CHECK(longer.where().line == 3);
  CHECK(longer.message() == "found 3 cells; the header has 2");
  CHECK(error_of("a,b\n1\n").message() == "found 1 cells; the header has 2");
}

TEST_CASE("a quote that never closes is an error where its record starts") {
  const InputError error = error_of("a,b\n1,2\n3,\"open\n4,5\n");
  CHECK(error.where().line == 3);
  CHECK(error.message() == "the quote that opens cell 2 (\"b\") of this record never closes");
}

TEST_CASE("a quote inside a cell is an error at its line and column") {
  const InputError inside = error_of("a,b\n1,2\nä,x\"y\n");
  CHECK(inside.where().line == 3);
  CHECK(inside.where().column == 4);
  const InputError after = error_of("a,b\n\"1\" ,2\n");
  CHECK(after.where().line == 2);
  CHECK(after.where().column == 4);
}

TEST_CASE("a quote left open does not swallow a large file") {
  std::string text = "a,b\n1,\"open\n";
  while (text.size() < (20U << 20U)) text += "1,2,some more text to fill the file\n";
  const InputError error = error_of(text);
  CHECK(error.where().line == 2);
  CHECK(error.message().find("longer than 16 MiB") != std::string::npos);
}

TEST_CASE("a column named twice, an empty file, a folder and a missing file are errors") {
  CHECK(error_of("a,b,a\n").message() == "the column \"a\" is named twice");
  CHECK(error_of("").message().find("is empty") == 0);
  CHECK(error_of("\n\n").message().find("is empty") == 0);
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(Reader(folder.path()), Catch::Contains("it is a folder"));
  CHECK_THROWS_WITH(Reader(folder.path() / "none.csv"), Catch::Contains("No such file"));
}

TEST_CASE("text that is not UTF-8 is an error that can be printed") {
  CHECK(error_of("a\n\xff\n").message() == "cell 1 is not UTF-8: \"\\xff\"");
}

TEST_CASE("an unknown column is answered with the nearest and all names") {
  const File file("name,creation_time,pod_phase\n");
  const Reader reader(file.path());
  CHECK(reader.column("pod_phase") == 2);
  CHECK_THROWS_WITH(
      reader.column("creation_tme"),
      Catch::EndsWith("has no column \"creation_tme\"; did you mean \"creation_time\"?"
                      "; columns: name, creation_time, pod_phase"));
}

TEST_CASE("records that cross buffers are whole, at every alignment") {
  for (std::size_t padding = 0; padding < 12; ++padding) {
    std::string text = "a,b\r\n" + std::string(65'520 + padding, 'x') + ",\"1\r\n2\"\r\nlast,3\r\n";
    const auto rows = rows_of(text);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].cells[0].size() == 65'520 + padding);
    CHECK(rows[0].cells[1] == "1\r\n2");
    CHECK(rows[1].cells == Cells{"last", "3"});
    CHECK(rows[1].line == 4);
  }
}

TEST_CASE("a large file is read in the memory of one record") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "large.csv";
  {
    std::ofstream out(path, std::ios::binary);
    out << "id,text\n";
    for (int i = 0; i < 400'000; ++i)
      out << i << ",\"some text, quoted, to make the file large\"\n";
  }
  rusage before{}, after{};
  Reader reader(path);
  Row row;
  REQUIRE(reader.next(row));
  getrusage(RUSAGE_SELF, &before);
  std::size_t rows = 1;
  while (reader.next(row)) ++rows;
  getrusage(RUSAGE_SELF, &after);
  CHECK(rows == 400'000);
  CHECK(after.ru_maxrss - before.ru_maxrss < 1024);  // KiB; the file has 20 MB
}

// Tables of numbers in each form that people have them in.
#include "base/data_table.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>

#include "base/data_grid.hpp"
#include "base/data_grouped.hpp"
#include "base/error.hpp"
#include "fixtures.hpp"

using namespace rehearse;
using namespace rehearse::data;
using Catch::Contains;
using Values = std::vector<double>;

namespace {

Table read(const std::string& text, const Request& request = {}) {
  static const test::TemporaryFolder folder;
  const auto path = folder.path() / "data";
  std::ofstream(path, std::ios::binary) << text;
  return read_table(path, request);
}

/// Equal, with a missing value equal to a missing one.
bool same(const Values& a, const Values& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
           return x == y || (std::isnan(x) && std::isnan(y));
         });
}

std::string range(const std::string& result) {
  return R"({"status":"success","data":{"resultType":"matrix","result":[)" + result + "]}}";
}

}  // namespace

TEST_CASE("wide CSV gives the columns asked for and the names of all") {
  Request request;
  request.names = {"a", "c"};
  const Table table = read("t;a;b\n1;2;x\n2;;y\n3;+Inf;z\n", request);
  CHECK(table.names == std::vector<std::string>{"t", "a", "b"});
  REQUIRE(table.columns.size() == 1);
  CHECK(same(table.columns[0].values, {2, NAN, INFINITY}));
  CHECK(table.form == "CSV separated by semicolon");
  CHECK_THROWS_WITH(read("a\n1\ntwo\n"), Contains(":3:1") && Contains("\"two\""));
}

TEST_CASE("grouped CSV is put on one grid of times") {
  const Table table = read(
      "time,metric,tags,value\n60,errors,pod=a,1\n0,errors,pod=a,0\n180,errors,pod=a,3\n"
      "60,cpu,,50\n");
  REQUIRE(table.columns.size() == 2);
  CHECK(full_name(table.columns[0].name, table.columns[0].tags) == "errors{pod=\"a\"}");
  CHECK(same(table.columns[0].values, {0, 1, NAN, 3}));  // nobody has a point at 120
  CHECK(same(table.columns[1].values, {NAN, 50, NAN, NAN}));
}

TEST_CASE("a metric keeps to its own step, and a wavering clock loses no point") {
  // Every 15 s, every 60 s, and every 60 s or so by two machines half a minute apart.
  const Table table = read(
      "time,metric,tags,value\n0,fast,,0\n15,fast,,1\n30,fast,,2\n60,fast,,4\n120,fast,,8\n"
      "0,slow,,0\n60,slow,,1\n120,slow,,2\n"
      "0.2,errors,pod=a,1\n60.4,errors,pod=a,2\n119.9,errors,pod=a,3\n180.1,errors,pod=a,4\n"
      "31,errors,pod=b,5\n90.7,errors,pod=b,6\n151.2,errors,pod=b,7\n");
  REQUIRE(table.columns.size() == 4);
  const Values fast = {0, 1, 2, NAN, 4, NAN, NAN, NAN, 8, NAN, NAN, NAN, NAN};
  CHECK(same(table.columns[0].values, fast));
  CHECK(same(table.columns[1].values, {0, 1, 2, NAN}));
  CHECK(same(table.columns[2].values, {1, 2, 3, 4}));
  CHECK(same(table.columns[3].values, {5, 6, 7}));
  const Table lost =
      read("time,metric,value\n0.3,a,1\n59.8,a,2\n120.1,a,3\n299.6,a,6\n360.2,a,7\n420,a,8\n");
  CHECK(same(lost.columns[0].values, {1, 2, 3, NAN, NAN, 6, 7, 8}));
}

TEST_CASE("points without a step are rows where a series has most of them") {
  const Table shared =
      read("time,metric,value\n0,a,1\n17,a,2\n60,a,3\n83,a,4\n0,b,5\n17,b,6\n83,b,8\n");
  CHECK(same(shared.columns[0].values, {1, 2, 3, 4}));
  CHECK(same(shared.columns[1].values, {5, 6, NAN, 8}));
  const Table apart =
      read("time,metric,value\n0,a,1\n17,a,2\n60,a,3\n83,a,4\n7,b,5\n29,b,6\n61,b,7\n120,b,8\n");
  CHECK(same(apart.columns[0].values, {1, 2, 3, 4}));
  CHECK(same(apart.columns[1].values, {5, 6, 7, 8}));
}

TEST_CASE("a grid that would be mostly empty is not made") {
  const Table table = read("time,metric,value\n0,a,1\n1,a,2\n86400,a,3\n86401,b,4\n");
  CHECK(same(table.columns[0].values, {1, 2, 3, NAN}));
  CHECK(same(table.columns[1].values, {NAN, NAN, NAN, 4}));
}

TEST_CASE("series that would be mostly missing values without end are refused") {
  std::string text = "time,metric,value\n";
  for (int i = 0; i < 7200; ++i) {
    text += fmt::format("{0},all,1\n{0},m{0},1\n", i);
  }
  CHECK_THROWS_WITH(read(text), Contains("7201 series") && Contains("fewer"));
}

TEST_CASE("a second point of a series at one time is refused") {
  CHECK_THROWS_WITH(read("time,metric,value\n0,a,1\n0,a,2\n"),
                    Contains(":3:1") && Contains("second"));
  CHECK_THROWS_WITH(read("time,metric,value\nsoon,a,1\n"), Contains("a time is due"));
  CHECK_THROWS_WITH(read("time,metric,value\n0,a,many\n"), Contains(":2:3"));
}

TEST_CASE("a header of other names is wide, unless the user says otherwise") {
  const std::string text = "time,metric,pod,value\n0,a,x,1\n0,a,y,2\n";
  CHECK_THROWS_AS(read(text), InputError);  // "a" is no number
  const Table table = read(text, {{}, true, {}});
  REQUIRE(table.columns.size() == 2);
  CHECK(table.columns[1].tags == Tags{{"pod", "y"}});
  CHECK(is_grouped({"Timestamp", "name", "Labels", "VALUE"}));
  CHECK_FALSE(is_grouped({"time", "value"}));
}

TEST_CASE("tags are read as people write them") {
  const Tags expected = {{"job", "api, v2"}, {"pod", "a"}};
  CHECK(read_tags("{job=\"api, v2\",pod=\"a\"}") == expected);
  CHECK(read_tags("pod=a;job=\"api, v2\"") == expected);
  CHECK(read_tags("pod:a") == Tags{{"pod", "a"}});
  CHECK(read_tags("plain") == Tags{{"plain", ""}});
  CHECK(read_tags("").empty());
}

TEST_CASE("a range of Prometheus gives its series, infinities and gaps") {
  const Table table = read(
      range(R"({"metric":{"__name__":"up","pod":"a"},"values":[[0,"1"],[30,"+Inf"],[90,"NaN"]]},)"
            R"({"metric":{},"values":[[0.5,"2"]]})"));
  REQUIRE(table.columns.size() == 2);
  CHECK(table.names == std::vector<std::string>{"up", ""});
  CHECK(same(table.columns[0].values, {1, INFINITY, NAN, NAN}));  // no point at 60, none at 90
  CHECK(same(table.columns[1].values, {2, NAN, NAN}));
}

TEST_CASE("an answer that is an error or no range is refused") {
  CHECK_THROWS_WITH(read(R"({"status":"error","error":"timed out"})"), Contains("timed out"));
  CHECK_THROWS_WITH(read(R"({"status":"success","data":{"resultType":"vector","result":[]}})"),
                    Contains("query_range"));
  CHECK_THROWS_WITH(read(range(R"({"metric":{},"values":[[0,"many"]]})")),
                    Contains("/data/result/0/values/0/1"));
  CHECK_THROWS_WITH(read(range(R"({"metric":{},"values":[[0,"1"],[0,"2"]]})")), Contains("second"));
  CHECK_THROWS_WITH(read(R"({"status":"success","status":"success"})"), Contains("twice"));
  CHECK_THROWS_WITH(read("{\"x\": 1}"), Contains("neither"));
  CHECK_THROWS_WITH(read("[{\"name\":\"a\",\"values\":{\"control\":[]}}]"), Contains("--data"));
}

TEST_CASE("times are read as people write them") {
  const auto at = [](const char* text) {
    Instant instant = -1;
    REQUIRE(read_instant(text, instant));
    return instant;
  };
  CHECK(at("1714564800") == 1'714'564'800'000);
  CHECK(at("1714564800.25") == 1'714'564'800'250);
  CHECK(at("1714564800000") == 1'714'564'800'000);
  CHECK(at("2024-05-01 12:00:00") == 1'714'564'800'000);
  CHECK(at("2024-05-01T14:00:00.500+02:00") == 1'714'564'800'500);
  CHECK(at("2024-05-01T12:00Z") == 1'714'564'800'000);
  CHECK(at("12:01") == 43'260'000);
  Instant instant = 0;
  for (const char* no : {"", "soon", "2024-13-01", "2024-05-01 25:00", "12:61", "1e300", "inf"}) {
    CAPTURE(no);
    CHECK_FALSE(read_instant(no, instant));
  }
}

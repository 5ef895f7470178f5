// What is written about a run: summary.json, timeseries.csv, junit.xml, perf.json and the text.
#include "results.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/os/perf.hpp"
#include "base/text/clock_text.hpp"
#include "base/text/xml.hpp"
#include "reports/junit.hpp"
#include "reports/text_summary.hpp"

using namespace rehearse;
using namespace rehearse::measure;
using namespace rehearse::os;
using namespace rehearse::reports;
using rehearse::test::made_up_result;

namespace {

std::vector<std::string> lines(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> list;
  for (std::string line; std::getline(in, line);) list.push_back(line);
  return list;
}

}  // namespace

TEST_CASE("summary.json has its keys in the agreed order and every metric as a number") {
  const std::string text = summary_json(made_up_result());
  const auto json = nlohmann::ordered_json::parse(text);
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"scenario", "seed", "version", "metrics", "expectations",
                                         "divergences", "digest"});
  CHECK(json["scenario"] == "registry-outage");
  CHECK(json["seed"] == 7);
  CHECK(json["digest"] == "00000000decafbad");
  CHECK(json["metrics"].size() == made_up_result().metrics.size());
  CHECK(json["metrics"]["entity.age.max"] == 7205.5);
  for (const auto& [name, value] : json["metrics"].items()) CHECK(value.is_number());
  CHECK(json["expectations"][0]["passed"] == true);
  CHECK(json["expectations"][1]["metric"] == "entity.age.max");
  CHECK(json["expectations"][1]["bound"]["at_most"] == 300);
  CHECK(json["expectations"][1]["value"] == 7205.5);
  CHECK(json["expectations"][1]["passed"] == false);
  CHECK(json["divergences"][0]["entity"] == "aip://dataset/datasets/d \"1\"");
  CHECK(json["divergences"][0]["since"] == 34000);
  CHECK(json["divergences"][1]["edge"]["relation"] == "trainedOnDataset");
  CHECK(json["divergences"][1]["graph"] == "absent");
}

TEST_CASE("a run without expectations and divergences has empty lists") {
  RunResult result = made_up_result();
  result.expectations.clear();
  result.audit = {};
  const auto json = nlohmann::json::parse(summary_json(result));
  CHECK(json["expectations"].empty());
  CHECK(json["expectations"].is_array());
  CHECK(json["divergences"].is_array());
}

TEST_CASE("text of any bytes becomes valid XML") {
  CHECK(xml_text("<a & \"b\">\x01") == "&lt;a &amp; &quot;b&quot;&gt;?");
}

TEST_CASE("timeseries.csv has a header, a row per bucket and as many cells in each") {
  const auto rows = lines(timeseries_csv(made_up_result().series));
  REQUIRE(rows.size() == 201);
  CHECK(rows[0].starts_with("begin_s,end_s,freshness,age_mean_s,age_max_s,stale_entities,"));
  for (const std::string& row : rows) CHECK(std::count(row.begin(), row.end(), ',') == 11);
  CHECK(rows[1].starts_with("0,198,"));
}

TEST_CASE("timeseries.csv has the columns of models after the others") {
  reports::RunResult result = made_up_result();
  std::vector<double> lost(result.series.size());
  lost[1] = 0.25;
  result.more_series = {{"model.rec.engagement", lost}, {"model.search.engagement", lost}};
  const auto rows = lines(timeseries_csv(result.series, result.more_series));
  REQUIRE(rows.size() == 201);
  CHECK(
      rows[0].ends_with(",hydration_requests_per_s,model.rec.engagement,model.search.engagement"));
  CHECK(rows[1].ends_with(",0,0"));
  CHECK(rows[2].ends_with(",0.25,0.25"));
  for (const std::string& row : rows) CHECK(std::count(row.begin(), row.end(), ',') == 13);
}

TEST_CASE("junit.xml has a case per expectation and says how one failed") {
  const std::string xml = junit_xml(made_up_result());
  CHECK_THAT(xml,
             Catch::Contains("<testsuite name=\"registry-outage\" tests=\"2\" failures=\"1\""));
  CHECK_THAT(xml, Catch::Contains("name=\"entity.freshness.mean at least 0.9\"/>"));
  CHECK_THAT(xml, Catch::Contains("entity.age.max is 7205.5, expected at most 300"));
}

TEST_CASE("the text shows the expectations first and stays within 80 columns") {
  const std::string text = text_summary(made_up_result(), {});
  const auto rows = lines(text);
  for (const std::string& row : rows) {
    INFO(row);
    CHECK(row.size() <= 80);
    CHECK((row.empty() || row.back() != ' '));
  }
  CHECK(text.find('\x1b') == std::string::npos);
  const std::size_t pass = text.find("pass  entity.freshness.mean at least 0.9");
  const std::size_t fail = text.find("FAIL  entity.age.max at most 300 s");
  REQUIRE(pass != std::string::npos);
  REQUIRE(fail != std::string::npos);
  CHECK(fail < text.find("Graph against truth"));
  CHECK_THAT(text, Catch::Contains("93.75% fresh"));
  CHECK_THAT(text, Catch::Contains("Not converged: 1 entity, 1 derived edge\n"));
  CHECK_THAT(text, Catch::Contains("version 7 in truth, version 6 in the graph, since 09:26:40"));
  CHECK_THAT(text, Catch::Contains("lost event: event 88121 for version 7 was dropped"));
}

TEST_CASE("the text is coloured only when asked for, and lists only so many divergences") {
  RunResult result = made_up_result();
  CHECK_THAT(text_summary(result, {true, 10}), Catch::Contains("\x1b[32mpass\x1b[0m"));
  result.audit.entities.resize(25, result.audit.entities[0]);
  CHECK_THAT(text_summary(result, {false, 10}), Catch::Contains("and 15 more in summary.json"));
  result.audit = {};
  CHECK_THAT(text_summary(result, {}), Catch::Contains("converged: it equals the truth"));
}

TEST_CASE("perf.json tells what the run cost") {
  const PerfMeter meter;
  volatile double work = 0;
  for (int i = 0; i < 1'000'000; ++i) work = work + i;
  const Perf perf = meter.read(1000);
  const auto json = nlohmann::json::parse(perf_json(perf));
  CHECK(json["wall_seconds"] > 0);
  CHECK(json["cpu_seconds"] >= 0);
  CHECK(json["events"] == 1000);
  CHECK(json["events_per_second"] > 0);
  CHECK(json["peak_rss_mib"] > 1);
}

TEST_CASE("times and durations read well") {
  CHECK(clock_text({0}) == "00:00:00");
  CHECK(clock_text(test::at(4223)) == "01:10:23");
  CHECK(clock_text(test::at(2 * 86400 + 60)) == "2d 00:01:00");
  CHECK(clock_text({1'500'000'000}) == "00:00:01.5");
  CHECK(duration_text(0) == "0 s");
  CHECK(duration_text(0.0123) == "12.3 ms");
  CHECK(duration_text(90) == "90 s");
  CHECK(duration_text(300) == "5 min");
  CHECK(duration_text(7205.5) == "2 h");
  CHECK(duration_text(149 * 86400.0) == "149 d");
}

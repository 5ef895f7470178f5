// The lifecycles of models as spans, as a picture and as a table.
#include "reports/lifecycle_plot.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "drawn.hpp"
#include "lifecycle_results.hpp"
#include "reports/lifecycle_csv.hpp"
#include "reports/lifecycle_timeline.hpp"

namespace rehearse::test {
namespace {

using namespace reports;
using lifecycle::What;

double day(Time time) { return time.to_seconds() / 86400; }

constexpr const char* kRoles[] = {"training", "canary", "production"};

/// "production 1: 0 to 22", in days.
std::vector<std::string> words(const ModelTimeline& model) {
  std::vector<std::string> words;
  for (const VersionSpan& span : model.spans) {
    words.push_back(fmt::format("{} {}: {:g} to {:g}", kRoles[static_cast<int>(span.role)],
                                span.version, day(span.from), day(span.until)));
  }
  return words;
}

}  // namespace

TEST_CASE("a model's records make spans of training, canary and production") {
  const RunResult result = made_up_lifecycle(1);
  const auto models = lifecycle_timelines(result.lineage, result.window.until, 12);
  REQUIRE(models.size() == 1);
  CHECK(models[0].model == "rec");
  CHECK(models[0].events == result.lineage.size());
  CHECK(words(models[0]) ==
        std::vector<std::string>{
            "training 2: 21 to 21.16", "canary 2: 21.16 to 22", "production 1: 0 to 22",
            "training 3: 27 to 28.2", "training 4: 33 to 33.16", "canary 4: 33.16 to 34.5",
            "training 5: 40 to 40.16", "canary 5: 40.16 to 41.4", "production 2: 22 to 41.4",
            "production 5: 41.4 to 48", "training 6: 49 to 49.16", "canary 6: 49.16 to 60",
            "production 2: 48 to 60"});
}

TEST_CASE("alerts, verdicts and rollbacks are marks on the lanes of what they are about") {
  const RunResult result = made_up_lifecycle(1);
  const auto models = lifecycle_timelines(result.lineage, result.window.until, 12);
  static constexpr const char* kKinds[] = {"alert", "held back", "passed", "marginal", "failed"};
  std::vector<std::string> marks;
  for (const LifecycleMark& mark : models[0].marks) {
    marks.push_back(fmt::format("{} {}: {:g}", kRoles[static_cast<int>(mark.lane)],
                                kKinds[static_cast<int>(mark.kind)], day(mark.at)));
  }
  CHECK(marks == std::vector<std::string>{
                     "production held back: 20.9", "production alert: 21", "canary passed: 22",
                     "training failed: 28.2", "canary failed: 34.5", "production alert: 40",
                     "canary marginal: 41.2", "production alert: 48", "production failed: 48",
                     "production held back: 59", "production held back: 59"});
}

TEST_CASE("a training that fails in every attempt ends with a mark") {
  Scribe scribe;
  scribe.write(0, "rec", 1, What::start);
  scribe.write(1, "rec", 2, What::run, "waits for a slot");
  scribe.write(3, "rec", 2, What::run, "failed");
  const auto models = lifecycle_timelines(scribe.take(), Time{} + Duration::days(4), 12);
  CHECK(words(models.at(0)) ==
        std::vector<std::string>{"training 2: 1 to 3", "production 1: 0 to 4"});
  REQUIRE(models[0].marks.size() == 1);
  CHECK(models[0].marks[0].lane == VersionRole::training);
}

TEST_CASE("of many models those with most events are drawn, in their order") {
  const RunResult result = made_up_lifecycle(14);
  CHECK(models_in(result.lineage) == 14);
  const auto models = lifecycle_timelines(result.lineage, result.window.until, kMostModels);
  REQUIRE(models.size() == 12);
  CHECK(models[0].model == "rec");
  CHECK(models[10].model == "search-10");
  CHECK(models[11].model == "search-13");  // it has two events more
}

TEST_CASE("the picture of a lifecycle is the same bytes each time and says what it shows") {
  for (const int models : {1, 2, 5, 14}) {
    const RunResult result = made_up_lifecycle(models);
    const std::string svg = lifecycle_svg(result);
    keep("lifecycle-" + std::to_string(models) + ".svg", svg);
    CHECK(svg == lifecycle_svg(result));
    for (const char* text :
         {"models-that-drift: what became of each version", "time (days)", "in production",
          "canary", "in training", "alert", "held back", "marginal", "failed or rolled back",
          "its bound", "warm-up", ">rec<", "2.31% of engagement lost; 0 trainings"}) {
      INFO(text);
      CHECK(svg.find(text) != std::string::npos);
    }
    CHECK((svg.find("the 12 of 14 models with most events") != std::string::npos) ==
          (models == 14));
    CHECK(svg.find("search-12") == std::string::npos);
    CHECK(svg.find("/tmp") == std::string::npos);
  }
}

TEST_CASE("engagement and its bound are drawn at the height of their values") {
  RunResult result = made_up_lifecycle(1);
  const auto fill = [&](std::size_t column, double first_half, double second_half) {
    std::vector<double>& values = result.more_series[column].values;
    std::fill(values.begin(), values.begin() + 100, first_half);
    std::fill(values.begin() + 100, values.end(), second_half);
  };
  fill(0, 0.3, 0.2);
  fill(1, 0.4, 0.35);
  const std::string svg = lifecycle_svg(result);
  // The panel as reports/lifecycle_plot.cpp places it for one model; it reaches a twelfth of what
  // is drawn over both ends.
  const double top = 108 + 20 + 4 * 26 + 6, bottom = top + 200, left = 96, right = 960 - 24;
  const auto height = [&](double value) {
    return bottom - (bottom - top) * (value - 0.2 + 0.2 / 12) / (0.2 * 14 / 12);
  };
  const auto check = [&](const std::string& colour, double first_half, double second_half) {
    const std::vector<Points> lines = lines_of(svg, colour);
    for (const auto& [part, value] :
         {std::pair{0.251, first_half}, std::pair{0.751, second_half}}) {
      const auto drawn = height_at(lines, left + part * (right - left), top);
      INFO(colour << " at " << part);
      REQUIRE(drawn);
      CHECK(*drawn == Approx(height(value)).margin(0.1));
    }
  };
  check("rgb(  0, 114, 178)", 0.3, 0.2);
  check("rgb(154, 162, 169)", 0.4, 0.35);
}

TEST_CASE("a lifecycle of a few seconds, or one in which nothing was served, can be drawn") {
  RunResult result = made_up_lifecycle(2);
  for (measure::SeriesColumn& column : result.more_series) {
    std::fill(column.values.begin(), column.values.end(), 0);
  }
  CHECK_NOTHROW(lifecycle_svg(result));
  result.window = {Time{}, at(5), at(8)};
  CHECK(lifecycle_svg(result).find("time (seconds)") != std::string::npos);
}

TEST_CASE("lifecycle.csv has a line for each record, and following causes gives the lineage") {
  Scribe scribe;
  scribe.write(0, "rec", 1, What::start, "trained before the start");
  scribe.write(0.5, "rec", 1, What::alert, "psi: retrain");
  scribe.write(0.5, "rec", 0, What::signal, "drift_detected");
  scribe.write(1.25, "rec", 2, What::step, "canary-launched", "candidate", "canary-deploy");
  scribe.write(2, "", 0, What::fault, "\"cluster\", for an hour");
  CHECK(lifecycle_csv(scribe.take()) ==
        "at_s,id,cause,model,version,what,from,to,detail\n"
        "0,1,,rec,1,start,,,trained before the start\n"
        "43200,2,,rec,1,alert,,,psi: retrain\n"
        "43200,3,2,rec,,signal,,,drift_detected\n"
        "108000,4,3,rec,2,step,candidate,canary-deploy,canary-launched\n"
        "172800,5,,,,fault,,,\"\"\"cluster\"\", for an hour\"\n");
}

}  // namespace rehearse::test

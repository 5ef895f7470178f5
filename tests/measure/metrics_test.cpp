#include "measure/metrics.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "fixtures.hpp"

using namespace rehearse;
using namespace rehearse::measure;

TEST_CASE("docs/metrics.md shows exactly the catalogue of metrics") {
  std::ifstream file(test::source_path("docs/metrics.md"));
  std::ostringstream text;
  text << file.rdbuf();
  const std::string begin = "<!-- catalogue: written by the program, checked by a test -->\n";
  const std::size_t from = text.str().find(begin);
  REQUIRE(from != std::string::npos);
  // To renew the page, replace all below that line by what this test prints.
  CHECK(text.str().substr(from + begin.size()) == metrics_markdown());
}

TEST_CASE("no metric stands in the catalogue twice") {
  std::set<std::string> names;
  for (const MetricInfo& info : metric_catalogue()) CHECK(names.insert(info.name).second);
}

TEST_CASE("metrics per source are known for the sources of the scenario only") {
  const Subjects sources{{"datasets", "model-registry"}};
  REQUIRE(find_metric("source.model-registry.api.wait.mean", sources) != nullptr);
  CHECK(find_metric("source.model-registry.api.wait.mean", sources)->unit == Unit::seconds);
  CHECK(find_metric("source.identity.requests", sources) == nullptr);
  CHECK(find_metric("source.<name>.requests", sources) == nullptr);
  CHECK(find_metric("source.datasets.nonsense", sources) == nullptr);
  CHECK(find_metric("entity.age.p99", {})->unit == Unit::seconds);
}

TEST_CASE("metrics per model are known for the models of the scenario only") {
  std::vector<MetricInfo> catalogue = metric_catalogue();
  catalogue.push_back({"model.<name>.engagement.lost", Unit::share, "a share of clicks"});
  const Subjects subjects{{"datasets"}, {"rec", "rec.v2"}};
  for (const char* name : {"model.rec.engagement.lost", "model.rec.v2.engagement.lost"}) {
    INFO(name);
    REQUIRE(find_metric(name, subjects, catalogue) != nullptr);
    CHECK(find_metric(name, subjects, catalogue)->unit == Unit::share);
  }
  for (const char* name : {"model.search.engagement.lost", "model.datasets.engagement.lost",
                           "model.<name>.engagement.lost", "source.rec.requests", "model.rec"}) {
    INFO(name);
    CHECK(find_metric(name, subjects, catalogue) == nullptr);
  }
  const std::vector<std::string> names = metric_names(subjects, catalogue);
  const auto has = [&](const char* name) { return std::ranges::binary_search(names, name); };
  CHECK(has("model.rec.engagement.lost"));
  CHECK(has("model.rec.v2.engagement.lost"));
  CHECK(has("source.datasets.requests"));
  CHECK_FALSE(has("source.rec.requests"));
  CHECK(names.size() == metric_names({{"datasets"}}).size() + 2);
}

TEST_CASE("metrics per occasion are known for the occasions that models declare") {
  const Subjects subjects{{}, {}, {"rollback", "canary"}};
  CHECK(find_metric("answers.rollback.wrong", subjects) != nullptr);
  CHECK(find_metric("answers.canary.misleading", subjects) != nullptr);
  CHECK(find_metric("answers.wrong", subjects) != nullptr);
  for (const char* name : {"answers.drift.wrong", "answers.<occasion>.wrong",
                           "answers.rollback.cached", "source.rollback.requests"}) {
    INFO(name);
    CHECK(find_metric(name, subjects) == nullptr);
  }
}

TEST_CASE("metrics of a section are there with it alone, and whoever lacks it is told") {
  const std::vector<MetricInfo> catalogue = {
      {"engagement.mean", Unit::share, "clicks per request", "lifecycle"},
      {"model.<name>.engagement.mean", Unit::share, "the same of a model", "lifecycle"},
      {"engagement.cost", Unit::count, "of all runs"}};
  const Subjects with{{}, {"rec"}, {}, {"lifecycle"}};
  const Subjects without{{}, {"rec"}};
  CHECK(find_metric("engagement.mean", with, catalogue) != nullptr);
  CHECK(find_metric("model.rec.engagement.mean", with, catalogue) != nullptr);
  CHECK(find_metric("engagement.mean", without, catalogue) == nullptr);
  CHECK(find_metric("engagement.cost", without, catalogue) != nullptr);
  CHECK(metric_names(without, catalogue) == std::vector<std::string>{"engagement.cost"});
  CHECK(metric_names(with, catalogue).size() == 3);
  CHECK_THROWS_WITH(known_metric("engagement.mean", without, {}, catalogue),
                    Catch::Contains("there is no metric \"engagement.mean\" without a section "
                                    "\"lifecycle\""));
  CHECK_THROWS_WITH(known_metric("engagement.coast", without, {}, catalogue),
                    Catch::Contains("did you mean \"engagement.cost\"?"));
  CHECK_THAT(metrics_markdown(catalogue),
             Catch::StartsWith("\n### engagement, with a section `lifecycle`\n\n| metric"));
  CHECK_THAT(metrics_markdown(catalogue), Catch::Contains("\n### engagement\n\n| metric"));
}

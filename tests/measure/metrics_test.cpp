#include "measure/metrics.hpp"

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
  const std::vector<std::string> sources = {"datasets", "model-registry"};
  REQUIRE(find_metric("source.model-registry.api.wait.mean", sources) != nullptr);
  CHECK(find_metric("source.model-registry.api.wait.mean", sources)->unit == Unit::seconds);
  CHECK(find_metric("source.identity.requests", sources) == nullptr);
  CHECK(find_metric("source.<name>.requests", sources) == nullptr);
  CHECK(find_metric("source.datasets.nonsense", sources) == nullptr);
  CHECK(find_metric("entity.age.p99", {})->unit == Unit::seconds);
}

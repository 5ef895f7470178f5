#include "experiments/scenario/scenario_file.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "fixtures.hpp"

using namespace rehearse;
using experiments::parse_override;
using experiments::read_scenario;

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

}  // namespace

TEST_CASE("a scenario extends another by a merge patch, over several files and folders") {
  const test::TemporaryFolder folder;
  write(folder.path() / "base/root.json",
        R"({"name": "root", "seed": 1, "bus": {"drop": 0.1, "delay": "x.csv"}, "faults": [1, 2]})");
  write(folder.path() / "middle.json",
        R"({"extends": "base/root.json", "name": "middle", "bus": {"drop": 0.2}})");
  write(folder.path() / "sub/leaf.json",
        R"({"extends": "../middle.json", "name": "leaf", "faults": null, "warmup": null})");
  const config::Node leaf = read_scenario(folder.path() / "sub/leaf.json");
  CHECK(leaf.find("extends") == nullptr);
  CHECK(leaf.find("name")->text == "leaf");
  CHECK(leaf.find("seed")->integer == 1);
  CHECK(leaf.find("faults") == nullptr);
  CHECK(leaf.find("warmup") == nullptr);
  const config::Node& bus = *leaf.find("bus");
  CHECK(bus.find("drop")->number == 0.2);
  CHECK(bus.find("drop")->where.file == (folder.path() / "sub/../middle.json").string());
  CHECK(config::to_path(*bus.find("delay")) == folder.path() / "sub/../base/x.csv");
}

TEST_CASE("a scenario that extends itself is refused, however the file is named") {
  const test::TemporaryFolder folder;
  write(folder.path() / "a.json", R"({"extends": "sub/../b.json"})");
  write(folder.path() / "b.json", R"({"extends": "./a.json"})");
  write(folder.path() / "sub/c.json", R"({"extends": "c.json"})");
  CHECK_THROWS_WITH(read_scenario(folder.path() / "a.json"),
                    Catch::Contains("a scenario must not extend itself"));
  CHECK_THROWS_WITH(read_scenario(folder.path() / "sub/c.json"),
                    Catch::Contains("a scenario must not extend itself"));
}

TEST_CASE("errors name the file that holds them") {
  const test::TemporaryFolder folder;
  write(folder.path() / "child.json", R"({"extends": "parent.json"})");
  CHECK_THROWS_WITH(read_scenario(folder.path() / "child.json"),
                    (folder.path() / "child.json").string() +
                        ":1:13: /extends: found \"parent.json\", but " + "there is no file " +
                        (folder.path() / "parent.json").string());
  write(folder.path() / "parent.json", "{\n \"a\": 1,\n}");
  CHECK_THROWS_WITH(read_scenario(folder.path() / "child.json"),
                    Catch::Contains("parent.json:3:1"));
  write(folder.path() / "parent.json", "[]");
  CHECK_THROWS_WITH(read_scenario(folder.path() / "child.json"),
                    Catch::Contains("a scenario is an object"));
  write(folder.path() / "child.json", R"({"extends": ["parent.json"]})");
  CHECK_THROWS_WITH(read_scenario(folder.path() / "child.json"),
                    Catch::Contains("/extends: found an array of 1; a file name is allowed"));
}

TEST_CASE("overrides are put in last") {
  const test::TemporaryFolder folder;
  write(folder.path() / "root.json", R"({"seed": 1, "bus": {"drop": 0.1}})");
  write(folder.path() / "leaf.json", R"({"extends": "root.json", "bus": {"drop": 0.2}})");
  const config::Node leaf =
      read_scenario(folder.path() / "leaf.json",
                    {parse_override("/bus/drop=0.3"), parse_override("/bus/kind=kafka")});
  CHECK(leaf.find("bus")->find("drop")->number == 0.3);
  CHECK(leaf.find("bus")->find("kind")->text == "kafka");
  CHECK_THROWS_WITH(read_scenario(folder.path() / "leaf.json", {parse_override("/extends=x.json")}),
                    Catch::Contains("cannot be set"));
}

TEST_CASE("an override is a pointer, an equals sign and a value") {
  CHECK(parse_override("/a/b=c=d").pointer == "/a/b");
  CHECK(parse_override("/a/b=c=d").value == "c=d");
  CHECK(parse_override("/a=").value.empty());
  CHECK_THROWS_WITH(parse_override("/a/b"), Catch::Contains("POINTER=VALUE is allowed"));
}

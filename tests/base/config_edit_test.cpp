#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/config.hpp"

using namespace rehearse;
using config::Kind;
using config::Node;

namespace {

Node parsed(const std::string& text) { return config::parse(text, "s.json"); }

nlohmann::json plain(const Node& node) {
  switch (node.kind) {
    case Kind::null:
      return nullptr;
    case Kind::boolean:
      return node.boolean;
    case Kind::number:
      return node.number;
    case Kind::string:
      return node.text;
    case Kind::array: {
      nlohmann::json out = nlohmann::json::array();
      for (const Node& item : node.items) out.push_back(plain(item));
      return out;
    }
    case Kind::object: {
      nlohmann::json out = nlohmann::json::object();
      for (const auto& [key, value] : node.members) out[key] = plain(value);
      return out;
    }
  }
  return nullptr;
}

std::string set_error(const std::string& pointer, const std::string& value) {
  Node target = parsed(R"({"name": "x", "list": [{"at": "1s"}]})");
  try {
    config::set(target, pointer, value);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("merging does what the examples of RFC 7386 say") {
  // Appendix A of the RFC: original, patch, result.
  const std::vector<std::vector<std::string>> examples = {
      {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
      {R"({"a":"b"})", R"({"a":null})", R"({})"},
      {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
      {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
      {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
      {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
      {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
      {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
      {R"({"a":"foo"})", "null", "null"},
      {R"({"a":"foo"})", R"("bar")", R"("bar")"},
      {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
      {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
      {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"}};
  for (const auto& example : examples) {
    Node target = parsed(example[0]);
    config::merge(target, parsed(example[1]));
    CHECK(plain(target) == nlohmann::json::parse(example[2]));
  }
}

TEST_CASE("after a merge every value tells the file it came from") {
  Node target = config::parse(R"({"a": {"x": 1}, "b": 2})", "base.json");
  config::merge(target, config::parse("\n{\"a\": {\"y\": 3}, \"c\": {\"d\": 4}}", "child.json"));
  CHECK(target.find("a")->find("x")->where.file == "base.json");
  CHECK(target.find("a")->find("y")->where.file == "child.json");
  CHECK(target.find("c")->where.file == "child.json");
  CHECK(target.find("c")->where.pointer == "/c");
  CHECK(target.find("c")->find("d")->where.line == 2);
}

TEST_CASE("a value is set at its pointer, making objects on the way") {
  Node target = parsed(R"({"name": "x", "list": [{"at": "1s"}]})");
  config::set(target, "/mds/hydration/concurrency", "8");
  config::set(target, "/list/0/at", "5s");
  config::set(target, "/list/-", R"({"at": "9s"})");
  config::set(target, "/a~1b~0c", "true");
  config::set(target, "/name", "");
  config::set(target, "/text", "a: b");
  CHECK(
      plain(target) ==
      nlohmann::json::parse(
          R"({"name":"","list":[{"at":"5s"},{"at":"9s"}],"mds":{"hydration":{"concurrency":8}},"a/b~c":true,"text":"a: b"})"));
  const Node& made = *target.find("mds")->find("hydration");
  CHECK(made.where.file == "--set");
  CHECK(made.find("concurrency")->where.pointer == "/mds/hydration/concurrency");
  CHECK(target.find("list")->items[1].find("at")->where.pointer == "/list/-/at");
}

TEST_CASE("pointers that lead nowhere are refused") {
  CHECK(set_error("name", "1").find("--set: name: a JSON pointer starts with \"/\"") == 0);
  CHECK(set_error("", "1").find("a JSON pointer starts with") != std::string::npos);
  CHECK(set_error("/name/x", "1") == "--set: /name/x: \"x\" cannot be inside \"x\"");
  CHECK(set_error("/list/1", "1").find("an index that exists") != std::string::npos);
  CHECK(set_error("/list/00", "1").find("an index that exists") != std::string::npos);
  CHECK(set_error("/list/at", "1").find("an index that exists") != std::string::npos);
  CHECK(set_error("/a~2", "1").find("~ is written ~0") != std::string::npos);
  CHECK(set_error("/a\xFF", "1").find("not UTF-8") != std::string::npos);
}

TEST_CASE("a value that starts like JSON and is none is refused") {
  CHECK(set_error("/name", "{\"a\": }").find("not valid JSON") != std::string::npos);
  CHECK(set_error("/name", "[1,").find("not valid JSON") != std::string::npos);
  CHECK(set_error("/name", "x\xFF").find("not UTF-8") != std::string::npos);
  CHECK(set_error("/name", "10/s") == "accepted");
}

TEST_CASE("a file name is relative to the file it stands in, or to the working directory") {
  Node target = config::parse(R"({"a": "x.csv", "b": "/data/y.csv", "c": 1})", "some/where/s.json");
  config::set(target, "/d", "z.csv");
  CHECK(config::to_path(*target.find("a")) == "some/where/x.csv");
  CHECK(config::to_path(*target.find("b")) == "/data/y.csv");
  CHECK(config::to_path(*target.find("d")) == "z.csv");
  CHECK_THROWS_WITH(config::to_path(*target.find("c")), Catch::EndsWith("a file name is allowed"));
}

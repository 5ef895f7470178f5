// Settings in YAML: read as JSON would be, refused where YAML is slippery.
#include "base/config_yaml.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "base/error.hpp"
#include "fixtures.hpp"

using namespace rehearse;
using Catch::Contains;
using config::Kind;
using config::Node;

namespace {

Node yaml(const std::string& text) { return config::parse_yaml(text, "c.yaml"); }

/// What a node holds, as text, for comparison.
std::string flat(const Node& node) {
  std::string text;
  switch (node.kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return node.boolean ? "true" : "false";
    case Kind::number:
      return std::to_string(node.number) + (node.is_integer ? "i" : "");
    case Kind::string:
      return "'" + node.text + "'";
    case Kind::array:
      for (const Node& item : node.items) text += flat(item) + ",";
      return "[" + text + "]";
    case Kind::object:
      for (const auto& [key, value] : node.members) text += key + ":" + flat(value) + ",";
      return "{" + text + "}";
  }
  return text;
}

}  // namespace

TEST_CASE("YAML gives the nodes that JSON gives") {
  const std::string json = R"({"a": [1, 2.5, -3e2, true, null, "x"], "b": {"c": "1"}})";
  CHECK(flat(yaml(json)) == flat(config::parse(json, "c.json")));
  CHECK(flat(yaml("a:\n- 1\n- 2.5\n- -3e2\n- true\n- ~\n- x\nb:\n  c: '1'\n")) ==
        flat(config::parse(json, "c.json")));
}

TEST_CASE("plain scalars follow the core schema") {
  CHECK(flat(yaml("[yes, no, on, NO, True, FALSE, Null, '', .inf, 0x10, 1_000, +7, 1.]")) ==
        "['yes','no','on','NO',true,false,null,'','.inf','0x10','1_000',7.000000i,1.000000,]");
  CHECK(flat(yaml("a: !!str 1\nb: |\n  text\n")) == "{a:'1',b:'text\n',}");
}

TEST_CASE("YAML nodes know their places") {
  const Node node = yaml("a:\n  - b: 1\n    c: two\n");
  const Node& c = *node.find("a")->items[0].find("c");
  CHECK(c.where.file == "c.yaml");
  CHECK(c.where.line == 3);
  CHECK(c.where.column == 8);
  CHECK(c.where.pointer == "/a/0/c");
  CHECK(yaml("a/b: {c~d: [1]}").members[0].second.members[0].second.items[0].where.pointer ==
        "/a~1b/c~0d/0");
  try {
    yaml("a/b: 1\na/b: 2\n");
    FAIL("a second key is taken");
  } catch (const InputError& error) {
    CHECK(error.where().pointer == "/a~1b");
  }
}

TEST_CASE("a key that stands twice in YAML is refused") {
  CHECK_THROWS_WITH(yaml("a: 1\nb: 2\na: 3\n"), Contains("c.yaml:3:1") && Contains("twice"));
  CHECK_THROWS_WITH(yaml("{a: 1, a: 1}"), Contains("twice"));
}

TEST_CASE("aliases and merge keys are followed") {
  CHECK(
      flat(yaml("a: &x {p: 1, q: 2}\nb: *x\nc: {<<: *x, q: 3}\n")) ==
      "{a:{p:1.000000i,q:2.000000i,},b:{p:1.000000i,q:2.000000i,},c:{q:3.000000i,p:1.000000i,},}");
  CHECK_THROWS_WITH(yaml("a: {<<: 3}\n"), Contains("merges mappings"));
  CHECK_THROWS_AS(yaml("a: &x [*x]\n"), InputError);
  CHECK_THROWS_AS(yaml("a: *nobody\n"), InputError);
}

TEST_CASE("what aliases unfold to is bounded, as is depth") {
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) laughs += (j == 0 ? "" : ", ") + before;
    laughs += "]\n";
  }
  CHECK_THROWS_WITH(yaml(laughs), Contains("more than 100000 values"));
  CHECK_THROWS_WITH(yaml("a: " + std::string(1000, '[') + std::string(1000, ']')),
                    Contains("deeper"));
  CHECK_THROWS_AS(yaml(std::string(1000, '[')), InputError);
  std::string chain = "a0: &a0 [x]\n";
  for (int i = 1; i < 100; ++i) {
    chain += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) +
             "]\n";
  }
  CHECK_THROWS_WITH(yaml(chain), Contains("deeper"));
}

TEST_CASE("broken YAML, a second document and foreign tags are refused with their place") {
  CHECK_THROWS_WITH(yaml("a: [1\nb: 2\n"), Contains("not valid YAML") && Contains("c.yaml:"));
  CHECK_THROWS_WITH(yaml("a: 1\n---\nb: 2\n"), Contains("second document"));
  CHECK_THROWS_WITH(yaml(""), Contains("empty"));
  CHECK_THROWS_WITH(yaml("a: !ruby/object x\n"), Contains("tag"));
  CHECK_THROWS_WITH(yaml("a: !foo [x]\n"), Contains("c.yaml:1:4: /a: the tag \"!foo\""));
  CHECK_THROWS_WITH(yaml("a: !!set {x: null}\n"), Contains("tag"));
  CHECK_THROWS_WITH(yaml("a: !!timestamp 2024-05-01\n"), Contains("tag"));
  CHECK_NOTHROW(yaml("!!map {a: !!seq [!!int 1, !!float 2, ! x, !!bool true]}\n"));
  CHECK_THROWS_WITH(yaml("? [a, b]\n: 1\n"), Contains("a key is a scalar"));
  CHECK_THROWS_WITH(yaml("a: \xFF\n"), Contains("UTF-8"));
}

TEST_CASE("a file is JSON or YAML by its name, else by its first character") {
  test::TemporaryFolder folder;
  const auto load = [&](const std::string& name, const std::string& text) {
    std::ofstream(folder.path() / name) << text;
    return flat(config::load_json_or_yaml(folder.path() / name));
  };
  CHECK(load("a.yaml", "a: 1") == "{a:1.000000i,}");
  CHECK(load("a.json", "// c\n{\"a\": 1}") == "{a:1.000000i,}");
  CHECK(load("a", "{\"a\": 1}") == "{a:1.000000i,}");
  CHECK(load("b", "a: 1") == "{a:1.000000i,}");
  CHECK_THROWS_WITH(load("b.json", "a: 1"), Contains("not valid JSON"));
  CHECK_THROWS_AS(config::load_json_or_yaml(folder.path() / "none.yaml"), InputError);
}

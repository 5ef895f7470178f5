#include <catch2/catch.hpp>
#include <fstream>

#include "base/config.hpp"
#include "fixtures.hpp"

using namespace rehearse;
using config::Kind;
using config::Node;

namespace {

InputError error_of(const std::string& text) {
  try {
    config::parse(text, "s.json");
  } catch (const InputError& error) {
    return error;
  }
  FAIL("no error for: " << text);
  return InputError("");
}

}  // namespace

TEST_CASE("every value knows its file, pointer, line and column") {
  const Node root = config::parse(
      "\xEF\xBB\xBF// heading\n{ \"a\": [1, {\"b/c\": \"x \\\" , y\"}],\n  /* two\n lines */ "
      "\"\xC3\xA4\" : -2.5e3 }\n",
      "s.json");
  CHECK(root.where.line == 2);
  CHECK(root.where.column == 1);
  CHECK(root.where.file == "s.json");
  const Node& a = *root.find("a");
  CHECK(a.where.column == 8);
  CHECK(a.items[1].where.pointer == "/a/1");
  const Node& inner = *a.items[1].find("b/c");
  CHECK(inner.where.pointer == "/a/1/b~1c");
  CHECK(inner.where.column == 20);
  CHECK(inner.text == "x \" , y");
  const Node& last = *root.find("\xC3\xA4");
  CHECK(last.where.line == 4);
  CHECK(last.where.column == 17);
  CHECK(last.number == -2500);
  CHECK(last.text == "-2.5e3");
  CHECK_FALSE(last.is_integer);
}

TEST_CASE("numbers keep whether they are whole and fit") {
  const Node root = config::parse("[7, -7, 7.0, 9223372036854775807, 9223372036854775808]", "s");
  CHECK(root.items[0].is_integer);
  CHECK(root.items[1].integer == -7);
  CHECK_FALSE(root.items[2].is_integer);
  CHECK(root.items[3].integer == INT64_MAX);
  CHECK_FALSE(root.items[4].is_integer);
  CHECK(root.items[4].number == 9223372036854775808.0);
}

TEST_CASE("object members keep the order of the file") {
  const Node root = config::parse(R"({"z":1,"a":2,"m":{"y":3,"b":4}})", "s");
  CHECK(root.members[0].first == "z");
  CHECK(root.members[1].first == "a");
  CHECK(root.members[2].second.members[0].first == "y");
}

TEST_CASE("a duplicate key is an error at the second") {
  const InputError error = error_of("{\n  \"a\": 1,\n  \"b\": {\"a\": 1},\n  \"a\": 2\n}");
  CHECK(std::string(error.what()) ==
        "s.json:4:3: /a: the key \"a\" stands here twice; the first is on line 2");
}

TEST_CASE("what is not JSON is an error with line, column and the library's reason") {
  const InputError comma = error_of("{\n  \"a\": 1,\n}");
  CHECK(comma.where().line == 3);
  CHECK(comma.where().column == 1);
  CHECK(comma.message() ==
        "not valid JSON: syntax error while parsing object key - unexpected '}'; expected string "
        "literal");
  CHECK(error_of("{\"a\": tru}").where().column == 7);
  CHECK(error_of("{\"a\" 1}").where().column == 6);
  CHECK(error_of("{} {}").where().column == 4);
  CHECK(error_of("{\"a\": 1,,}").where().column == 9);
  CHECK(error_of("").where().line == 1);
  CHECK(error_of("[1,\n2").where().line == 2);
  CHECK(error_of("{\"a\": 'x'}").where().column == 7);
  CHECK(error_of("[\"a\nb\"]").message().find('\n') == std::string::npos);
  CHECK(error_of("[1] /* open").where().line == 1);
}

TEST_CASE("numbers that are not finite are refused") {
  const InputError error = error_of("{\"a\": 1e999}");
  CHECK(error.where().column == 7);
  CHECK(error.message().find("1e999") != std::string::npos);
  CHECK(error_of("[NaN]").where().column == 2);
  CHECK(error_of("[-Infinity]").where().column == 2);
}

TEST_CASE("depth is limited, so no input can exhaust the stack") {
  const InputError error = error_of(std::string(1'000'000, '['));
  CHECK(error.message() == "nested deeper than 64 levels");
  CHECK(error.where().column == 65);
  CHECK(config::parse(std::string(64, '[') + std::string(64, ']'), "s").kind == Kind::array);
}

TEST_CASE("bytes that are not UTF-8 are refused with their place") {
  const InputError error = error_of("{\n \"\xC3\xA4\": \"\xFF\"}");
  CHECK(std::string(error.what()) == "s.json:2:8: the byte \\xff is not UTF-8");
  CHECK(error_of("// \x80\n{}").where().column == 4);
}

TEST_CASE("a lone carriage return ends a comment") {
  const Node number = config::parse("// old line ends\r4059", "s.json");
  CHECK(number.text == "4059");
  CHECK(number.where.column == 18);
}

TEST_CASE("a zero byte does not end a comment or the text") {
  using namespace std::string_literals;
  CHECK(std::string(error_of("{\n} // why\0 1"s).what()) ==
        "s.json:2:9: the byte \\x00 has no place in JSON");
  CHECK_THROWS_AS(config::parse("{}\0{"s, "s.json"), InputError);
}

TEST_CASE("files that cannot be read are named as the user named them") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_WITH(config::load("no/such.json"),
                    "no/such.json: cannot be read: No such file or directory");
  CHECK_THROWS_WITH(config::load(folder.path()), Catch::EndsWith("it is a folder"));
  std::ofstream(folder.path() / "s.json") << "{\"name\": \"x\"}";
  CHECK(config::load(folder.path() / "s.json").find("name")->text == "x");
}

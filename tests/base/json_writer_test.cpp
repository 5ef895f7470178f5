// Documents as they are written, held against what nlohmann::json reads of them.
#include "base/text/json_writer.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/text/json_text.hpp"
#include "base/text/number_text.hpp"

using namespace rehearse;
using Layout = JsonWriter::Layout;

TEST_CASE("numbers are written as the shortest decimals that read back the same") {
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(-0.0) == "0");
  CHECK(number_text(1) == "1");
  CHECK(number_text(1e9) == "1000000000");
  CHECK(number_text(1.0 / 3) == "0.3333333333333333");
  CHECK(std::stod(number_text(0.1 + 0.2)) == 0.1 + 0.2);
  CHECK(std::stod(number_text(1e22)) == 1e22);
}

TEST_CASE("every text is valid JSON, with only the escapes that JSON asks for") {
  CHECK(json_string("a\"b\\c/\n\r\t\b\f\x01") == R"("a\"b\\c/\n\r\t\b\f\u0001")");
  CHECK(json_string("Gr\xc3\xb6\xc3\x9f"
                    "e") ==
        "\"Gr\xc3\xb6\xc3\x9f"
        "e\"");
  CHECK(json_string("a\xff"
                    "b") ==
        "\"a\xef\xbf\xbd"
        "b\"");
  std::string all;
  for (int byte = 0; byte < 128; ++byte) all += static_cast<char>(byte);
  CHECK(nlohmann::json::parse(json_string(all)) == all);
}

TEST_CASE("what is in lines has an item on each, what is packed stands on one") {
  JsonWriter json;
  json.object(Layout::lines).member("name", "run").member("count", 3).key("points");
  json.array(Layout::lines);
  json.object().member("x", 0.5).key("y").array(Layout::lines).value(1).value(true).null().end();
  json.end().value(std::optional<double>()).end();
  json.key("none").object(Layout::lines).end().key("left").json("[ ]");
  CHECK(json.end().take() ==
        "{\n  \"name\": \"run\",\n  \"count\": 3,\n  \"points\": [\n"
        "    {\"x\":0.5,\"y\":[1,true,null]},\n    null\n  ],\n"
        "  \"none\": {},\n  \"left\": [ ]\n}\n");
}

TEST_CASE("a part of a document is indented as it will stand there") {
  JsonWriter part(1);
  const std::string array = part.array(Layout::lines).value(1).value(2).end().take();
  JsonWriter json;
  json.object(Layout::lines).key("a").json(array);
  JsonWriter whole;
  whole.object(Layout::lines).key("a").array(Layout::lines).value(1).value(2).end();
  CHECK(json.end().take() == whole.end().take());
}

TEST_CASE("a document handed over in pieces is the same document") {
  JsonWriter json;
  std::ostringstream out;
  json.array(Layout::lines);
  for (int i = 0; i < 3; ++i) json.object().member("i", i).end().write_to(out);
  out << json.end().take();
  CHECK(out.str() == "[\n  {\"i\":0},\n  {\"i\":1},\n  {\"i\":2}\n]\n");
}

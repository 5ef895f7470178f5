// JSON read in place against nlohmann::json: the same values of every text, and the same texts
// refused.
#include "mds/contract/json.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::mds;
using nlohmann::json;

namespace {

constexpr int kDeepest = 64;

/// What was read, as a tree.
json tree(const JsonValue& value) {
  switch (value.kind) {
    case JsonKind::null:
      return nullptr;
    case JsonKind::boolean:
      return value.truth;
    case JsonKind::integer:
      return value.integer;
    case JsonKind::large:
      return value.large;
    case JsonKind::real:
      return value.real;
    case JsonKind::text:
      return std::string(value.text);
    case JsonKind::array: {
      json items = json::array();
      for (const JsonValue& item : JsonItems(value)) items.push_back(tree(item));
      REQUIRE(items.size() == value.size());
      return items;
    }
    case JsonKind::object: {
      json members = json::object();
      for (const JsonValue* key = &value + 1; key != value.next(); key = key[1].next()) {
        members[std::string(key->text)] = tree(*value.member(key->text));
      }
      return members;
    }
  }
  return nullptr;
}

void check_like_nlohmann(const std::string& text) {
  INFO(text);
  const JsonText read(text, kDeepest);
  const json expected = json::parse(text, nullptr, false);
  REQUIRE((read.flaw() == JsonText::Flaw::none) == !expected.is_discarded());
  if (!expected.is_discarded()) REQUIRE(tree(read.value()) == expected);
}

/// A piece of a text that may stand next to any other.
std::string piece(stats::Stream& random) {
  static const std::vector<std::string> kPieces = {"{",
                                                   "}",
                                                   "[",
                                                   "]",
                                                   ":",
                                                   ",",
                                                   "\"a\"",
                                                   "\"b\":",
                                                   "\"\"",
                                                   "null",
                                                   "true",
                                                   "false",
                                                   "0",
                                                   "-1",
                                                   "1.5",
                                                   "-0",
                                                   "-0.0",
                                                   "1e3",
                                                   "1E-400",
                                                   "1e400",
                                                   "01",
                                                   "1.",
                                                   ".5",
                                                   "+1",
                                                   "-",
                                                   "1e+2",
                                                   " ",
                                                   "\n",
                                                   "\t",
                                                   "\r",
                                                   "\"\\n\"",
                                                   "\"\\u0041\"",
                                                   "\"\\ud83d\\ude00\"",
                                                   "\"\\ud83d\"",
                                                   "\"\\udc00\"",
                                                   "\"\xc3\xa9\"",
                                                   "\"\xc3\"",
                                                   "\"\xed\xa0\x80\"",
                                                   "\"\xf0\x9f\x98\x80\"",
                                                   "\"\xf4\x90\x80\x80\"",
                                                   "\"\xe0\x80\x80\"",
                                                   "9223372036854775807",
                                                   "9223372036854775808",
                                                   "-9223372036854775808",
                                                   "-9223372036854775809",
                                                   "18446744073709551615",
                                                   "18446744073709551616",
                                                   "\"\\u00e9\\u20ac\\/\\\\\\\"\\b\\f\\r\\t\"",
                                                   "\"\\x\"",
                                                   "\"\x01\"",
                                                   "\"a\\",
                                                   "nul",
                                                   "\xef\xbb\xbf",
                                                   "\x7f"};
  return kPieces[random.below(kPieces.size())];
}

/// A text of the grammar.
std::string valid(stats::Stream& random, int depth) {
  const std::size_t kind = random.below(depth > 4 ? 3 : 5);
  if (kind == 0) return std::to_string(static_cast<std::int64_t>(random.below(1000)) - 500);
  if (kind == 1) return random.chance(0.5) ? "\"t\\u00fc\\n\"" : "\"plain\"";
  if (kind == 2) return random.chance(0.5) ? "null" : "1.25e-2";
  std::string text(kind == 3 ? "[" : "{");
  const std::size_t count = random.below(4);
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += random.chance(0.5) ? "," : " ,\n";
    if (kind == 4) text += "\"" + std::to_string(random.below(3)) + "\": ";
    text += valid(random, depth + 1);
  }
  return text + (kind == 3 ? "]" : "}");
}

}  // namespace

TEST_CASE("texts of loose pieces are read or refused as nlohmann::json does") {
  stats::Stream random(7, 0, "json/pieces");
  for (int i = 0; i < 60'000; ++i) {
    std::string text;
    const std::size_t pieces = 1 + random.below(6);
    for (std::size_t k = 0; k < pieces; ++k) text += piece(random);
    check_like_nlohmann(text);
  }
}

TEST_CASE("texts of the grammar, whole and with a byte changed, are read as nlohmann::json does") {
  stats::Stream random(7, 0, "json/grammar");
  for (int i = 0; i < 20'000; ++i) {
    std::string text = valid(random, 0);
    check_like_nlohmann(text);
    const std::size_t place = random.below(text.size());
    text[place] = static_cast<char>(1 + random.below(255));
    check_like_nlohmann(text);
    text.resize(place);
    check_like_nlohmann(text);
  }
}

TEST_CASE("arrays and objects may be nested to the limit and no deeper") {
  const auto nested = [](int depth) {
    std::string text;
    for (int i = 0; i < depth; ++i) text += i % 2 == 0 ? "[" : "{\"a\":";
    text += "1";
    for (int i = depth - 1; i >= 0; --i) text += i % 2 == 0 ? "]" : "}";
    return text;
  };
  REQUIRE(JsonText(nested(kDeepest), kDeepest).flaw() == JsonText::Flaw::none);
  REQUIRE(JsonText(nested(kDeepest + 1), kDeepest).flaw() == JsonText::Flaw::too_deep);
  REQUIRE(JsonText(std::string(100'000, '['), kDeepest).flaw() == JsonText::Flaw::too_deep);
  REQUIRE(JsonText("[[1", kDeepest).flaw() == JsonText::Flaw::malformed);
}

TEST_CASE("texts with escapes stay where they are when what was read is moved") {
  const std::string text = R"({"a":"x\ty"})";
  JsonText read(text, kDeepest);
  const JsonText moved = std::move(read);
  REQUIRE(moved.value().member("a")->text == "x\ty");
}

#include "base/text/utf8.hpp"

#include <catch2/catch.hpp>

using rehearse::count_code_points;
using rehearse::find_invalid_utf8;
using rehearse::printable;

TEST_CASE("well-formed text of every length passes") {
  CHECK(find_invalid_utf8("") == std::string_view::npos);
  CHECK(find_invalid_utf8("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80z") == std::string_view::npos);
  CHECK(find_invalid_utf8("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF") == std::string_view::npos);
}

TEST_CASE("overlong forms, surrogates, too large code points and cut sequences are found") {
  for (const std::string bad :
       {"\xC0\xAF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80",
        "\xE2\x82", "\xF0\x9F\x98", "\xC3(", "\xFF"}) {
    CHECK(find_invalid_utf8("ok" + bad) == 2);
  }
}

TEST_CASE("columns count characters and not bytes") {
  CHECK(count_code_points("a\xC3\xA4\xE2\x82\xAC") == 3);
}

TEST_CASE("printable text stays in one line and is cut at characters") {
  CHECK(printable("a\nb\tc\x01\xFF") == "a\\nb\\tc\\x01\\xff");
  CHECK(printable("\xC3\xA4\xC3\xA4\xC3\xA4", 2) == "\xC3\xA4\xC3\xA4...");
}

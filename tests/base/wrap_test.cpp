#include "base/text/wrap.hpp"

#include <catch2/catch.hpp>

#include "base/text/utf8.hpp"

using namespace rehearse;
using Lines = std::vector<std::string>;

TEST_CASE("a line takes words up to its width and no more") {
  CHECK(wrapped_lines("ab cd ef", 5) == Lines{"ab cd", "ef"});
  CHECK(wrapped_lines("ab cd ef", 4) == Lines{"ab", "cd", "ef"});
  CHECK(wrapped_lines("ab cd ef", 8) == Lines{"ab cd ef"});
  CHECK(wrapped_lines("", 8).empty());
}

TEST_CASE("a word that is longer than a line stays whole") {
  CHECK(wrapped_lines("a aip://model/registry/x b", 5) ==
        Lines{"a", "aip://model/registry/x", "b"});
  CHECK(wrapped_lines("aip://model/registry/x", 0) == Lines{"aip://model/registry/x"});
}

TEST_CASE("the width of a line is counted in code points") {
  CHECK(wrapped_lines("\u00e4\u00e4 \u00f6\u00f6", 5) == Lines{"\u00e4\u00e4 \u00f6\u00f6"});
  CHECK(wrapped_lines("\u00e4\u00e4 \u00f6\u00f6", 4) == Lines{"\u00e4\u00e4", "\u00f6\u00f6"});
}

TEST_CASE("what follows the first line is indented to the width of what stands before it") {
  const std::string text(60, 'x');
  CHECK(wrapped("1:00  ", text + " " + text) == "1:00  " + text + "\n      " + text + "\n");
  CHECK(wrapped("", "short") == "short\n");
  CHECK(wrapped("alone", "") == "alone\n");
  CHECK(wrapped("1:00  ", text + " " + text, 2) == "1:00  " + text + "\n  " + text + "\n");
  const std::string full(kColumns - 2, 'x');
  CHECK(wrapped("", "abc " + full, 2) == "abc\n  " + full + "\n");
  CHECK(wrapped("12", full, 20) == "12" + full + "\n");
  for (const std::string& line : wrapped_lines(text + " " + text + " " + text, kColumns)) {
    CHECK(count_code_points(line) <= kColumns);
  }
}

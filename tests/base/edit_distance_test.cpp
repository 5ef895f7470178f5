#include "base/text/edit_distance.hpp"

#include <catch2/catch.hpp>

using rehearse::edit_distance;

TEST_CASE("edit distance counts insertions and deletions and replacements and swaps") {
  CHECK(edit_distance("model", "model") == 0);
  CHECK(edit_distance("model", "modle") == 1);
  CHECK(edit_distance("model", "modl") == 1);
  CHECK(edit_distance("model", "modeels") == 2);
  CHECK(edit_distance("model", "medal") == 2);
  CHECK(edit_distance("", "model") == 5);
  CHECK(edit_distance("ca", "abc") == 3);  // no place is touched twice
}

TEST_CASE("an edit distance above the limit is some number above it") {
  CHECK(edit_distance("model", "mo", 2) > 2);
  CHECK(edit_distance("model", "xxxxx", 2) > 2);
  CHECK(edit_distance("model", "medal", 1) > 1);
  CHECK(edit_distance("model", "medal", 2) == 2);
  CHECK(edit_distance("model", "model", 0) == 0);
}

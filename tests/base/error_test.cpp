#include "base/error.hpp"

#include <catch2/catch.hpp>

using rehearse::InputError;

TEST_CASE("an input error reads as file, line, column, pointer and message") {
  CHECK(std::string(InputError({"a.json", "/x", 3, 7}, "found 1").what()) ==
        "a.json:3:7: /x: found 1");
  CHECK(std::string(InputError({"--set", "/x", 0, 0}, "found 1").what()) == "--set: /x: found 1");
  CHECK(std::string(InputError({"a.csv", "", 2, 1}, "m").what()) == "a.csv:2:1: m");
  CHECK(std::string(InputError("m").what()) == "m");
}

#include "base/plain_run.hpp"

#include <catch2/catch.hpp>
#include <string>

using rehearse::plain_run;

TEST_CASE("a plain run ends at the first byte that JSON writes otherwise, wherever that stands") {
  for (std::size_t length = 0; length < 20; ++length) {
    for (int byte = 0; byte < 256; ++byte) {
      const bool special = byte < 0x20 || byte == '"' || byte == '\\';
      for (std::size_t at = 0; at < length; ++at) {
        std::string text(length, 'a');
        text[at] = static_cast<char>(byte);
        REQUIRE(plain_run(text, false) == (special ? at : length));
        REQUIRE(plain_run(text, true) == (special || byte > 0x7f ? at : length));
        text.back() = '"';  // a second one behind it
        if (special) REQUIRE(plain_run(text, false) == at);
      }
    }
    REQUIRE(plain_run(std::string(length, '~'), true) == length);
  }
}

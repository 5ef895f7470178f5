#include "base/name_index.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using rehearse::NameIndex;

TEST_CASE("every name has the number it was given, across growth and truncation") {
  NameIndex index;
  std::vector<std::string> names;
  const auto name_of = [&](std::uint32_t number) -> std::string_view { return names[number]; };
  const auto fill = [&](std::uint32_t to, const std::string& prefix) {
    while (names.size() < to) {
      names.push_back(prefix + std::to_string(names.size()));
      index.insert(names.back(), static_cast<std::uint32_t>(names.size() - 1));
    }
  };
  const auto check = [&] {
    REQUIRE(index.size() == names.size());
    for (std::uint32_t i = 0; i < names.size(); ++i) REQUIRE(index.find(names[i], name_of) == i);
  };
  REQUIRE(index.find("a0", name_of) == NameIndex::kNone);
  fill(3000, "a");
  check();
  index.truncate(1234);
  names.resize(1234);
  check();
  REQUIRE(index.find("a1234", name_of) == NameIndex::kNone);
  fill(2000, "b");
  check();
  REQUIRE(index.find("a1234", name_of) == NameIndex::kNone);
}

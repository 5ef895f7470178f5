#include "base/name_table.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <string>

using rehearse::NameTable;

namespace {

void check(const NameTable& table, const std::map<std::uint32_t, std::string>& wanted) {
  REQUIRE(table.size() == wanted.size());
  for (const auto& [number, name] : wanted) {
    REQUIRE(table.has(number));
    REQUIRE(table.name(number) == name);
    REQUIRE(table.find(name) == number);
    REQUIRE(table.guess(table.expect(name)) == number);
  }
}

}  // namespace

TEST_CASE("names are found by number and numbers by name, with gaps and in any order") {
  NameTable table;
  std::map<std::uint32_t, std::string> wanted;
  const auto insert = [&](std::uint32_t number, const std::string& name) {
    table.insert(name, number);
    wanted[number] = name;
  };
  REQUIRE(table.find("a") == NameTable::kNone);
  for (std::uint32_t i = 0; i < 500; ++i)
    insert(3 * i, "name-" + std::string(i % 70, 'x') + std::to_string(i));
  insert(1000, "late");
  insert(1, "");
  check(table, wanted);
  REQUIRE_FALSE(table.has(2));
  REQUIRE_FALSE(table.has(100000));

  // 1 came last and stays, so the texts of what goes before it must not pull it along.
  table.truncate(700);
  wanted.erase(wanted.lower_bound(700), wanted.end());
  check(table, wanted);
  REQUIRE_FALSE(table.has(999));
  REQUIRE(table.find("late") == NameTable::kNone);
  for (std::uint32_t i = 700; i < 900; ++i) insert(i, "again-" + std::to_string(i));
  check(table, wanted);
  table.truncate(0);
  check(table, {});
}

#include "base/os/input_file.hpp"

#include <catch2/catch.hpp>
#include <iterator>
#include <string>

#include "base/error.hpp"
#include "command_line.hpp"
#include "fixtures.hpp"

using rehearse::InputError;
using rehearse::os::open_input;
using rehearse::test::TemporaryFolder;
using rehearse::test::write_file;

TEST_CASE("a file that is not there is refused with the one beside it whose name is nearest") {
  const TemporaryFolder folder;
  write_file(folder.path() / "steady.json", "{}");
  write_file(folder.path() / "other.json", "{}");
  const auto why = [&folder](const char* name) {
    try {
      open_input(folder.path() / name);
    } catch (const InputError& error) {
      return std::string(error.what()).substr(folder.path().string().size() + 1);
    }
    return std::string("opened");
  };
  CHECK(why("stedy.json") ==
        "stedy.json: cannot be read: No such file or directory; did you mean " +
            (folder.path() / "steady.json").string() + "?");
  CHECK(why("nothing-like-it.json") ==
        "nothing-like-it.json: cannot be read: No such file or directory");
  CHECK(why("no-folder/steady.json") ==
        "no-folder/steady.json: cannot be read: No such file or directory");
  CHECK(why("steady.json") == "opened");
  CHECK_THROWS_WITH(open_input(folder.path()), Catch::EndsWith("cannot be read: it is a folder"));
}

TEST_CASE("a file is read as the bytes it holds") {
  const TemporaryFolder folder;
  const std::string bytes("a\r\n\0b\xff", 6);
  write_file(folder.path() / "bytes", bytes);
  std::ifstream file = open_input(folder.path() / "bytes");
  CHECK(std::string{std::istreambuf_iterator<char>(file), {}} == bytes);
}

#include "base/os/locked_file.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "fixtures.hpp"

using rehearse::InputError;
using rehearse::os::LockedFile;

TEST_CASE("a locked file holds what was appended and what was there before") {
  const rehearse::test::TemporaryFolder folder;
  const auto path = folder.path() / "journal";
  {
    LockedFile file(path, "is in use");
    CHECK(file.contents().empty());
    file.append("one\n");
    file.append("two\n");
  }
  LockedFile file(path, "is in use");
  CHECK(file.contents() == "one\ntwo\n");
  file.cut(4);
  file.append("three\n");
  CHECK(file.contents() == "one\nthree\n");
}

TEST_CASE("a locked file is one process's at a time") {
  const rehearse::test::TemporaryFolder folder;
  const auto path = folder.path() / "journal";
  const LockedFile file(path, "is in use");
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    try {
      const LockedFile other(path, "is in use");
    } catch (const InputError& error) {
      ::_exit(std::string(error.what()).ends_with("is in use") ? 0 : 2);
    }
    ::_exit(1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

TEST_CASE("a locked file in a folder that is not there cannot be written") {
  CHECK_THROWS_WITH(LockedFile("/nowhere/journal", "is in use"),
                    Catch::Contains("/nowhere/journal") && Catch::Contains("cannot be written"));
}

#include "base/os/output_directory.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>

#include "base/error.hpp"
#include "fixtures.hpp"

using namespace rehearse;
using namespace rehearse::os;
namespace fs = std::filesystem;
using Way = OutputDirectory::Way;

namespace {

const std::set<std::string> kOurs = {"summary.json", "junit.xml", "trace.jsonl"};

void put(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// All files under a folder, by relative path.
std::map<std::string, std::string> tree(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().lexically_relative(folder).string();
    files[name] = entry.is_symlink()     ? "-> " + fs::read_symlink(entry.path()).string()
                  : entry.is_directory() ? "/"
                                         : text_of(entry.path());
  }
  return files;
}

using Tree = std::map<std::string, std::string>;

void replace(const fs::path& out, std::optional<Way> way) {
  OutputDirectory output(out, kOurs);
  if (way) output.use(*way);
  output.write("summary.json", "new");
  std::ofstream(output.path("junit.xml")) << "new too";
  output.commit();
}

}  // namespace

TEST_CASE("results go into a new directory, with the directories above it") {
  test::TemporaryFolder folder;
  replace(folder.path() / "a" / "b" / "out", {});
  CHECK(tree(folder.path()) == Tree{{"a", "/"},
                                    {"a/b", "/"},
                                    {"a/b/out", "/"},
                                    {"a/b/out/summary.json", "new"},
                                    {"a/b/out/junit.xml", "new too"}});
}

TEST_CASE(
    "an existing directory keeps foreign files and loses results of earlier runs, every way") {
  for (const Way way : {Way::exchange, Way::two_renames, Way::file_by_file}) {
    INFO("way " << static_cast<int>(way));
    test::TemporaryFolder folder;
    const fs::path out = folder.path() / "out";
    put(out / "summary.json", "old");
    put(out / "trace.jsonl", "old trace");
    put(out / "notes.txt", "mine");
    put(out / "deep" / "er" / "file", "mine too");
    fs::create_symlink("nowhere", out / "link");
    fs::permissions(out, fs::perms::owner_all | fs::perms::group_read);
    replace(out, way);
    CHECK(tree(folder.path()) == Tree{{"out", "/"},
                                      {"out/summary.json", "new"},
                                      {"out/junit.xml", "new too"},
                                      {"out/notes.txt", "mine"},
                                      {"out/deep", "/"},
                                      {"out/deep/er", "/"},
                                      {"out/deep/er/file", "mine too"},
                                      {"out/link", "-> nowhere"}});
    CHECK(fs::status(out).permissions() == (fs::perms::owner_all | fs::perms::group_read));
  }
}

TEST_CASE("without a commit nothing changes and nothing is left behind") {
  test::TemporaryFolder folder;
  put(folder.path() / "out" / "summary.json", "old");
  const Tree before = tree(folder.path());
  {
    OutputDirectory output(folder.path() / "out", kOurs);
    output.write("summary.json", "new");
    OutputDirectory fresh(folder.path() / "made" / "for" / "nothing", kOurs);
    fresh.write("summary.json", "new");
  }
  CHECK(tree(folder.path()) == before);
}

TEST_CASE("the existing directory is whole at every moment before the commit") {
  test::TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  put(out / "summary.json", "old");
  OutputDirectory output(out, kOurs);
  output.write("summary.json", "new");
  CHECK(tree(out) == Tree{{"summary.json", "old"}});
  output.commit();
  CHECK(text_of(out / "summary.json") == "new");
}

TEST_CASE("the working directory is filled in place, so that a shell in it sees the results") {
  test::TemporaryFolder folder;
  const fs::path here = fs::current_path();
  put(folder.path() / "out" / "notes.txt", "mine");
  fs::current_path(folder.path() / "out");
  {
    OutputDirectory output(".", kOurs);
    CHECK(output.way() == Way::file_by_file);
    output.write("summary.json", "new");
    output.commit();
  }
  CHECK(tree(".") == Tree{{"summary.json", "new"}, {"notes.txt", "mine"}});
  fs::current_path(here);
}

TEST_CASE("a link to a directory stays a link, and the directory is replaced") {
  test::TemporaryFolder folder;
  put(folder.path() / "real" / "summary.json", "old");
  fs::create_directory_symlink("real", folder.path() / "link");
  replace(folder.path() / "link", {});
  CHECK(fs::is_symlink(folder.path() / "link"));
  CHECK(text_of(folder.path() / "real" / "summary.json") == "new");
}

TEST_CASE("a target that cannot be written is refused before anything is done") {
  test::TemporaryFolder folder;
  put(folder.path() / "file", "text");
  CHECK_THROWS_AS(OutputDirectory(folder.path() / "file", kOurs), InputError);
  CHECK_THROWS_AS(OutputDirectory(folder.path() / "file" / "out", kOurs), InputError);
  put(folder.path() / "out" / "summary.json" / "inside", "a directory of that name");
  CHECK_THROWS_WITH(OutputDirectory(folder.path() / "out", kOurs), Catch::Contains("summary.json"));
  CHECK(tree(folder.path()).size() == 4);
  if (::geteuid() == 0) return;  // who is root may write everywhere
  fs::create_directory(folder.path() / "locked");
  fs::permissions(folder.path() / "locked", fs::perms::owner_read | fs::perms::owner_exec);
  CHECK_THROWS_AS(OutputDirectory(folder.path() / "locked", kOurs), InputError);
  CHECK_THROWS_AS(OutputDirectory(folder.path() / "locked" / "out", kOurs), InputError);
}

TEST_CASE("a replacement file by file that fails midway puts everything back") {
  test::TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  put(out / "junit.xml", "old");
  put(out / "summary.json", "old");
  {
    OutputDirectory output(out, kOurs);
    output.use(Way::file_by_file);
    output.write("junit.xml", "new");
    output.write("summary.json", "new");
    // A directory with something in it that appears meanwhile cannot be replaced by a file.
    fs::remove(out / "summary.json");
    fs::remove(output.path("summary.json"));
    put(output.path("summary.json") / "x", "new");
    put(out / "summary.json" / "y", "in the way");
    fs::create_directories(output.path(".old") / "summary.json" / "z");
    CHECK_THROWS_AS(output.commit(), InputError);
  }
  CHECK(text_of(out / "junit.xml") == "old");
  CHECK(text_of(out / "summary.json" / "y") == "in the way");
  CHECK(tree(folder.path()).size() == 4);
}

TEST_CASE("what a killed run has left beside the target goes with the next run") {
  test::TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    OutputDirectory output(out, kOurs);
    output.write("summary.json", "half");
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  const fs::path stale = folder.path() / (".out.results-" + std::to_string(child) + "-0");
  REQUIRE(fs::exists(stale / "summary.json"));
  const fs::path living = folder.path() / (".out.results-" + std::to_string(::getppid()) + "-0");
  fs::create_directory(living);
  put(folder.path() / ".out.results-notes" / "mine", "mine");
  put(folder.path() / ".other.results-1-0" / "theirs", "theirs");
  {
    OutputDirectory beside(out, kOurs);  // of this process, and in use
    beside.write("summary.json", "beside");
    replace(out, std::nullopt);
    CHECK_FALSE(fs::exists(stale));
    CHECK(fs::exists(living));
    CHECK(text_of(beside.path("summary.json")) == "beside");
  }
  CHECK(text_of(folder.path() / ".out.results-notes" / "mine") == "mine");
  CHECK(text_of(folder.path() / ".other.results-1-0" / "theirs") == "theirs");
  CHECK(text_of(out / "summary.json") == "new");
}

TEST_CASE("old results that a killed run had moved away are put back") {
  test::TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(0);  // a process that is gone
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  const std::string stage = ".out.results-" + std::to_string(child) + "-0";
  SECTION("whole, between two renames") {
    put(folder.path() / (stage + "-old") / "mine", "mine");
    { OutputDirectory output(out, kOurs); }
    CHECK(tree(folder.path()) == Tree{{"out", "/"}, {"out/mine", "mine"}});
  }
  SECTION("file by file, where nothing has taken their place") {
    put(out / "junit.xml", "new");
    put(out / stage / ".old" / "junit.xml", "old");
    put(out / stage / ".old" / "summary.json", "old");
    const fs::path before = fs::current_path();
    fs::current_path(out);
    { OutputDirectory output(".", kOurs); }
    fs::current_path(before);
    CHECK(tree(out) == Tree{{"junit.xml", "new"}, {"summary.json", "old"}});
  }
}

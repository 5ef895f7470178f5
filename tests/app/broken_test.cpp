// Scenarios that must be refused. Each file in broken/ starts with comment lines
//   // says: FRAGMENT
// and the program's one error line must hold every fragment. "// set: POINTER=VALUE" adds a --set.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <sstream>

#include "command_line.hpp"
#include "fixtures.hpp"

using rehearse::test::Finished;
using rehearse::test::read_file;
using rehearse::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

struct Broken {
  fs::path path;
  std::vector<std::string> says;
  std::vector<std::string> set;
};

Broken read_broken(const fs::path& path) {
  Broken broken{path, {}, {}};
  std::istringstream lines(read_file(path));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("// says: ")) broken.says.push_back(line.substr(9));
    if (line.starts_with("// set: ")) broken.set.push_back(line.substr(8));
  }
  return broken;
}

std::vector<Broken> all_broken() {
  std::vector<Broken> all;
  const fs::path folder = rehearse::test::source_path("tests/app/broken");
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") all.push_back(read_broken(entry.path()));
  }
  std::sort(all.begin(), all.end(),
            [](const Broken& a, const Broken& b) { return a.path < b.path; });
  return all;
}

void check_refusal(const Finished& finished, const std::vector<std::string>& says) {
  CHECK(finished.status == 2);
  CHECK(finished.out.empty());
  CHECK(std::count(finished.err.begin(), finished.err.end(), '\n') == 1);
  for (const std::string& fragment : says) CHECK_THAT(finished.err, Catch::Contains(fragment));
}

}  // namespace

TEST_CASE("every broken scenario is refused with one clear line, and nothing is written") {
  const std::vector<Broken> all = all_broken();
  CHECK(all.size() >= 30);
  for (const Broken& broken : all) {
    INFO(broken.path.filename());
    REQUIRE_FALSE(broken.says.empty());
    const TemporaryFolder folder;
    std::vector<std::string> arguments = {"run", broken.path.string(), "--out",
                                          (folder.path() / "out").string()};
    for (const std::string& set : broken.set) {
      arguments.insert(arguments.end(), {"--set", set});
    }
    check_refusal(rehearse::test::run_rehearse(arguments, broken.path.parent_path()), broken.says);
    CHECK(fs::is_empty(folder.path()));

    arguments.erase(arguments.begin() + 2, arguments.begin() + 4);
    arguments.front() = "validate";
    check_refusal(rehearse::test::run_rehearse(arguments, broken.path.parent_path()), broken.says);
  }
}

TEST_CASE("a broken scenario leaves an existing output folder as it is") {
  const TemporaryFolder folder;
  rehearse::test::write_file(folder.path() / "out/summary.json", "precious");
  const Broken broken = all_broken().front();
  const Finished finished = rehearse::test::run_rehearse(
      {"run", broken.path.string(), "--out", (folder.path() / "out").string()});
  CHECK(finished.status == 2);
  CHECK(read_file(folder.path() / "out/summary.json") == "precious");
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("a scenario file that is missing, a folder or empty is refused") {
  const TemporaryFolder folder;
  check_refusal(rehearse::test::run_rehearse({"run", "no/such.json"}),
                {"no/such.json: cannot be read: No such file or directory"});
  check_refusal(rehearse::test::run_rehearse({"run", folder.path().string()}), {"it is a folder"});
  rehearse::test::write_file(folder.path() / "empty.json", "");
  check_refusal(rehearse::test::run_rehearse({"run", (folder.path() / "empty.json").string()}),
                {"empty.json:1:1: not valid JSON", "unexpected end of input"});
}

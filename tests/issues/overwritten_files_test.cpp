// Files of the user's that a command took away or wrote over.
#include <catch2/catch.hpp>

#include "command_line.hpp"
#include "fixtures.hpp"

using namespace rehearse::test;

// A merge into the folder of one of its parts put the merged results in the place of that part,
// which was then no longer there to be merged again.
TEST_CASE("sweeps are not merged into a folder that holds one of them, however it is named") {
  const TemporaryFolder folder;
  const auto out = [&](const std::string& name) { return (folder.path() / name).string(); };
  const std::vector<std::string> sweep = {
      "sweep", "tests/app/valid.json", "--set",  "/duration=2m",
      "--set", "/faults=[]",           "--vary", "/sources/datasets/changes/0/rate=1/m,2/m"};
  for (const std::string part : {"1", "2"}) {
    REQUIRE(run_rehearse(with(sweep, {"--out", out(part), "--shard", part + "/2"})).status == 0);
  }
  const std::string before = read_file(folder.path() / "1" / "sweep.db");
  for (const std::string& part : {out("1"), out("1") + "/sweep.db", out("1") + "/../1"}) {
    const Finished own = run_rehearse({"sweep", "--merge", out("2"), part, "--out", out("1")});
    CHECK(own.status == 2);
    CHECK(own.out.empty());
    CHECK_THAT(own.err, Catch::Contains("--out: ") &&
                            Catch::Contains("holds one of the files to merge, " + part));
  }
  CHECK(read_file(folder.path() / "1" / "sweep.db") == before);
}

// What a gigabyte of CSV costs: two columns of ten asked for, by both commands.
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "command_line.hpp"
#include "fixtures.hpp"

using namespace rehearse::test;

namespace {

constexpr std::size_t kGigabyte = 1'000'000'000;
constexpr long kMostKilobytes = 600 * 1024;

/// Ten columns of numbers with seven digits, about 11 million rows.
void write_gigabyte(const std::filesystem::path& path, std::uint64_t seed) {
  std::ofstream file(path, std::ios::binary);
  std::string block = "a,b,c,d,e,f,g,h,i,j\n";
  std::uint64_t state = seed;
  for (std::size_t written = 0; written < kGigabyte;) {
    while (block.size() < 1U << 20U) {
      for (int column = 0; column < 10; ++column) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        block += "0." + std::to_string(1'000'000 + (state >> 33U) % 9'000'000);
        block += column == 9 ? '\n' : ',';
      }
    }
    file << block;
    written += block.size();
    block.clear();
  }
}

/// The largest child so far; children before it are small.
long peak_of_children() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  return usage.ru_maxrss;
}

}  // namespace

TEST_CASE("judge reads two columns of ten from a gigabyte on each side in 600 MiB", "[long]") {
  const TemporaryFolder folder;
  write_gigabyte(folder.path() / "data.csv", 1);
  write_file(folder.path() / "canary.json",
             R"({"metrics": [{"name": "c", "groups": ["g"]}, {"name": "h", "groups": ["g"]}],
                 "classifier": {"groupWeights": {"g": 100}}})");
  const Finished judged = run_rehearse(
      {"judge", "canary.json", "--baseline", "data.csv", "--canary", "data.csv"}, folder.path());
  INFO(judged.err);
  CHECK(judged.status == 0);
  WARN("judge: " << peak_of_children() / 1024 << " MiB");
  CHECK(peak_of_children() < kMostKilobytes);
}

TEST_CASE("drift reads two columns of ten from a gigabyte on each side in 600 MiB", "[long]") {
  const TemporaryFolder folder;
  write_gigabyte(folder.path() / "data.csv", 1);
  const Finished compared =
      run_rehearse({"drift", "data.csv", "data.csv", "--column", "c,h"}, folder.path());
  INFO(compared.err);
  CHECK(compared.status == 0);
  WARN("drift: " << peak_of_children() / 1024 << " MiB");
  CHECK(peak_of_children() < kMostKilobytes);
}

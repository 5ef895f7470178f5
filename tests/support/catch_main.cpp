// The main function of every test program. Its exit status: 0 when every test case asserted
// something and all of that held, 77 when test cases were skipped and the others passed, 1
// otherwise. Catch2 alone would return the number of failures, which may be 77, and 0 where no test
// case matches.
#define CATCH_CONFIG_RUNNER
#define CATCH_CONFIG_DEFAULT_REPORTER "rehearse"
#include <catch2/catch.hpp>
#include <iostream>
#include <optional>
#include <string>

#include "skip.hpp"

namespace {

constexpr int kFailed = 1;
constexpr int kSkipped = 77;

/// What Catch2 does not count. Global because Catch2 makes the reporter.
struct Outcome {
  std::optional<std::string> skipping;  // the reason of the test case that is being left
  std::size_t ended = 0;                // test cases
  std::size_t skipped = 0;
  std::size_t broken = 0;  // test cases that skipped late or asserted nothing
};
Outcome outcome;

/// Catch2's console, which knows skipped test cases and fails those that cannot fail.
class Console : public Catch::ConsoleReporter {
 public:
  using ConsoleReporter::ConsoleReporter;
  static std::string getDescription() { return "Catch2's console, with skipped tests"; }

  void testCaseEnded(const Catch::TestCaseStats& stats) override {
    ++outcome.ended;
    const std::size_t assertions = stats.totals.assertions.total();
    if (outcome.skipping && assertions == 0) {
      ++outcome.skipped;
      stream << "SKIPPED: " << stats.testInfo.name << ": " << *outcome.skipping << "\n";
    } else if (outcome.skipping) {
      fail(stats, "skips after " + std::to_string(assertions) +
                      " assertion(s); it may only before the first: " + *outcome.skipping);
    } else if (assertions == 0) {
      fail(stats, "asserts nothing");
    }
    outcome.skipping.reset();
    ConsoleReporter::testCaseEnded(stats);
  }

  void testRunEnded(const Catch::TestRunStats& stats) override {
    Catch::TestRunStats all = stats;
    all.totals.testCases.passed -= outcome.skipped + outcome.broken;
    all.totals.testCases.failed += outcome.broken;
    all.totals.assertions.failed += outcome.broken;
    ConsoleReporter::testRunEnded(all);
  }

 private:
  /// A test case that Catch2 takes for passed.
  void fail(const Catch::TestCaseStats& stats, const std::string& why) {
    if (stats.totals.assertions.failed > 0) return;  // it is counted already
    ++outcome.broken;
    stream << stats.testInfo.lineInfo << ": FAILED: " << stats.testInfo.name << ": " << why << "\n";
  }
};

CATCH_REGISTER_REPORTER("rehearse", Console)

bool only_tells(const Catch::ConfigData& asked) {
  return asked.showHelp || asked.libIdentify || asked.listTests || asked.listTestNamesOnly ||
         asked.listTags || asked.listReporters;
}

}  // namespace

void rehearse::test::skip(const std::string& reason) {
  if (!outcome.skipping) outcome.skipping = reason;
  throw Catch::TestFailureException();  // by which Catch2 ends a test case that counted its failure
}

int main(int argc, char* argv[]) {
  Catch::Session session;
  if (session.applyCommandLine(argc, argv) != 0) return kFailed;
  const bool tells = only_tells(session.configData());
  const int failures = session.run();
  if (tells) return 0;
  // Another reporter (-r junit) counts neither test cases nor skips.
  const bool counted = session.configData().reporterName == "rehearse";
  if (failures != 0 || outcome.broken > 0 || outcome.skipping || (counted && outcome.ended == 0)) {
    return kFailed;
  }
  return outcome.skipped > 0 ? kSkipped : 0;
}

// By name alone: what tests/seeded sees reported as failed, and as skipped, in every test program.
TEST_CASE("seeded: fails", "[.seeded]") { CHECK(outcome.ended > 0); }
TEST_CASE("seeded: throws", "[.seeded]") { throw std::runtime_error("as it should"); }
TEST_CASE("seeded: fails 77 times", "[.seeded]") {
  for (int i = 0; i < kSkipped; ++i) CHECK(i < 0);
}
TEST_CASE("seeded: asserts nothing", "[.seeded]") {}
TEST_CASE("seeded: skips", "[.seeded]") { rehearse::test::skip("as it should"); }
TEST_CASE("seeded: skips after an assertion", "[.seeded]") {
  CHECK(outcome.ended == 0);
  rehearse::test::skip("too late");
}
TEST_CASE("seeded: prints that it is skipped and fails", "[.seeded]") {
  std::cout << "SKIPPED: not really" << std::endl;
  CHECK(outcome.ended > 0);
}

// What the command line says to those who do not know it yet.
#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "base/version.hpp"
#include "command_line.hpp"

using rehearse::test::Finished;
using rehearse::test::run_rehearse;

namespace {

void check_usage_error(const std::vector<std::string>& arguments, const std::string& line) {
  const Finished finished = run_rehearse(arguments);
  CHECK(finished.status == 2);
  CHECK(finished.out.empty());
  CHECK(finished.err == line + "\n");
}

std::size_t widest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, line.size());
  return widest;
}

}  // namespace

TEST_CASE("the version is what CMakeLists.txt states") {
  const Finished finished = run_rehearse({"version"});
  CHECK(finished.status == 0);
  CHECK(finished.out == "rehearse " + std::string(::rehearse::version()) + "\n");
  CHECK(finished.err.empty());
}

TEST_CASE("help goes to stdout and shows an example, for the program and each command") {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--help"},
                                                    {"version", "--help"},
                                                    {"run", "--help"},
                                                    {"explain", "--help"},
                                                    {"sweep", "--help"},
                                                    {"plan", "--help"},
                                                    {"explore", "--help"},
                                                    {"query", "--help"},
                                                    {"judge", "--help"},
                                                    {"drift", "--help"},
                                                    {"validate", "--help"}}) {
    const Finished finished = run_rehearse(arguments);
    INFO(finished.out);
    CHECK(finished.status == 0);
    CHECK(finished.err.empty());
    CHECK_THAT(finished.out, Catch::Contains("Example") && Catch::Contains(":\n  rehearse "));
    CHECK_THAT(finished.out, Catch::Contains("Usage: rehearse"));
    CHECK(widest_line(finished.out) <= 80);
  }
}

TEST_CASE("what is not known is refused, whether help is asked for or not") {
  check_usage_error({"bogus", "--help"},
                    "rehearse: unknown command \"bogus\" (see rehearse --help)");
  check_usage_error({"version", "now", "--help"},
                    "rehearse version: \"now\" is not expected here (see rehearse version --help)");
}

TEST_CASE("an empty name of a folder is refused before anything is run") {
  const Finished finished = run_rehearse({"run", "tests/app/valid.json", "--out", ""});
  CHECK(finished.status == 2);
  CHECK(finished.out.empty());
  CHECK_THAT(finished.err, Catch::Contains("--out") && Catch::Contains("the name of a folder"));
}

TEST_CASE("without a command the help goes to stderr with status 2") {
  const Finished finished = run_rehearse({});
  CHECK(finished.status == 2);
  CHECK(finished.out.empty());
  CHECK_THAT(finished.err, Catch::Contains("Usage: rehearse"));
}

TEST_CASE("an unknown command or option is answered with the nearest") {
  check_usage_error({"versoin"},
                    "rehearse: unknown command \"versoin\"; did you mean version? (see rehearse "
                    "--help)");
  check_usage_error({"version", "--hepl"},
                    "rehearse version: unknown option --hepl; did you mean --help? (see rehearse "
                    "version --help)");
  check_usage_error({"version", "now"},
                    "rehearse version: \"now\" is not expected here (see rehearse version --help)");
}

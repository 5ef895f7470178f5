// bench: what a run of a scenario costs, beside what its parts would cost alone.
//
// The scenario is run twice in processes of their own: once as it is, for its time and memory, and
// once while tapes note what it asks of the calendar and of SQLite. Then each tape is played on the
// bare part, and a table shows the ratio of the run to the sum of these floors. Times are processor
// times, which differ from wall time only where other programs compete for the machine.
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "measure.hpp"

namespace rehearse::bench {
namespace {

constexpr std::string_view kUsage =
    "usage: bench [--duration TIME] [--repeat N] [--no-floor] SCENARIO\n"
    "\n"
    "  --duration TIME   instead of the scenario's own, for more or fewer changes\n"
    "  --repeat N        do everything N times; the fastest of each counts (default 1)\n"
    "  --no-floor        the run alone, for sizes whose tapes would fill the disk\n"
    "\n"
    "example: bench --duration 1000s scenarios/steady.json\n";

Options parse(int argc, char** argv) {
  Options options;
  const auto value = [&](int& i) -> std::string {
    if (++i == argc) throw InputError(std::string(argv[i - 1]) + " needs a value");
    return argv[i];
  };
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--duration") {
      options.duration = value(i);
    } else if (word == "--repeat") {
      options.repeat = std::atoi(value(i).c_str());
      if (options.repeat < 1) throw InputError("--repeat takes a number of at least 1");
    } else if (word == "--no-floor") {
      options.floor = false;
    } else if (word.starts_with("-") || !options.scenario.empty()) {
      throw InputError("unexpected \"" + word + "\"");
    } else {
      options.scenario = word;
    }
  }
  if (options.scenario.empty()) throw InputError("which scenario?");
  return options;
}

}  // namespace
}  // namespace rehearse::bench

int main(int argc, char** argv) {
  using namespace rehearse;
  try {
    const bench::Options options = bench::parse(argc, argv);
    std::cout << bench::table(bench::measure(options));
    return 0;
  } catch (const InputError& error) {
    std::cerr << "bench: " << error.what() << "\n\n" << bench::kUsage;
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << "\n";
    return 3;
  }
}

// `rehearse validate`: is this scenario right? With the same rules as `run`, which it does not do.
#include <iostream>
#include <memory>

#include "app/command.hpp"
#include "app/command_line.hpp"
#include "app/common_options.hpp"
#include "app/remark.hpp"
#include "base/error.hpp"
#include "experiments/scenario/scenario.hpp"

namespace rehearse::app {
namespace {

struct Options {
  std::vector<std::string> files;
  SetOption set;
};

// Every file is looked at, so that one mistake does not hide the next file's.
int validate(const Options& options) {
  int status = kHolds;
  const std::vector<experiments::Override> overrides = options.set.overrides();
  for (const std::string& file : options.files) {
    try {
      const experiments::Scenario scenario = experiments::load_scenario(file, overrides);
      print_hints(scenario.hints);
      std::cout << file << ": valid (" << scenario.name << ")\n";
    } catch (const InputError& error) {
      remark(error.what());
      status = kBadInput;
    }
  }
  return status;
}

}  // namespace

void add_validate(CLI::App& program, Action& action) {
  Command command(program, "validate", "Check scenario files without running them");
  command.footer("Example:\n  rehearse validate scenarios/steady.json --set /bus/drop=0.1");
  const auto options = std::make_shared<Options>();  // lives as long as the callbacks below
  command.option("SCENARIO", options->files, "Scenario files").required().type_name("FILE...");
  options->set.add_to(command);
  command.callback([&action, options] { action = [options] { return validate(*options); }; });
}

}  // namespace rehearse::app

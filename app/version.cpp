// `rehearse version`
#include "base/version.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

#include "app/command.hpp"

namespace rehearse::app {

void add_version(CLI::App& program, Action& action) {
  CLI::App* command = program.add_subcommand("version", "Print the version");
  command->footer("Example:\n  rehearse version");
  command->callback([&action] {
    action = [] {
      std::cout << "rehearse " << version() << '\n';
      return kHolds;
    };
  });
}

}  // namespace rehearse::app

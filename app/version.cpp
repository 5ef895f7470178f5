// `rehearse version`
#include "base/version.hpp"

#include <iostream>

#include "app/command.hpp"
#include "app/command_line.hpp"

namespace rehearse::app {

void add_version(CLI::App& program, Action& action) {
  Command command(program, "version", "Print the version");
  command.footer("Example:\n  rehearse version");
  command.callback([&action] {
    action = [] {
      std::cout << "rehearse " << version() << '\n';
      return kHolds;
    };
  });
}

}  // namespace rehearse::app

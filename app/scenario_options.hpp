// The arguments that every command on a scenario takes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/scenario_file.hpp"

namespace CLI {
class App;
}

namespace rehearse::app {

/// `--set POINTER=VALUE`, any number of times, as the user wrote them.
struct SetOption {
  std::vector<std::string> texts;

  void add_to(CLI::App& command);
  /// Throws InputError.
  std::vector<experiments::Override> overrides() const;
};

}  // namespace rehearse::app

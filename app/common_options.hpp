// What commands on a scenario share: the arguments that mean the same in all of them, and how notes
// on its settings are shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "experiments/scenario/scenario_file.hpp"

namespace rehearse::app {

/// `--set POINTER=VALUE`, any number of times, as the user wrote them.
struct SetOption {
  std::vector<std::string> texts;

  void add_to(Command& command);
  /// Throws InputError.
  std::vector<experiments::Override> overrides() const;
};

/// `--seed N`, read as the scenario's would be.
void add_seed(Command& command, std::optional<std::string>& seed,
              const std::string& help = "Seed instead of the scenario's");

/// `--jobs N`; one for each core where the user does not say.
void add_jobs(Command& command, int& jobs, const std::string& help);

/// `--out DIR`; an empty name is refused.
void add_out(Command& command, std::string& folder, const std::string& help);

/// What a scenario's settings are to be told, on stderr.
void print_hints(const std::vector<std::string>& hints);

/// `--format text|json`.
void add_format(Command& command, std::string& format);

}  // namespace rehearse::app

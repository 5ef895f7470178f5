// Running another program with text in and text out, without a shell.
#pragma once

#include <string>
#include <vector>

namespace rehearse::os {

struct ProgramResult {
  bool started = false;  ///< false when the program is not installed
  int status = -1;       ///< exit status; 128 plus the signal when one ended it
  std::string output;
  std::string errors;
};

/// Runs `arguments` (the first is the program, looked up in PATH) with `input` on its standard
/// input, and waits for its end. Its locale is C, so numbers look the same everywhere.
ProgramResult run_program(const std::vector<std::string>& arguments, const std::string& input);

}  // namespace rehearse::os

// The command line as a whole: `rehearse COMMAND ...`.
#pragma once

namespace rehearse::app {

/// Parses the command line, runs the command and returns the exit status. Throws nothing.
int run_program(int argc, const char* const* argv);

}  // namespace rehearse::app

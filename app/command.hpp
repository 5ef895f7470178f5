// What the subcommands share. Each lives in a file of its own, declares its options on the program
// and leaves an action that program.cpp runs once the command line is known to be right.
//
// Results go to stdout, diagnostics to stderr. An action returns one of the statuses below or
// throws: an InputError ends the program with bad_input, anything else with internal_error.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace rehearse::app {

enum ExitStatus : int {
  kHolds = 0,          ///< done, and all expectations hold
  kFailed = 1,         ///< an expectation failed, or a regression or violation was found
  kBadInput = 2,       ///< bad usage or scenario
  kInternalError = 3,  ///< a bug or an exhausted machine
  kInterrupted = 130,  ///< Ctrl-C, as shells number it
};

using Action = std::function<int()>;

void add_drift(CLI::App& program, Action& action);
void add_explain(CLI::App& program, Action& action);
void add_explore(CLI::App& program, Action& action);
void add_judge(CLI::App& program, Action& action);
void add_plan(CLI::App& program, Action& action);
void add_query(CLI::App& program, Action& action);
void add_run(CLI::App& program, Action& action);
void add_sweep(CLI::App& program, Action& action);
void add_validate(CLI::App& program, Action& action);
void add_version(CLI::App& program, Action& action);

}  // namespace rehearse::app

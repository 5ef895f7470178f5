#include "app/program.hpp"

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <new>

#include "app/command.hpp"
#include "app/help_formatter.hpp"
#include "app/remark.hpp"
#include "base/config.hpp"
#include "base/error.hpp"
#include "base/os/interrupt.hpp"
#include "base/text/utf8.hpp"
#include "base/text/wrap.hpp"

namespace rehearse::app {
namespace {

// The command whose arguments are being read.
const CLI::App& innermost(const CLI::App& program) {
  const CLI::App* at = &program;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return *at;
}

std::string full_name(const CLI::App& program, const CLI::App& command) {
  return &command == &program ? program.get_name() : program.get_name() + " " + command.get_name();
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

// What is wrong with the first argument that nothing took.
std::string unexpected(const CLI::App& program, const CLI::App& command,
                       const std::string& argument) {
  const bool is_option = argument.starts_with("-");
  std::vector<std::string> known;
  std::string message = "\"" + printable(argument) + "\" is not expected here";
  if (is_option) {
    known = option_names(command);
    message = "unknown option " + printable(argument);
  } else if (&command == &program) {
    known = command_names(program);
    message = "unknown command \"" + printable(argument) + "\"";
  }
  const std::string word = argument.substr(0, argument.find('='));
  if (const auto near = config::nearest(word, known)) message += "; did you mean " + *near + "?";
  return message;
}

int refuse(const CLI::App& program, const CLI::ParseError& error) {
  const CLI::App& command = innermost(program);
  const std::vector<std::string> rest = program.remaining(true);
  const std::string message =
      rest.empty() ? printable(error.what(), 300) : unexpected(program, command, rest.front());
  const std::string name = full_name(program, command);
  std::cerr << wrapped(name + ": ", message + " (see " + name + " --help)");
  return kBadInput;
}

// An assertion that fails has said why; it is a bug like any other.
extern "C" void end_as_internal_error(int) { std::_Exit(kInternalError); }

int perform(const Action& action) {
  try {
    const int status = action();
    std::cout.flush();
    if (std::cout.good()) return status;
    std::cerr << "rehearse: the output cannot be written\n";
  } catch (const InputError& error) {
    remark(error.what());
    return kBadInput;
  } catch (const os::Interrupted&) {
    std::cerr << "rehearse: interrupted\n";
    return kInterrupted;
  } catch (const std::bad_alloc&) {
    std::cerr << "rehearse: out of memory\n";
  } catch (const std::exception& error) {
    std::cerr << "rehearse: internal error: " << error.what() << '\n';
  }
  return kInternalError;
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  std::signal(SIGABRT, end_as_internal_error);
  CLI::App program(
      "Rehearses ML operations before production does: runs days of source systems,\n"
      "events and faults against a real metadata graph and measures how stale and how\n"
      "wrong it was.",
      "rehearse");
  program.footer(
      "Example:\n  rehearse run scenarios/ranking-worked-example.json --out out\n\n"
      "Exit status: 0 all expectations hold, 1 one failed, 2 bad usage or scenario,\n"
      "3 internal error, 130 interrupted.");
  program.formatter(std::make_shared<HelpFormatter>());
  program.require_subcommand(0, 1);
  Action action;
  add_run(program, action);
  add_sweep(program, action);
  add_plan(program, action);
  add_explore(program, action);
  add_query(program, action);
  add_explain(program, action);
  add_judge(program, action);
  add_drift(program, action);
  add_validate(program, action);
  add_version(program, action);
  try {
    program.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    if (!program.remaining(true).empty()) return refuse(program, help);
    std::cout << program.help();
    return kHolds;
  } catch (const CLI::ParseError& error) {
    return refuse(program, error);
  }
  if (!action) {
    std::cerr << program.help();
    return kBadInput;
  }
  return perform(action);
}

}  // namespace rehearse::app

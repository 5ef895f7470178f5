// The command line as a subcommand declares it: its options, where their values go, and what is to
// happen once they are known to be right.
//
// It stands in front of CLI11, whose headers take four seconds to compile in every file that
// includes them and, in most, more than all else together: only command_line.cpp, program.cpp and
// help_formatter.* see them. What is offered here is what Rehearse's options need.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace rehearse::app {

/// An option that was declared. Calls chain.
class Option {
 public:
  explicit Option(CLI::Option& option) : option_(&option) {}

  Option& required();
  /// How `--help` names the value.
  Option& type_name(const std::string& name);
  /// It takes so many values, or between `least` and `most` of them.
  Option& expected(int count);
  Option& expected(int least, int most);
  /// It may be given several times, with one value each.
  Option& repeatable();
  /// Several values may stand in one argument.
  Option& delimiter(char between);
  /// `--help` shows the variable's value of this moment, or `text`, as the default.
  Option& show_default();
  Option& show_default(const std::string& text);
  /// Numbers from `low` to `high` alone, which `--help` shows. For int, std::size_t and double.
  template <class T>
  Option& between(T low, T high);
  /// These words alone, which `--help` shows beside the name of the value.
  Option& one_of(const std::vector<std::string>& words);
  /// These words alone, which `--help` shows in its place.
  Option& choice(const std::vector<std::string>& words);
  /// `problem` says what is wrong with a value, and nothing where it is right.
  Option& check(const std::function<std::string(const std::string&)>& problem);

 private:
  CLI::Option* option_;
};

/// A subcommand of the program, which owns it.
class Command {
 public:
  Command(CLI::App& program, const std::string& name, const std::string& description);

  /// An option (`--name`) or argument (`NAME`) whose value goes to `value`, which has to live until
  /// the command line is read. For std::string, std::optional<std::string>,
  /// std::vector<std::string>, int, double, std::size_t, std::optional<std::size_t>,
  /// std::vector<std::size_t> and std::vector<double>.
  template <class T>
  Option option(const std::string& name, T& value, const std::string& help);
  void flag(const std::string& name, bool& value, const std::string& help);

  /// What `--help` ends with.
  void footer(const std::string& text);
  /// The lines that `--help` opens with, each as it follows the command's name.
  void usage(const std::vector<std::string>& forms);

  /// Called when the command line has this command and is right.
  void callback(const std::function<void()>& call);
  /// Whether the command line has the option. REQUIRES: the command line is read.
  bool given(const std::string& option) const;

 private:
  CLI::App* command_;
};

}  // namespace rehearse::app

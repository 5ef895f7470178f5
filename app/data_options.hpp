// What `judge` and `drift` share: how their data files are written, and the reports they leave for
// build servers and reviews.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "base/csv_dialect.hpp"

namespace rehearse::app {

/// `--separator`, `--decimal`, `--layout`.
struct DataOptions {
  std::string separator = "auto", decimal = ".", layout = "auto";

  void add_to(Command& command);
  /// Throws InputError.
  csv::Dialect dialect() const;
  /// Of CSV: whether it is grouped; nullopt where its header says.
  std::optional<bool> grouped() const;
};

/// One thing that was checked, as JUnit and Markdown show it.
struct Checked {
  enum class State { passed, failed, unclear } state = State::passed;
  std::string name;
  std::string headline;  ///< "large drift (psi 0.31)"
  std::string details;   ///< the numbers, in one line
};

struct Checklist {
  std::string title;    ///< "drift", "canary"
  std::string verdict;  ///< in a line
  std::vector<Checked> checks;
};

/// `--junit FILE`, `--markdown FILE`; empty where no file is wanted.
struct ReportOptions {
  std::string junit, markdown;

  void add_to(Command& command);
  /// Throws InputError when a file cannot be written.
  void write(const Checklist& list) const;
};

/// A test suite with a test case for each check; what is unclear is an error. No times.
std::string junit_of(const Checklist& list);
/// A heading, the verdict and a table.
std::string markdown_of(const Checklist& list);

}  // namespace rehearse::app

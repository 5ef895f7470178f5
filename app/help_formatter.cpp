#include "app/help_formatter.hpp"

#include <sstream>

#include "base/text/wrap.hpp"

namespace rehearse::app {
namespace {

// CLI11 indents what follows a line end to the column of the descriptions.
std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

}  // namespace

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  return joined(wrapped_lines(option->get_description(), kColumns - get_column_width()));
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  std::ostringstream line;
  CLI::detail::format_help(
      line, command->get_name(),
      joined(wrapped_lines(command->get_description(), kColumns - get_column_width())),
      get_column_width());
  return line.str();
}

}  // namespace rehearse::app

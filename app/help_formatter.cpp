#include "app/help_formatter.hpp"

#include <sstream>

namespace rehearse::app {
namespace {

constexpr std::size_t kColumns = 80;

// CLI11 indents what follows a line end to the column of the descriptions.
std::string wrapped(const std::string& description, std::size_t width) {
  std::istringstream words(description);
  std::string text;
  std::size_t column = 0;
  for (std::string word; words >> word; column += word.size()) {
    if (column > 0 && column + 1 + word.size() > width) {
      text += '\n';
      column = 0;
    } else if (column > 0) {
      text += ' ';
      ++column;
    }
    text += word;
  }
  return text;
}

}  // namespace

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  return wrapped(option->get_description(), kColumns - get_column_width());
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  std::ostringstream line;
  CLI::detail::format_help(line, command->get_name(),
                           wrapped(command->get_description(), kColumns - get_column_width()),
                           get_column_width());
  return line.str();
}

}  // namespace rehearse::app

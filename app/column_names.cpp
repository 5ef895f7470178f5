#include "app/column_names.hpp"

#include <algorithm>

#include "base/csv_cells.hpp"

namespace rehearse::app {

Option add_names(Command& command, const std::string& option, std::vector<std::string>& names,
                 const std::string& help) {
  return command.option(option, names, help).type_name("NAME").repeatable();
}

std::vector<std::string> split_names(const std::vector<std::string>& given,
                                     const std::vector<std::string>& known) {
  const auto is_known = [&](const std::string& name) {
    return std::find(known.begin(), known.end(), name) != known.end();
  };
  std::vector<std::string> names;
  const auto take = [&](const std::string& name) {
    const std::string trimmed(csv::trimmed(name));
    names.push_back(is_known(name) || !is_known(trimmed) ? name : trimmed);
  };
  for (const std::string& value : given) {
    for (std::size_t from = 0; from <= value.size();) {
      std::size_t end = value.size();  // of the longest known name that begins here
      while (end != std::string::npos && end > from && !is_known(value.substr(from, end - from)) &&
             !is_known(std::string(csv::trimmed(value.substr(from, end - from))))) {
        end = value.rfind(',', end - 1);
        if (end != std::string::npos && end < from) end = std::string::npos;
      }
      if (end == std::string::npos || end <= from)
        end = std::min(value.find(',', from), value.size());
      take(value.substr(from, end - from));
      from = end + 1;
    }
  }
  return names;
}

}  // namespace rehearse::app

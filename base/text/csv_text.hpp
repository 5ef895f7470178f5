// Writing CSV files (RFC 4180).
#pragma once

#include <string>
#include <string_view>

namespace rehearse {

/// The text as a cell: in quotes where it needs them.
std::string csv_cell(std::string_view text);

}  // namespace rehearse

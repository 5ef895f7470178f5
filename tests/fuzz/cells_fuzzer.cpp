// Cells of a CSV file read as numbers: whatever the bytes, a number or a missing value comes back,
// or one InputError that says where.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "app/cells.hpp"
#include "base/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const std::string cell(reinterpret_cast<const char*>(data), size);
  const app::CellPlace place{"fuzzed", "column", 3, 4};
  try {
    const double value = app::number_at(cell, place, "; advice");
    const auto number = app::to_number(cell);
    if (app::is_missing(cell) ? !std::isnan(value) : !number.has_value()) std::abort();
    if (number && !std::isnan(*number) && *number != value) std::abort();
  } catch (const InputError& error) {
    if (app::is_missing(cell) || app::to_number(cell)) std::abort();
    if (error.where().line != 3 || error.where().column != 5 || error.message().empty()) {
      std::abort();
    }
  }
  return 0;
}

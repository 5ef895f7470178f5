// Cells of a CSV file: whatever the bytes, a cell is a number that is no NaN, missing, or text that
// an InputError places; and a label's label is itself.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/csv_cells.hpp"
#include "base/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const char decimal : {'.', ','}) {
    const csv::Cell cell = csv::read_cell(text, decimal);
    if (cell.kind == csv::CellKind::number && std::isnan(cell.value)) std::abort();
    try {
      const double value = csv::number_at(text, decimal, {"fuzzed", "column", 3, 4}, "; advice");
      const bool missing = cell.kind == csv::CellKind::missing;
      if (missing ? !std::isnan(value) : value != cell.value) std::abort();
      if (cell.kind == csv::CellKind::text) std::abort();
    } catch (const InputError& error) {
      if (cell.kind != csv::CellKind::text) std::abort();
      if (error.where().line != 3 || error.where().column != 5 || error.message().empty()) {
        std::abort();
      }
    }
  }
  const std::string label = csv::label_of(text);
  if (csv::label_of(label) != label) std::abort();
  return 0;
}

// CSV files: whatever the bytes and the dialect, every row has as many cells as the header, or one
// InputError says what is wrong.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "memory_file.hpp"

namespace {

void read_all(const std::string& path, const rehearse::csv::Dialect& dialect) {
  using namespace rehearse;
  try {
    csv::Reader reader(path, dialect);
    csv::Row row;
    std::size_t line = 1;
    for (std::size_t rows = 0; reader.next(row); ++rows) {
      if (row.cells.size() != reader.header().size() || row.line < line) std::abort();
      if (reader.expected_rows(rows) < rows) std::abort();
      line = row.line;
    }
  } catch (const InputError& error) {
    if (error.message().empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const rehearse::fuzz::MemoryFile file(data, size);
  read_all(file.path(), rehearse::csv::kPlain);
  read_all(file.path(), {});
  read_all(file.path(), {';', ',', true});
  return 0;
}

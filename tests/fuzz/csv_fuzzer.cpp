// CSV files: whatever the bytes, every row has as many cells as the header, or one InputError says
// what is wrong.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/csv.hpp"
#include "base/error.hpp"

namespace {

void read_all(const std::string& path) {
  using namespace rehearse;
  try {
    csv::Reader reader(path);
    csv::Row row;
    std::size_t line = 1;
    while (reader.next(row)) {
      if (row.cells.size() != reader.header().size() || row.line < line) std::abort();
      line = row.line;
    }
  } catch (const InputError& error) {
    if (error.message().empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A file in memory, as the reader opens what it reads by name.
  const int file = memfd_create("fuzzed", 0);
  if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size)) std::abort();
  read_all("/proc/self/fd/" + std::to_string(file));
  close(file);
  return 0;
}

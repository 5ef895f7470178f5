// Tables of measurements, wide or grouped CSV or a range of Prometheus: whatever the bytes, columns
// come back, those of wide CSV of one length and those of grouped CSV with a value at least, or one
// InputError.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/data_grouped.hpp"
#include "base/data_table.hpp"
#include "base/error.hpp"
#include "memory_file.hpp"

namespace {

void read(const std::string& path, const rehearse::data::Request& request) {
  using namespace rehearse;
  try {
    const data::Table table = data::read_table(path, request);
    const bool wide = table.form.starts_with("CSV");
    for (const data::Column& column : table.columns) {
      const bool same = column.values.size() == table.columns.front().values.size();
      if (wide && !same) std::abort();
      if (!wide && column.values.empty() && table.form.starts_with("grouped")) std::abort();
    }
  } catch (const InputError& error) {
    if (error.message().empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const rehearse::fuzz::MemoryFile file(data, size);
  read(file.path(), {});
  rehearse::data::Request grouped;
  grouped.grouped = true;
  read(file.path(), grouped);
  rehearse::data::read_tags({reinterpret_cast<const char*>(data), size});
  return 0;
}

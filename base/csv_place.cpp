#include <fstream>

#include "base/csv.hpp"

namespace rehearse::csv {
namespace {

constexpr int kEnd = std::char_traits<char>::eof();

/// Characters of a file with their line and column.
class Walk {
 public:
  explicit Walk(const std::filesystem::path& path) : stream_(path, std::ios::binary) {
    for (const char mark : {'\xEF', '\xBB', '\xBF'}) {
      if (stream_.peek() == static_cast<unsigned char>(mark)) stream_.get();
    }
  }

  std::size_t line = 1;
  std::size_t column = 1;

  int peek() { return stream_.peek(); }

  void step() {
    const int c = stream_.get();
    const bool ends_line = c == '\n' || (c == '\r' && stream_.peek() != '\n');
    if (ends_line) {
      ++line;
      column = 1;
    } else if ((c & 0xC0) != 0x80) {  // not inside a code point
      ++column;
    }
  }

 private:
  std::ifstream stream_;
};

}  // namespace

Where place_of_cell(const std::filesystem::path& path, std::size_t line, std::size_t index) {
  const Where start{path.string(), "", line, 1};
  Walk walk(path);
  while (walk.line < line && walk.peek() != kEnd) walk.step();
  bool quoted = false;
  for (std::size_t cell = 0; cell < index; walk.step()) {
    const int c = walk.peek();
    if (c == kEnd || (!quoted && (c == '\n' || c == '\r'))) return start;
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) ++cell;
  }
  return {path.string(), "", walk.line, walk.column};
}

}  // namespace rehearse::csv

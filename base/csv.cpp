#include "base/csv.hpp"

#include <csv.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <fstream>
#include <new>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/csv_cells.hpp"
#include "base/error.hpp"
#include "base/os/input_file.hpp"
#include "base/text/utf8.hpp"

namespace rehearse::csv {
namespace {

constexpr std::size_t kBufferSize = 1U << 16U;
constexpr std::size_t kLongestRecord = 1U << 24U;
constexpr std::size_t kCellGrowth = 1U << 20U;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::array<std::string_view, 2> kOtherEncodings = {"\xFF\xFE", "\xFE\xFF"};

int no_space(unsigned char) { return 0; }  // spaces belong to the cells

}  // namespace

// libcsv is pushed one line of the file at a time, so at most one record ends per push and the line
// on which a record starts is known.
struct Reader::State {
  std::string file;
  std::ifstream stream;
  csv_parser parser{};
  std::string buffer;  // bytes read and not yet pushed start at `at`
  std::size_t at = 0;
  bool at_end = false;
  bool finished = false;

  std::size_t line = 1;         // of the next byte to push
  std::size_t line_column = 0;  // code points of that line pushed so far
  bool after_return = false;    // the last byte pushed was CR: an LF belongs to it
  std::size_t record_line = 1;  // on which the record being collected starts
  std::size_t record_bytes = 0;
  bool collecting = false;

  Row* row = nullptr;  // the record being collected
  std::size_t cells = 0;
  bool complete = false;
  std::vector<std::string> header;
  bool blank_is_missing = false;
  char separator = ',';
  bool separator_is_found = false;
  std::size_t bytes_read = 0;  // from the file, those in the buffer included
  std::size_t file_size = 0;

  State() {
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
    csv_set_space_func(&parser, no_space);
    // By default a long cell grows by 128 bytes at a time, each a copy where realloc cannot extend.
    csv_set_blk_size(&parser, kCellGrowth);
  }
  ~State() { csv_free(&parser); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  [[noreturn]] void fail(std::size_t in_line, std::size_t column,
                         const std::string& message) const {
    throw InputError({file, {}, in_line, column}, message);
  }

  static void on_cell(void* bytes, std::size_t length, void* self) {
    State& state = *static_cast<State*>(self);
    if (state.cells == state.row->cells.size()) state.row->cells.emplace_back();
    state.row->cells[state.cells++].assign(static_cast<const char*>(bytes),
                                           bytes == nullptr ? 0 : length);
  }
  static void on_record(int, void* self) { static_cast<State*>(self)->complete = true; }

  void open(const std::filesystem::path& path);
  void use(const Dialect& dialect);
  bool fill();
  std::string_view next_piece() const;
  void push(std::string_view piece);
  void finish();
  bool read(Row& target);
  void check_text(const Row& read) const;
  std::string comma_advice(const Row& read) const;
};

// Reads more of the file; false at its end.
bool Reader::State::fill() {
  buffer.resize(kBufferSize);
  stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
  buffer.resize(static_cast<std::size_t>(stream.gcount()));
  at = 0;
  bytes_read += buffer.size();
  if (stream.bad()) fail(line, 1, "cannot be read further");
  return !buffer.empty();
}

// The rest of the buffer up to and with the first line end.
std::string_view Reader::State::next_piece() const {
  const std::string_view rest = std::string_view(buffer).substr(at);
  const std::size_t end = rest.find_first_of("\r\n");
  return end == std::string_view::npos ? rest : rest.substr(0, end + 1);
}

void Reader::State::push(std::string_view piece) {
  assert(!piece.empty());
  const bool second_half = after_return && piece == "\n";
  if (!collecting && !second_half) {
    record_line = line;
    // libcsv makes nothing of a blank line.
    const bool blank = piece == "\n" || piece == "\r";
    if (blank && blank_is_missing && header.size() == 1) {
      on_cell(nullptr, 0, this);
      complete = true;
    }
  }
  const std::size_t used = csv_parse(&parser, piece.data(), piece.size(), on_cell, on_record, this);
  if (used != piece.size()) {
    if (csv_error(&parser) == CSV_ENOMEM) throw std::bad_alloc();
    fail(
        line, line_column + count_code_points(piece.substr(0, used)) + 1,
        "a quote stands inside a cell; a cell with quotes is written \"...\" with each quote in it "
        "doubled");
  }
  collecting =
      !complete && (collecting || piece.find_first_not_of("\r\n") != std::string_view::npos);
  record_bytes = collecting ? record_bytes + piece.size() : 0;
  if (record_bytes > kLongestRecord) {
    fail(record_line, 1, "this record is longer than 16 MiB; is a quote in it not closed?");
  }
  const char last = piece.back();
  if (last != '\r' && last != '\n') {
    line_column += count_code_points(piece);
  } else {
    if (!second_half) ++line;
    line_column = 0;
  }
  after_return = last == '\r';
}

void Reader::State::finish() {
  finished = true;
  if (csv_fini(&parser, on_cell, on_record, this) == 0) return;
  if (csv_error(&parser) == CSV_ENOMEM) throw std::bad_alloc();
  const std::string name =
      cells < header.size() ? " (\"" + printable(header[cells]) + "\")" : std::string();
  fail(record_line, 1,
       "the quote that opens cell " + std::to_string(cells + 1) + name +
           " of this record never closes");
}

// The next record, of any number of cells.
bool Reader::State::read(Row& target) {
  row = &target;
  cells = 0;
  complete = false;
  while (!complete && !finished) {
    if (at == buffer.size() && !fill()) {
      finish();
      continue;
    }
    const std::string_view piece = next_piece();
    at += piece.size();
    push(piece);
  }
  target.cells.resize(cells);
  target.line = record_line;
  if (complete) check_text(target);
  return complete;
}

void Reader::State::check_text(const Row& read) const {
  for (std::size_t i = 0; i < read.cells.size(); ++i) {
    if (find_invalid_utf8(read.cells[i]) == std::string_view::npos) continue;
    fail(read.line, 1,
         "cell " + std::to_string(i + 1) + " is not UTF-8: \"" + printable(read.cells[i]) + "\"");
  }
}

// Of a record with too many cells: what the commas between them may be.
std::string Reader::State::comma_advice(const Row& read) const {
  if (!separator_is_found || separator != ',' || read.cells.size() <= header.size()) return "";
  if (header.size() == 1 && read.cells.size() == 2) {
    return decimal_advice(read.cells[0] + "," + read.cells[1], '.');
  }
  return "; a cell that holds a comma, such as 0,5, needs quotes";
}

void Reader::State::open(const std::filesystem::path& path) {
  file = path.string();
  std::error_code ignored;
  const auto size = std::filesystem::file_size(path, ignored);
  if (!ignored) file_size = size;
  stream = os::open_input(path);
  fill();
  if (std::string_view(buffer).starts_with(kByteOrderMark)) at = kByteOrderMark.size();
  for (const std::string_view mark : kOtherEncodings) {
    if (std::string_view(buffer).starts_with(mark)) {
      fail(1, 1, "is UTF-16, as spreadsheet programs write \"Unicode text\"; UTF-8 is due");
    }
  }
}

void Reader::State::use(const Dialect& dialect) {
  blank_is_missing = dialect.blank_is_missing;
  separator = dialect.separator.value_or(',');
  const bool plain = dialect.separator == ',' && !dialect.blank_is_missing;
  if (!plain) {
    const std::string_view beginning = std::string_view(buffer).substr(at);
    std::size_t length = 0;
    const auto declared = declared_separator(beginning, length);
    if (declared) {
      at += length;
      ++line;
    }
    // A comma that begins a fraction parts no cells, unless it parts the header.
    const char otherwise = dialect.decimal == ',' ? ';' : ',';
    if (!dialect.separator) separator = declared ? *declared : find_separator(beginning, otherwise);
    separator_is_found = !dialect.separator && !declared;
  }
  csv_set_delim(&parser, static_cast<unsigned char>(separator));
}

Reader::Reader(const std::filesystem::path& path, const Dialect& dialect)
    : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.open(path);
  state.use(dialect);
  Row first;
  if (!state.read(first)) state.fail(0, 0, "is empty; a header line with column names is needed");
  std::set<std::string> seen;
  for (const std::string& name : first.cells) {
    if (!seen.insert(name).second) {
      state.fail(first.line, 1, "the column \"" + printable(name) + "\" is named twice");
    }
  }
  state.header = std::move(first.cells);
}

Reader::~Reader() = default;

const std::vector<std::string>& Reader::header() const { return state_->header; }

char Reader::separator() const { return state_->separator; }

std::size_t Reader::expected_rows(std::size_t rows) const {
  const std::size_t used = state_->bytes_read - (state_->buffer.size() - state_->at);
  if (used == 0 || state_->file_size <= used) return rows;
  const double each = static_cast<double>(used) / static_cast<double>(rows + 1);
  return std::max(rows, static_cast<std::size_t>(static_cast<double>(state_->file_size) / each));
}

std::size_t Reader::column(std::string_view name) const {
  const std::vector<std::string>& header = state_->header;
  const auto found = std::find(header.begin(), header.end(), name);
  if (found != header.end()) return static_cast<std::size_t>(found - header.begin());
  std::string message = "has no column \"" + printable(name) + "\"";
  if (const auto near = nearest_column(name, header)) {
    message += "; did you mean \"" + printable(*near) + "\"?";
  }
  message += "; columns:";
  for (std::size_t i = 0; i < header.size() && i < 40; ++i) {
    message += (i == 0 ? " " : ", ") + printable(header[i]);
  }
  if (header.size() > 40) message += ", ...";
  state_->fail(1, 1, message);
}

bool Reader::next(Row& row) {
  if (!state_->read(row)) return false;
  const std::size_t expected = state_->header.size();
  if (row.cells.size() != expected) {
    state_->fail(row.line, 1,
                 "found " + std::to_string(row.cells.size()) + " cells; the header has " +
                     std::to_string(expected) +
                     (state_->separator == ','
                          ? std::string()
                          : " (separated by " + separator_name(state_->separator) + ")") +
                     state_->comma_advice(row));
  }
  return true;
}

}  // namespace rehearse::csv

#include "base/data_json.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <string_view>
#include <vector>

#include "base/csv_cells.hpp"
#include "base/error.hpp"
#include "base/os/input_file.hpp"
#include "base/text/utf8.hpp"

namespace rehearse::data {
namespace {

using nlohmann::json;

constexpr int kDeepest = 16;
constexpr std::uintmax_t kLargest = 256U << 20U;

/// Watches the library read: it would take the last of two equal keys, and any depth.
class Watch {
 public:
  explicit Watch(std::string file) : file_(std::move(file)) {}

  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    if (depth > kDeepest) refuse_json(file_, "", "nested deeper than 16 levels");
    if (event == json::parse_event_t::object_start) keys_.emplace_back();
    if (event == json::parse_event_t::object_end) keys_.pop_back();
    if (event == json::parse_event_t::key &&
        !keys_.back().insert(parsed.get_ref<const std::string&>()).second) {
      refuse_json(file_, "",
                  "the key \"" + printable(parsed.get_ref<const std::string&>()) +
                      "\" stands twice in one object");
    }
    return true;
  }

 private:
  std::string file_;
  std::vector<std::set<std::string>> keys_;
};

std::string read_text(const std::filesystem::path& path) {
  const Where where{path.string(), "", 0, 0};
  std::error_code ignored;
  const std::uintmax_t size = std::filesystem::file_size(path, ignored);
  if (!ignored && size > kLargest) throw InputError(where, "is larger than 256 MiB");
  std::ifstream stream = os::open_input(path);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

}  // namespace

json load_json(const std::filesystem::path& path) {
  const std::string text = read_text(path);
  try {
    return json::parse(text, Watch(path.string()));
  } catch (const json::parse_error& error) {
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
      throw InputError({path.string(), "", 0, 0}, "is empty; JSON is needed");
    }
    // The library counts bytes from 1, and one more than there are at an end that comes too early.
    const std::size_t at = std::min(error.byte == 0 ? 0 : error.byte - 1, text.size());
    const std::string_view before = std::string_view(text).substr(0, at);
    const auto lines = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t in_line = before.size() - (before.rfind('\n') + 1);
    throw InputError({path.string(), "", lines + 1, in_line + 1},
                     "not valid JSON near byte " + std::to_string(at + 1));
  } catch (const json::exception& error) {
    throw InputError({path.string(), "", 0, 0}, "not valid JSON: " + printable(error.what(), 200));
  }
}

void refuse_json(const std::string& file, const std::string& pointer, const std::string& message) {
  throw InputError({file, pointer, 0, 0}, message);
}

const json& member(const json& object, const char* key, const std::string& file,
                   const std::string& pointer) {
  if (!object.is_object()) refuse_json(file, pointer, "an object is due");
  const auto found = object.find(key);
  if (found == object.end()) {
    refuse_json(file, pointer, "has no member \"" + std::string(key) + "\"");
  }
  return *found;
}

double value_of(const json& value, const std::string& file, const std::string& pointer) {
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) {
    const csv::Cell cell = csv::read_cell(value.get_ref<const std::string&>());
    if (cell.kind == csv::CellKind::number) return cell.value;
    if (cell.kind == csv::CellKind::missing) return std::numeric_limits<double>::quiet_NaN();
  }
  refuse_json(file, pointer,
              printable(value.dump(-1, ' ', false, json::error_handler_t::replace)) +
                  "; a number or nothing is due");
}

}  // namespace rehearse::data

// Strict reading of JSON settings: scenario files, provider and rule declarations, canary configs.
//
// A Document is a parsed file (comments allowed) in which every value remembers where it stands.
// Duplicate keys are errors. An Object gives typed access to a JSON object and notices which keys
// were asked for: done() reports the first key nobody asked for, with the nearest known one. Every
// error is an InputError with file, JSON pointer, line and column, what was found and what is
// allowed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace rehearse::config {

enum class Kind { null, boolean, number, string, array, object };

struct Member;

/// A JSON value and where it stands. Object members keep the order of the file.
struct Node {
  Kind kind = Kind::null;
  bool boolean = false;
  double number = 0;
  std::int64_t integer = 0;     ///< meaningful when is_integer
  bool is_integer = false;      ///< the number was written without fraction or exponent and fits
  std::string text;             ///< of a string; of a number: as written
  std::vector<Node> items;      ///< of an array
  std::vector<Member> members;  ///< of an object
  Where where;

  const Node* find(std::string_view key) const;  ///< member of an object; nullptr when absent
};

/// A member of an object. Not a std::pair, whose constraints would ask for properties of a Node
/// that is not complete yet.
struct Member {
  std::string first;
  Node second;
};

/// Parses JSON text with // and /* */ comments. `file` is the name used in errors; `pointer` is
/// where the text's root stands in the whole. Throws InputError.
Node parse(std::string_view text, const std::string& file, const std::string& pointer = "");

/// Reads and parses a file. Throws InputError when it cannot be read.
Node load(const std::filesystem::path& path);

/// The file name in the places of values that `set` has made.
inline const std::string kCommandLine = "--set";

/// Applies `patch` to `target` as RFC 7386 does (null removes a member). Places are kept.
void merge(Node& target, const Node& patch);

/// Sets the value at a JSON pointer (`--set POINTER=VALUE`), making objects on the way; VALUE is
/// JSON, or a bare string when it does not parse as JSON. Its places have the file kCommandLine; of
/// an option that stands for a pointer, the option's name and no pointer. Throws InputError for a
/// pointer that runs through a scalar, or an array index that does not exist ("-" appends).
void set(Node& target, std::string_view pointer, std::string_view value,
         const std::string& option = kCommandLine);

/// The candidate with the smallest edit distance to `word`, if it is near enough to be meant.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

/// "found X" for messages: the kind and a short form of the value.
std::string shown(const Node& node);

/// A key as a JSON pointer has it (RFC 6901): "a/b~c" is "a~1b~0c".
std::string escaped_key(std::string_view key);

/// Throws InputError at `node`.
[[noreturn]] void fail(const Node& node, const std::string& message);

/// Allowed range of a number; inclusive unless said otherwise.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_exclusive = false;
};

// Single values. Each throws InputError when the node is not one.
bool to_boolean(const Node& node);
std::int64_t to_integer(const Node& node, std::int64_t low, std::int64_t high);
double to_number(const Node& node, Range range = {});
std::string to_string(const Node& node);
double to_probability(const Node& node);
Duration to_duration(const Node& node);  ///< "250ms", "2s", "5m", "6h", "30d"; >= 0
std::optional<Duration> to_duration_or_none(const Node& node);  ///< "none" is nullopt
Rate to_rate(const Node& node);  ///< "20/s", "3/m", "40/h", "10/d"; >= 0
std::optional<Rate> to_rate_or_none(const Node& node);
/// A file name: relative to the file in which it stands, or, given by --set, to the working
/// directory.
std::filesystem::path to_path(const Node& node);

/// Typed access to the members of a JSON object. Members that are absent give the default.
class Object {
 public:
  /// REQUIRES: `node` outlives this. Throws InputError when it is not an object.
  explicit Object(const Node& node);

  const Node& node() const { return node_; }
  bool has(std::string_view key);          ///< also marks the key as known
  const Node* find(std::string_view key);  ///< nullptr when absent
  const Node& require(std::string_view key);

  bool boolean(std::string_view key, bool otherwise);
  std::int64_t integer(std::string_view key, std::int64_t otherwise, std::int64_t low,
                       std::int64_t high = std::numeric_limits<std::int64_t>::max());
  double number(std::string_view key, double otherwise, Range range = {});
  std::string string(std::string_view key, const std::string& otherwise);
  double probability(std::string_view key, double otherwise);
  Duration duration(std::string_view key, Duration otherwise);
  std::optional<Duration> duration_or_none(std::string_view key, std::optional<Duration> otherwise);
  std::optional<Rate> rate_or_none(std::string_view key, std::optional<Rate> otherwise);
  std::vector<std::string> strings(std::string_view key);  ///< an array of strings, or empty
  /// One of `allowed`; an error names the nearest.
  std::string choice(std::string_view key, const std::string& otherwise,
                     const std::vector<std::string>& allowed);

  /// Throws InputError for the first member that was never asked for.
  void done() const;

 private:
  const Node& node_;
  std::vector<std::string> known_;
};

}  // namespace rehearse::config

// JSON text to nodes that know their places.
//
// nlohmann_json decides what is JSON and calls back per token, without saying where the token
// stands. The Cursor therefore walks the same text beside it: at each callback it skips what may
// stand between tokens and finds the token's first character. It only ever sees tokens that the
// library has accepted, so it needs no grammar of its own.
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "base/config.hpp"
#include "base/os/input_file.hpp"
#include "base/text/utf8.hpp"

namespace rehearse::config {
namespace {

constexpr std::size_t kMaximumDepth = 64;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {
    if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) at_ = kByteOrderMark.size();
  }

  // Moves to the first character of the next token.
  void to_token() {
    while (at_ < text_.size()) {
      const std::string_view rest = text_.substr(at_);
      if (std::string_view(" \t\r\n,:").find(rest[0]) != std::string_view::npos) {
        step();
      } else if (rest.substr(0, 2) == "//") {
        // The library ends a comment at a lone carriage return, too.
        while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') step();
      } else if (rest.substr(0, 2) == "/*") {
        const std::size_t end = rest.find("*/", 2);
        advance(end == std::string_view::npos ? rest.size() : end + 2);
      } else {
        return;
      }
    }
  }

  // Passes the token at the cursor and returns its text.
  std::string_view pass_token() {
    const std::size_t begin = at_;
    if (at_ == text_.size()) return {};
    if (text_[at_] == '"') {
      step();
      while (at_ < text_.size() && text_[at_] != '"') {
        if (text_[at_] == '\\') step();
        step();
      }
      step();
    } else if (std::string_view("{}[]").find(text_[at_]) != std::string_view::npos) {
      step();
    } else {
      while (at_ < text_.size() &&
             std::string_view(" \t\r\n,:{}[]/").find(text_[at_]) == std::string_view::npos) {
        step();
      }
    }
    return text_.substr(begin, at_ - begin);
  }

  void advance(std::size_t bytes) {
    for (; bytes > 0; --bytes) step();
  }

  std::size_t offset() const { return at_; }
  std::size_t line() const { return line_; }
  std::size_t column() const { return column_; }

 private:
  void step() {
    if (at_ >= text_.size()) return;
    if (text_[at_] == '\n') {
      ++line_;
      column_ = 1;
    } else if ((static_cast<unsigned char>(text_[at_]) & 0xC0U) != 0x80U) {
      ++column_;
    }
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t column_ = 1;
};

// Builds the tree from the library's callbacks.
class Builder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  Builder(std::string_view text, const std::string& file, std::string pointer)
      : text_(text), file_(file), pointer_(std::move(pointer)), cursor_(text) {}

  bool null() {
    add(Kind::null);
    return true;
  }
  bool boolean(bool value) {
    add(Kind::boolean).boolean = value;
    return true;
  }
  bool number_integer(number_integer_t value) {
    Node& node = add(Kind::number);
    node.number = static_cast<double>(value);
    node.integer = value;
    node.is_integer = true;
    return true;
  }
  bool number_unsigned(number_unsigned_t value) {
    Node& node = add(Kind::number);
    node.number = static_cast<double>(value);
    node.is_integer = value <= static_cast<number_unsigned_t>(INT64_MAX);
    if (node.is_integer) node.integer = static_cast<std::int64_t>(value);
    return true;
  }
  bool number_float(number_float_t value, const string_t&) {
    add(Kind::number).number = value;
    return true;
  }
  bool string(string_t& value) {
    add(Kind::string).text = std::move(value);
    return true;
  }
  bool binary(binary_t&) { return false; }

  bool start_object(std::size_t) { return open(Kind::object); }
  bool start_array(std::size_t) { return open(Kind::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(string_t& name) {
    cursor_.to_token();
    Node& object = *open_.back();
    if (!keys_.back().insert(name).second) {
      const Node* first = object.find(name);
      Where where = here();
      where.pointer = object.where.pointer + "/" + escaped_key(name);
      throw InputError(where, "the key \"" + printable(name) +
                                  "\" stands here twice; the first is on line " +
                                  std::to_string(first->where.line));
    }
    cursor_.pass_token();
    key_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t bytes_read, const std::string&,
                   const nlohmann::json::exception& error) {
    Cursor place(text_);
    place.advance(error_offset(bytes_read) - place.offset());
    Where where{file_, {}, place.line(), place.column()};
    throw InputError(where, "not valid JSON: " + reason(error.what()));
  }

  Node take() { return std::move(root_); }

 private:
  Where here() const { return {file_, pointer_, cursor_.line(), cursor_.column()}; }

  // The place in the tree for the next value, with its pointer and position.
  Node& add(Kind kind) {
    cursor_.to_token();
    Node* node = &root_;
    Where where = here();
    if (!open_.empty()) {
      Node& parent = *open_.back();
      where.pointer = parent.where.pointer + "/";
      if (parent.kind == Kind::array) {
        where.pointer += std::to_string(parent.items.size());
        node = &parent.items.emplace_back();
      } else {
        where.pointer += escaped_key(key_);
        node = &parent.members.emplace_back(std::move(key_), Node{}).second;
      }
    }
    node->kind = kind;
    node->where = std::move(where);
    const std::string_view token = cursor_.pass_token();
    if (kind == Kind::number) node->text = token;
    return *node;
  }

  bool open(Kind kind) {
    Node& node = add(kind);
    // A pointer into the parent's vector stays valid: the parent grows only after this is closed.
    open_.push_back(&node);
    keys_.emplace_back();
    if (open_.size() > kMaximumDepth) {
      throw InputError(node.where,
                       "nested deeper than " + std::to_string(kMaximumDepth) + " levels");
    }
    return true;
  }

  bool close() {
    cursor_.to_token();
    cursor_.pass_token();
    open_.pop_back();
    keys_.pop_back();
    return true;
  }

  // Where the token begins that the library stumbled over after reading `bytes_read` bytes: at the
  // cursor, unless that has passed a comma or colon too many.
  std::size_t error_offset(std::size_t bytes_read) {
    cursor_.to_token();
    if (cursor_.offset() < bytes_read || bytes_read == 0) return cursor_.offset();
    return bytes_read - 1;
  }

  // The library's explanation without its own idea of the place.
  static std::string reason(std::string_view what) {
    // "[json.exception.parse_error.101] parse error at line 1, column 7: the explanation"
    if (const std::size_t bracket = what.find("] "); bracket != std::string_view::npos) {
      what.remove_prefix(bracket + 2);
    }
    if (const std::size_t colon = what.find(": ");
        what.starts_with("parse error") && colon != std::string_view::npos) {
      what.remove_prefix(colon + 2);
    }
    return printable(what, 200);
  }

  std::string_view text_;
  const std::string& file_;
  std::string pointer_;
  Cursor cursor_;
  Node root_;
  std::vector<Node*> open_;
  std::vector<std::set<std::string>> keys_;  // of each open object
  std::string key_;
};

}  // namespace

std::string escaped_key(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

const Node* Node::find(std::string_view key) const {
  for (const auto& [name, value] : members) {
    if (name == key) return &value;
  }
  return nullptr;
}

Node parse(std::string_view text, const std::string& file, const std::string& pointer) {
  const auto refuse_byte = [&](std::size_t at, const std::string& why) {
    Cursor place(text.substr(0, at));
    place.advance(at - place.offset());
    throw InputError({file, {}, place.line(), place.column()},
                     "the byte " + printable(text.substr(at, 1)) + why);
  };
  if (const std::size_t bad = find_invalid_utf8(text); bad != std::string_view::npos) {
    refuse_byte(bad, " is not UTF-8");
  }
  // The library takes a zero byte for the end of the text and of a comment.
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) {
    refuse_byte(zero, " has no place in JSON");
  }
  Builder builder(text, file, pointer);
  nlohmann::json::sax_parse(text.begin(), text.end(), &builder,
                            nlohmann::json::input_format_t::json, true, true);
  return builder.take();
}

Node load(const std::filesystem::path& path) {
  const Where where{path.string(), {}, 0, 0};
  std::ifstream stream = os::open_input(path);
  errno = 0;
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (stream.bad()) throw InputError(where, std::string("cannot be read: ") + std::strerror(errno));
  return parse(text, path.string());
}

}  // namespace rehearse::config

#include "mds/contract/json.hpp"

#include <cassert>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

#include "base/plain_run.hpp"

namespace rehearse::mds {
namespace {

constexpr std::size_t kUsualValues = 32;  // of a payload

}  // namespace

/// Reads a text by recursive descent, as deep as is allowed.
class JsonText::Parser {
 public:
  Parser(JsonText& made, std::string_view text, int deepest)
      : made_(made),
        at_(text.data()),
        end_(text.data() + text.size()),
        length_(text.size()),
        deepest_(deepest) {}

  Flaw parse() {
    constexpr std::string_view kMark = "\xef\xbb\xbf";
    if (std::string_view(at_, length_).starts_with(kMark)) at_ += kMark.size();
    if (value(0) && only_space_left()) return Flaw::none;
    return too_deep_ ? Flaw::too_deep : Flaw::malformed;
  }

 private:
  std::vector<JsonValue>& values() { return made_.values_; }

  JsonValue& add(JsonKind kind) {
    JsonValue& value = values().emplace_back();
    value.kind = kind;
    return value;
  }

  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
  }
  bool only_space_left() {
    skip_space();
    return at_ == end_;
  }
  bool take(char wanted) {
    if (at_ == end_ || *at_ != wanted) return false;
    ++at_;
    return true;
  }
  bool take_after_space(char wanted) {
    skip_space();
    return take(wanted);
  }

  bool value(int depth) {
    skip_space();
    if (at_ == end_) return false;
    switch (*at_) {
      case '{':
        return object(depth + 1);
      case '[':
        return array(depth + 1);
      case '"':
        return text();
      case 't':
        return word("true", JsonKind::boolean, true);
      case 'f':
        return word("false", JsonKind::boolean, false);
      case 'n':
        return word("null", JsonKind::null, false);
      default:
        return number();
    }
  }

  bool word(std::string_view spelled, JsonKind kind, bool truth) {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(spelled)) {
      return false;
    }
    at_ += spelled.size();
    JsonValue& made = add(kind);
    if (kind == JsonKind::boolean) made.truth = truth;
    return true;
  }

  bool object(int depth) {
    std::size_t place = 0;
    if (!open(JsonKind::object, depth, place)) return false;
    if (take_after_space('}')) return true;
    do {
      skip_space();
      if (at_ == end_ || *at_ != '"' || !text()) return false;
      if (!take_after_space(':') || !value(depth)) return false;
    } while (take_after_space(','));
    return close('}', place);
  }

  bool array(int depth) {
    std::size_t place = 0;
    if (!open(JsonKind::array, depth, place)) return false;
    if (take_after_space(']')) return true;
    do {
      if (!value(depth)) return false;
    } while (take_after_space(','));
    return close(']', place);
  }

  bool open(JsonKind kind, int depth, std::size_t& place) {
    ++at_;
    too_deep_ = depth > deepest_;
    place = values().size();
    add(kind);
    return !too_deep_;
  }

  bool close(char bracket, std::size_t place) {
    values()[place].span = static_cast<std::uint32_t>(values().size() - place);
    return take(bracket);
  }

  // A text is made of stretches of characters that stand for themselves, with escapes between them.
  bool text() {
    const std::size_t start = made_.unescaped_.size();
    const char* from = ++at_;
    bool escaped = false;
    while (pass_plain()) {
      if (*at_ == '"') {
        std::string_view found(from, static_cast<std::size_t>(at_ - from));
        if (escaped) {
          put(found);
          found = {made_.unescaped_.data() + start, made_.unescaped_.size() - start};
        }
        add(JsonKind::text).text = found;
        ++at_;
        return true;
      }
      escaped = true;
      put({from, static_cast<std::size_t>(at_ - from)});
      ++at_;
      if (!escape()) return false;
      from = at_;
    }
    return false;
  }

  /// Goes on to the next quote or backslash; false when something comes before that may not.
  bool pass_plain() {
    while (true) {
      at_ += plain_run({at_, static_cast<std::size_t>(end_ - at_)}, true);
      if (at_ == end_) return false;
      const auto byte = static_cast<unsigned char>(*at_);
      if (byte < 0x80) return byte >= 0x20;
      if (!pass_sequence(byte)) return false;
    }
  }

  /// A sequence of several bytes, well-formed as in table 3-7 of the Unicode standard.
  bool pass_sequence(unsigned char lead) {
    int more = 1;
    unsigned char low = 0x80;
    unsigned char high = 0xbf;
    if (lead < 0xc2 || lead > 0xf4) return false;
    if (lead >= 0xe0) more = lead >= 0xf0 ? 3 : 2;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
    for (++at_; more > 0; --more, ++at_) {
      if (at_ == end_) return false;
      const auto byte = static_cast<unsigned char>(*at_);
      if (byte < low || byte > high) return false;
      low = 0x80;
      high = 0xbf;
    }
    return true;
  }

  /// No text grows by unescaping, so there is room for all of them from the first on.
  void put(std::string_view stretch) {
    std::vector<char>& to = made_.unescaped_;
    if (to.capacity() == 0) to.reserve(length_);
    assert(to.size() + stretch.size() <= to.capacity());
    to.insert(to.end(), stretch.begin(), stretch.end());
  }
  bool put(char character) {
    put(std::string_view(&character, 1));
    return true;
  }

  bool escape() {
    if (at_ == end_) return false;
    switch (*at_++) {
      case '"':
        return put('"');
      case '\\':
        return put('\\');
      case '/':
        return put('/');
      case 'b':
        return put('\b');
      case 'f':
        return put('\f');
      case 'n':
        return put('\n');
      case 'r':
        return put('\r');
      case 't':
        return put('\t');
      case 'u':
        return character();
      default:
        return false;
    }
  }

  /// Four hexadecimal digits, or twice four for a pair of surrogates.
  bool character() {
    std::uint32_t code = 0;
    if (!four_digits(code) || (code >= 0xdc00 && code < 0xe000)) return false;
    if (code >= 0xd800 && code < 0xdc00) {
      std::uint32_t low = 0;
      if (!take('\\') || !take('u') || !four_digits(low)) return false;
      if (low < 0xdc00 || low >= 0xe000) return false;
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    put_utf8(code);
    return true;
  }

  bool four_digits(std::uint32_t& code) {
    if (end_ - at_ < 4) return false;
    const auto [stop, error] = std::from_chars(at_, at_ + 4, code, 16);
    if (error != std::errc() || stop != at_ + 4) return false;
    at_ += 4;
    return true;
  }

  void put_utf8(std::uint32_t code) {
    const auto more = [&](int shift) { put(static_cast<char>(0x80 | ((code >> shift) & 0x3f))); };
    if (code < 0x80) {
      put(static_cast<char>(code));
    } else if (code < 0x800) {
      put(static_cast<char>(0xc0 | (code >> 6)));
      more(0);
    } else if (code < 0x10000) {
      put(static_cast<char>(0xe0 | (code >> 12)));
      more(6);
      more(0);
    } else {
      put(static_cast<char>(0xf0 | (code >> 18)));
      more(12);
      more(6);
      more(0);
    }
  }

  bool digits() {
    const char* from = at_;
    while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
    return at_ != from;
  }

  bool number() {
    const char* from = at_;
    const bool negative = take('-');
    if (!take('0') && !digits()) return false;
    bool whole = true;
    if (take('.')) {
      whole = false;
      if (!digits()) return false;
    }
    if (take('e') || take('E')) {
      whole = false;
      if (!take('+')) take('-');
      if (!digits()) return false;
    }
    return (whole && whole_number(from, negative)) || real_number(from);
  }

  bool whole_number(const char* from, bool negative) {
    std::int64_t integer = 0;
    if (std::from_chars(from, at_, integer).ec == std::errc()) {
      add(JsonKind::integer).integer = integer;
      return true;
    }
    std::uint64_t large = 0;
    if (negative || std::from_chars(from, at_, large).ec != std::errc()) return false;
    add(JsonKind::large).large = large;
    return true;
  }

  // std::from_chars does not tell numbers too large for a double from those too close to zero.
  bool real_number(const char* from) {
    double real = 0;
    if (std::from_chars(from, at_, real).ec != std::errc()) {
      real = std::strtod(std::string(from, at_).c_str(), nullptr);
    }
    if (!std::isfinite(real)) return false;
    add(JsonKind::real).real = real;
    return true;
  }

  JsonText& made_;
  const char* at_;
  const char* end_;
  std::size_t length_;
  int deepest_;
  bool too_deep_ = false;
};

JsonText::JsonText(std::string_view text, int deepest) {
  values_.reserve(kUsualValues);
  flaw_ = Parser(*this, text, deepest).parse();
}

std::size_t JsonValue::size() const {
  std::size_t count = 0;
  const JsonValue* end = next();
  for (const JsonValue* item = this + 1; item != end; item = item->next()) ++count;
  return count;
}

const JsonValue* JsonValue::member(std::string_view name) const {
  const JsonValue* found = nullptr;
  if (kind != JsonKind::object) return found;
  const JsonValue* end = next();
  for (const JsonValue* key = this + 1; key != end; key = key[1].next()) {
    const std::string_view spelled = key->text;
    if (spelled.size() != name.size()) continue;
    // The last letters of names of one length differ more often than the first.
    if (name.empty() || (spelled.back() == name.back() && spelled == name)) found = key + 1;
  }
  return found;
}

}  // namespace rehearse::mds

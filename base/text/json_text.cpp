#include "base/text/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/plain_run.hpp"
#include "base/text/number_text.hpp"
#include "base/text/utf8.hpp"

namespace rehearse {
namespace {

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\b':
      out += "\\b";
      break;
    case '\f':
      out += "\\f";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += "\\u00";
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
  }
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
  out += '"';
  while (true) {
    const std::size_t plain = plain_run(text, false);
    out.append(text.data(), plain);
    if (plain == text.size()) break;
    append_escaped(out, text[plain]);
    text.remove_prefix(plain + 1);
  }
  out += '"';
}

void append_json(std::string& out, std::int64_t number) {
  const fmt::format_int digits(number);
  out.append(digits.data(), digits.size());
}

void append_json(std::string& out, double number) { out += number_text(number); }

std::string json_string(std::string_view text) {
  constexpr std::string_view kReplacement = "\xef\xbf\xbd";
  std::string valid;
  for (;;) {
    const std::size_t end = std::min(find_invalid_utf8(text), text.size());
    valid += text.substr(0, end);
    if (end == text.size()) break;
    valid += kReplacement;
    text.remove_prefix(end + 1);
  }
  std::string json;
  append_json(json, valid);
  return json;
}

}  // namespace rehearse

#include "mds/contract/json_pointer.hpp"

#include <charconv>

namespace rehearse::mds {
namespace {

std::optional<std::string> unescape(std::string_view token) {
  std::string text;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      text += token[i];
      continue;
    }
    if (++i == token.size() || (token[i] != '0' && token[i] != '1')) return std::nullopt;
    text += token[i] == '0' ? '~' : '/';
  }
  return text;
}

const JsonValue* element(const JsonValue& array, const std::string& token) {
  std::size_t index = 0;
  const char* end = token.data() + token.size();
  const auto [at, error] = std::from_chars(token.data(), end, index);
  if (error != std::errc() || at != end) return nullptr;
  for (const JsonValue& item : JsonItems(array)) {
    if (index-- == 0) return &item;
  }
  return nullptr;
}

}  // namespace

std::optional<JsonPointer> JsonPointer::parse(std::string_view text) {
  JsonPointer pointer;
  while (!text.empty()) {
    if (text.front() != '/') return std::nullopt;
    text.remove_prefix(1);
    const auto slash = text.find('/');
    const auto token = unescape(text.substr(0, slash));
    if (!token) return std::nullopt;
    pointer.tokens_.push_back(*token);
    text.remove_prefix(slash == std::string_view::npos ? text.size() : slash);
  }
  return pointer;
}

const JsonValue* JsonPointer::find(const JsonValue& value) const {
  const JsonValue* at = &value;
  for (const std::string& token : tokens_) {
    at = at->is(JsonKind::array) ? element(*at, token) : at->member(token);
    if (at == nullptr) return nullptr;
  }
  return at->is(JsonKind::null) ? nullptr : at;
}

std::string JsonPointer::text() const {
  std::string text;
  for (const std::string& token : tokens_) {
    text += '/';
    for (const char c : token) {
      if (c == '~') {
        text += "~0";
      } else if (c == '/') {
        text += "~1";
      } else {
        text += c;
      }
    }
  }
  return text;
}

}  // namespace rehearse::mds

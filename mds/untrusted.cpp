#include "mds/untrusted.hpp"

#include <nlohmann/json.hpp>

namespace rehearse::mds {
namespace {

constexpr std::size_t kExcerpt = 60;

/// The parser itself is not recursive; the limit protects whoever walks the value.
bool too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > Limits::depth) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

}  // namespace

nlohmann::json parse_untrusted(std::string_view text) {
  if (text.size() > Limits::body) throw Refusal{"longer than 4 MiB"};
  // The parser would take a zero byte for the end of the text.
  if (text.find(static_cast<char>(0)) != std::string_view::npos) throw Refusal{"not JSON in UTF-8"};
  if (too_deep(text)) throw Refusal{"nested more than 64 deep"};
  nlohmann::json value = nlohmann::json::parse(text, nullptr, false);
  if (value.is_discarded()) throw Refusal{"not JSON in UTF-8"};
  if (!value.is_object()) throw Refusal{std::string("not a JSON object but ") + value.type_name()};
  return value;
}

const char* bad_id(std::string_view id) {
  if (id.empty()) return "the id is empty";
  if (id.size() > Limits::id) return "the id is longer than 1024 bytes";
  // As a path segment these mean another path, whatever the encoding.
  if (id == "." || id == "..") return "the id is a dot segment";
  return nullptr;
}

std::string excerpt(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    if (out.size() > kExcerpt) return out + "...\"";
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7e || c == '"' || c == '\\') {
      out += "\\x";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace rehearse::mds

#include "mds/contract/untrusted.hpp"

namespace rehearse::mds {
namespace {

constexpr std::size_t kExcerpt = 60;

const char* name_of(JsonKind kind) {
  switch (kind) {
    case JsonKind::null:
      return "null";
    case JsonKind::boolean:
      return "boolean";
    case JsonKind::integer:
    case JsonKind::large:
    case JsonKind::real:
      return "number";
    case JsonKind::text:
      return "string";
    case JsonKind::array:
      return "array";
    case JsonKind::object:
      return "object";
  }
  return "";
}

}  // namespace

JsonText parse_untrusted(std::string_view text, const char* what) {
  const auto refuse = [what](const std::string& reason) {
    throw Refusal{std::string(what) + " is " + reason};
  };
  if (text.size() > Limits::body) refuse("longer than 4 MiB");
  JsonText read(text, Limits::depth);
  if (read.flaw() == JsonText::Flaw::too_deep) refuse("nested more than 64 deep");
  if (read.flaw() == JsonText::Flaw::malformed) refuse("not JSON in UTF-8");
  const JsonKind kind = read.value().kind;
  if (kind != JsonKind::object) refuse(std::string("not a JSON object but ") + name_of(kind));
  return read;
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

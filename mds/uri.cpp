#include "mds/uri.hpp"

namespace rehearse::mds {
namespace {

constexpr std::string_view kScheme = "aip://";
constexpr std::string_view kHex = "0123456789ABCDEF";

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~:@+=,").find(c) != std::string_view::npos;
}

}  // namespace

std::string encode_id(std::string_view id) {
  std::string encoded;
  encoded.reserve(id.size());
  for (const char c : id) {
    if (plain(c)) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += kHex[byte >> 4];
      encoded += kHex[byte & 15];
    }
  }
  return encoded;
}

std::optional<std::string> decode_id(std::string_view encoded) {
  std::string id;
  id.reserve(encoded.size());
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (plain(encoded[i])) {
      id += encoded[i];
      continue;
    }
    if (encoded[i] != '%' || i + 2 >= encoded.size()) return std::nullopt;
    const auto high = kHex.find(encoded[i + 1]);
    const auto low = kHex.find(encoded[i + 2]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    const char c = static_cast<char>(high * 16 + low);
    if (plain(c)) return std::nullopt;  // encode_id would have left it as it is
    id += c;
    i += 2;
  }
  if (id.empty()) return std::nullopt;
  return id;
}

std::string make_uri(std::string_view component, std::string_view platform, std::string_view id) {
  std::string uri(kScheme);
  uri.append(component).append("/").append(platform).append("/").append(encode_id(id));
  return uri;
}

std::optional<UriParts> split_uri(std::string_view uri) {
  if (uri.substr(0, kScheme.size()) != kScheme) return std::nullopt;
  uri.remove_prefix(kScheme.size());
  const auto first = uri.find('/');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = uri.find('/', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const UriParts parts{uri.substr(0, first), uri.substr(first + 1, second - first - 1),
                       uri.substr(second + 1)};
  if (parts.component.empty() || parts.platform.empty() || parts.encoded_id.empty()) {
    return std::nullopt;
  }
  if (parts.encoded_id.find('/') != std::string_view::npos) return std::nullopt;
  return parts;
}

}  // namespace rehearse::mds

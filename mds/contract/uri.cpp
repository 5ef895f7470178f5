#include "mds/contract/uri.hpp"

#include <algorithm>
#include <array>

namespace rehearse::mds {
namespace {

constexpr std::string_view kScheme = "aip://";
constexpr std::string_view kHex = "0123456789ABCDEF";

constexpr std::array<bool, 256> make_plain() {
  std::array<bool, 256> plain{};
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:@+=,";
  for (const char c : kPlain) plain[static_cast<unsigned char>(c)] = true;
  return plain;
}

// Looked up, as every byte of every URI that is made comes through here.
constexpr std::array<bool, 256> kPlain = make_plain();

bool plain(char c) { return kPlain[static_cast<unsigned char>(c)]; }

void append_encoded(std::string& to, std::string_view id) {
  while (true) {
    const auto stop = std::find_if_not(id.begin(), id.end(), plain);
    const auto length = static_cast<std::size_t>(stop - id.begin());
    to.append(id.data(), length);
    if (length == id.size()) return;
    const auto byte = static_cast<unsigned char>(*stop);
    to += '%';
    to += kHex[byte >> 4];
    to += kHex[byte & 15];
    id.remove_prefix(length + 1);
  }
}

}  // namespace

std::string encode_id(std::string_view id) {
  std::string encoded;
  encoded.reserve(id.size());
  append_encoded(encoded, id);
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
  std::string uri;
  uri.reserve(kScheme.size() + component.size() + platform.size() + id.size() + 2);
  uri.append(kScheme).append(component).append(1, '/').append(platform).append(1, '/');
  append_encoded(uri, id);
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

// One page of a source's listing: {"items":[{"id":"..."},...],"next_cursor":"..."}.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mds/contract/provider.hpp"

namespace rehearse::mds {

struct ListingPage {
  std::vector<std::string> ids;
  std::optional<std::string> next_cursor;  ///< absent on the last page
};

/// The path that asks for the page at `cursor` (empty: the first).
std::string listing_path(const Provider& provider, const TypeDeclaration& type,
                         std::string_view cursor);

/// Throws Refusal and nothing else, whatever `body` holds. `cursor` is the one asked with: a page
/// that leads back to itself is refused.
ListingPage parse_listing(std::string_view body, std::string_view cursor);

}  // namespace rehearse::mds

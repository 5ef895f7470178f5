#include "mds/listing.hpp"

#include <nlohmann/json.hpp>

#include "mds/untrusted.hpp"
#include "mds/uri.hpp"

namespace rehearse::mds {

std::string listing_path(const Provider& provider, const TypeDeclaration& type,
                         std::string_view cursor) {
  std::string path = type.list_path + "?limit=" + std::to_string(provider.page_size);
  if (!cursor.empty()) path += "&cursor=" + encode_id(cursor);
  return path;
}

ListingPage parse_listing(std::string_view body, std::string_view cursor) {
  nlohmann::json page;
  try {
    page = parse_untrusted(body);
  } catch (const Refusal& refusal) {
    throw Refusal{"listing is " + refusal.reason};
  }
  const auto items = page.find("items");
  if (items == page.end() || !items->is_array()) throw Refusal{"listing has no array of items"};
  if (items->size() > Limits::items) throw Refusal{"listing has more than 10000 items"};
  ListingPage parsed;
  for (const nlohmann::json& item : *items) {
    const auto id = item.is_object() ? item.find("id") : item.end();
    if (!item.is_object() || id == item.end() || !id->is_string()) {
      throw Refusal{"listing has an item without id"};
    }
    const auto& text = id->get_ref<const std::string&>();
    if (const char* problem = bad_id(text)) throw Refusal{std::string("listing: ") + problem};
    parsed.ids.push_back(text);
  }
  const auto next = page.find("next_cursor");
  if (next == page.end() || next->is_null()) return parsed;
  if (!next->is_string()) throw Refusal{"listing's cursor is not text"};
  parsed.next_cursor = next->get<std::string>();
  if (parsed.next_cursor->empty() || *parsed.next_cursor == cursor) {
    throw Refusal{"listing leads back to the same page"};
  }
  return parsed;
}

}  // namespace rehearse::mds

#include "mds/contract/listing.hpp"

#include "mds/contract/untrusted.hpp"
#include "mds/contract/uri.hpp"

namespace rehearse::mds {

std::string listing_path(const Provider& provider, const TypeDeclaration& type,
                         std::string_view cursor) {
  std::string path = type.list_path + "?limit=" + std::to_string(provider.page_size);
  if (!cursor.empty()) path += "&cursor=" + encode_id(cursor);
  return path;
}

ListingPage parse_listing(std::string_view body, std::string_view cursor) {
  const JsonText read = parse_untrusted(body, "listing");
  const JsonValue& page = read.value();
  const JsonValue* items = page.member("items");
  if (items == nullptr || !items->is(JsonKind::array)) {
    throw Refusal{"listing has no array of items"};
  }
  if (items->size() > Limits::items) throw Refusal{"listing has more than 10000 items"};
  ListingPage parsed;
  for (const JsonValue& item : JsonItems(*items)) {
    const JsonValue* id = item.member("id");
    if (id == nullptr || !id->is(JsonKind::text)) throw Refusal{"listing has an item without id"};
    if (const char* problem = bad_id(id->text)) throw Refusal{std::string("listing: ") + problem};
    parsed.ids.emplace_back(id->text);
  }
  const JsonValue* next = page.member("next_cursor");
  if (next == nullptr || next->is(JsonKind::null)) return parsed;
  if (!next->is(JsonKind::text)) throw Refusal{"listing's cursor is not text"};
  parsed.next_cursor = next->text;
  if (parsed.next_cursor->empty() || *parsed.next_cursor == cursor) {
    throw Refusal{"listing leads back to the same page"};
  }
  return parsed;
}

}  // namespace rehearse::mds

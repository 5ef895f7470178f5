#include "mds/hydration/announcement.hpp"

#include <utility>

#include "mds/contract/untrusted.hpp"

namespace rehearse::mds {
namespace {

std::string_view text_at(const JsonText& body, const JsonPointer& pointer, const char* what) {
  const JsonValue* value = pointer.find(body.value());
  if (value == nullptr) throw Refusal{std::string("event has no ") + what};
  if (!value->is(JsonKind::text)) throw Refusal{std::string("event's ") + what + " is not text"};
  return value->text;
}

}  // namespace

Announcement read_announcement(const Catalogue& catalogue, SourceIndex source,
                               std::string_view text) {
  JsonText body = parse_untrusted(text, "event");
  const std::string_view event_type =
      text_at(body, catalogue.provider(source).event_type, "event type");
  const Catalogue::Announced* announced = catalogue.announced(source, event_type);
  if (announced == nullptr) throw Refusal{"unknown event type " + excerpt(event_type)};
  const TypeDeclaration& type = *catalogue.contracts()[announced->contract].type;
  const std::string_view id = text_at(body, type.event_id, "id");
  if (const char* problem = bad_id(id)) throw Refusal{std::string("event refused: ") + problem};
  return {{announced->contract, std::string(id)},
          announced->op,
          std::string(event_type),
          std::move(body)};
}

}  // namespace rehearse::mds

#include "mds/ingestion.hpp"

#include <utility>

#include "mds/untrusted.hpp"

namespace rehearse::mds {
namespace {

const std::string& text_at(const nlohmann::json& body, const JsonPointer& pointer,
                           const char* what) {
  const nlohmann::json* value = pointer.find(body);
  if (value == nullptr) throw Refusal{std::string("event has no ") + what};
  if (!value->is_string()) throw Refusal{std::string("event's ") + what + " is not text"};
  return value->get_ref<const std::string&>();
}

}  // namespace

Announcement ingest(const Catalogue& catalogue, SourceIndex source, std::string_view body) {
  Announcement made;
  try {
    made.body = parse_untrusted(body);
  } catch (const Refusal& refusal) {
    throw Refusal{"event is " + refusal.reason};
  }
  made.event_type = text_at(made.body, catalogue.provider(source).event_type, "event type");
  const Catalogue::Announced* announced = catalogue.announced(source, made.event_type);
  if (announced == nullptr) throw Refusal{"unknown event type " + excerpt(made.event_type)};
  const TypeDeclaration& type = *catalogue.contracts()[announced->contract].type;
  const std::string& id = text_at(made.body, type.event_id, "id");
  if (const char* problem = bad_id(id)) throw Refusal{std::string("event refused: ") + problem};
  made.document = {announced->contract, id};
  made.op = announced->op;
  return made;
}

}  // namespace rehearse::mds

#include "world/time_column.hpp"

namespace rehearse::world {

void read_notation(config::Object& object, TimeColumn& time) {
  time.notation = read_notation(object);
  const config::Node* origin = object.find("origin");
  if (origin == nullptr) return;
  time.origin = time.parse(time.dated() ? config::to_string(*origin) : origin->text);
  if (!time.origin) {
    config::fail(*origin, config::shown(*origin) + "; a time as in the column is needed");
  }
}

}  // namespace rehearse::world

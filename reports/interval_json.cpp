#include "reports/interval_json.hpp"

namespace rehearse::reports {

void write_interval95(JsonWriter& json, const std::optional<stats::Interval>& interval) {
  json.key("interval95");
  if (interval) {
    json.array().value(interval->low).value(interval->high).end();
  } else {
    json.null();
  }
}

}  // namespace rehearse::reports

#include "lifecycle/lineage.hpp"

#include <cassert>
#include <utility>

namespace rehearse::lifecycle {

std::string to_string(What what) {
  switch (what) {
    case What::start:
      return "start";
    case What::schedule:
      return "schedule";
    case What::fault:
      return "fault";
    case What::person:
      return "person";
    case What::alert:
      return "alert";
    case What::held_back:
      return "held-back";
    case What::signal:
      return "signal";
    case What::run:
      return "run";
    case What::gate:
      return "gate";
    case What::version:
      return "version";
    case What::verdict:
      return "verdict";
    case What::step:
      return "step";
    case What::pointer:
      return "pointer";
    case What::rollback:
      return "rollback";
    case What::question:
      return "question";
  }
  assert(false);
  return "";
}

bool is_origin(What what) {
  return what == What::start || what == What::schedule || what == What::fault ||
         what == What::person || what == What::alert || what == What::held_back;
}

RecordId Lineage::add(Record record) {
  assert(record.cause ? record.cause.number <= std::int64_t(records_.size())
                      : is_origin(record.what));
  assert(records_.empty() || records_.back().at <= record.at);
  record.id = {std::int64_t(records_.size()) + 1};
  records_.push_back(std::move(record));
  return records_.back().id;
}

const Record& Lineage::at(RecordId id) const {
  assert(id.number >= 1 && id.number <= std::int64_t(records_.size()));
  return records_[static_cast<std::size_t>(id.number - 1)];
}

std::vector<RecordId> Lineage::chain(RecordId id) const {
  std::vector<RecordId> chain;
  for (; id; id = at(id).cause) chain.push_back(id);
  return chain;
}

}  // namespace rehearse::lifecycle

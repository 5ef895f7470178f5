#include "mds/hydration/jobs.hpp"

#include <cassert>
#include <utility>

namespace rehearse::mds {

JobIndex JobTable::find(const DocumentKey& document) const {
  const auto& known = by_document_[document.contract];
  const auto at = known.find(document.id);
  return at == known.end() ? kNoJob : at->second;
}

JobIndex JobTable::open(DocumentKey document, WorkClass work, bool indexed) {
  JobIndex job = 0;
  if (free_.empty()) {
    job = static_cast<JobIndex>(slots_.size());
    slots_.emplace_back();
  } else {
    job = free_.back();
    free_.pop_back();
  }
  if (indexed) {
    [[maybe_unused]] const bool added =
        by_document_[document.contract].emplace(document.id, job).second;
    assert(added);
  }
  slots_[job].document = std::move(document);
  slots_[job].work = work;
  slots_[job].indexed = indexed;
  return job;
}

void JobTable::close(JobIndex job) {
  Job& slot = slots_[job];
  assert(slot.phase != Job::Phase::closed);
  if (slot.indexed) by_document_[slot.document.contract].erase(slot.document.id);
  slot = Job{};
  free_.push_back(job);
}

}  // namespace rehearse::mds

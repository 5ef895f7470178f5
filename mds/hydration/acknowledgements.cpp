#include "mds/hydration/acknowledgements.hpp"

#include <cassert>

namespace rehearse::mds {

void Acknowledgements::add(const std::vector<PendingEvent>& events, const Store& store, Time due) {
  if (events.empty()) return;
  const std::uint64_t last = store.counts().transactions;
  if (waiting_.empty()) due_ = due;
  assert(waiting_.empty() || waiting_.back().transaction <= last);
  for (const PendingEvent& event : events) waiting_.push_back({event.id, last});
  release(store);
}

void Acknowledgements::flush_due(Store& store, Time now) {
  if (due_ <= now) store.flush();
  release(store);
}

void Acknowledgements::release(const Store& store) {
  const std::uint64_t durable = store.durable();
  while (!waiting_.empty() && waiting_.front().transaction <= durable) {
    untaken_.push_back(waiting_.front().event);
    waiting_.pop_front();
  }
  if (waiting_.empty()) due_ = Time::never();
}

}  // namespace rehearse::mds

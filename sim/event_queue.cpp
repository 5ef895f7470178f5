#include "sim/event_queue.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

namespace rehearse::sim {
namespace {

constexpr std::size_t kSweepFrom = 1024;  // below this a sweep is not worth its pass

}  // namespace

EventQueue::Handle EventQueue::push(Time when, Action action) {
  assert(action);
  if (spare_.empty()) {
    assert(slots_.size() < std::numeric_limits<std::uint32_t>::max());
    spare_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t slot = spare_.back();
  spare_.pop_back();
  slots_[slot].action = std::move(action);
  slots_[slot].sequence = ++sequence_;
  heap_.push_back({when, sequence_, slot});
  std::push_heap(heap_.begin(), heap_.end(), later);
  ++live_;
  return {slot, sequence_};
}

bool EventQueue::cancel(Handle handle) {
  assert(handle.slot < slots_.size());
  if (handle.sequence == 0 || slots_[handle.slot].sequence != handle.sequence) return false;
  Slot& slot = slots_[handle.slot];
  slot.sequence = 0;
  slot.action.reset();
  spare_.push_back(handle.slot);
  --live_;
  if (heap_.size() >= kSweepFrom && heap_.size() > 2 * live_) sweep();
  return true;
}

Time EventQueue::head() {
  drop_dead_heads();
  return heap_.empty() ? Time::never() : heap_.front().when;
}

Action EventQueue::pop(Time& when) {
  drop_dead_heads();
  assert(!heap_.empty());
  std::pop_heap(heap_.begin(), heap_.end(), later);
  const Key key = heap_.back();
  heap_.pop_back();
  Slot& slot = slots_[key.slot];
  assert(slot.sequence == key.sequence && live_ > 0);
  Action action = std::move(slot.action);
  slot.sequence = 0;
  spare_.push_back(key.slot);
  --live_;
  when = key.when;
  return action;
}

void EventQueue::clear() {
  const std::vector<Key> keys = std::exchange(heap_, {});
  for (const Key& key : keys) cancel({key.slot, key.sequence});
}

void EventQueue::drop_dead_heads() {
  while (!heap_.empty() && dead(heap_.front())) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    heap_.pop_back();
  }
}

void EventQueue::sweep() {
  std::erase_if(heap_, [this](const Key& key) { return dead(key); });
  std::make_heap(heap_.begin(), heap_.end(), later);
}

}  // namespace rehearse::sim

#include "sim/heap_calendar.hpp"

#include <algorithm>
#include <cassert>

namespace rehearse::sim {

Calendar::Handle HeapCalendar::at(Time when, Action action) {
  return queue_.push(std::max(when, now_), std::move(action));
}

void HeapCalendar::run_until(Time end) {
  assert(end >= now_);
  try {
    while (!queue_.empty() && queue_.head() <= end) {
      const Time before = now_;
      Action action = queue_.pop(now_);
      assert(now_ >= before);
      ++executed_;
      if (now_ == last_) ++ties_;
      last_ = now_;
      action();
    }
  } catch (...) {
    queue_.clear();
    throw;
  }
  if (end != Time::never()) now_ = end;
}

}  // namespace rehearse::sim

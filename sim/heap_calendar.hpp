// A calendar that is nothing but its heap: the same order as SimGridCalendar's, three to four times
// faster, and as many in one process as one likes. It knows no links.
#pragma once

#include "sim/calendar.hpp"

namespace rehearse::sim {

class HeapCalendar final : public Calendar {
 public:
  Time now() const override { return now_; }
  Handle at(Time when, Action action) override;
  void cancel(Handle handle) override { queue_.cancel(handle); }
  void run_until(Time end) override;
  std::uint64_t ties() const override { return ties_; }
  std::uint64_t executed() const override { return executed_; }

 private:
  EventQueue queue_;
  Time now_;
  Time last_ = Time::never();  ///< date of the last event executed
  std::uint64_t ties_ = 0;
  std::uint64_t executed_ = 0;
};

}  // namespace rehearse::sim

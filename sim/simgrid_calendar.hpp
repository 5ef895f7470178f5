// The calendar on SimGrid's engine.
//
// SimGrid's own timers have no order at equal dates, cost a context switch when actors wait for
// them, and count seconds in doubles, whose steps exceed a nanosecond from day 97 on. So this keeps
// its own heap of whole nanoseconds and arms one kernel timer for the head of it. A timer that
// fires runs every event whose date, as a double, has come. Doubles grow with nanoseconds (rounding
// is monotone), so the order is that of the heap whatever the date: several nanoseconds that share
// a double run in one go, each with its own now().
//
// Invariants: now() never goes back and never passes a pending event; the engine's clock is never
// ahead of the head of the heap by more than a rounding step; exceptions leave through run_until,
// never through SimGrid.
#pragma once

#include <exception>

#include "sim/calendar.hpp"
#include "sim/engine.hpp"
#include "sim/links.hpp"

namespace simgrid::kernel::timer {
class Timer;
}

namespace rehearse::sim {

class SimGridCalendar final : public Calendar {
 public:
  explicit SimGridCalendar(LinkModel model = LinkModel::plain);
  ~SimGridCalendar() override;

  Time now() const override { return now_; }
  Handle at(Time when, Action action) override;
  void cancel(Handle handle) override;
  void run_until(Time end) override;
  std::uint64_t ties() const override { return ties_; }
  std::uint64_t executed() const override { return executed_; }
  Links* links() override { return &links_; }

 private:
  friend class Links;
  using Timer = simgrid::kernel::timer::Timer;

  double date(Time when) const { return engine_.origin() + when.to_seconds(); }
  /// Runs `action` now, as SimGrid's clock has it: for what SimGrid itself ends (flows).
  void arrive(Action action);
  void arm();
  void disarm();
  void pump();
  void execute_head();

  Engine engine_;
  EventQueue queue_;
  Timer* armed_ = nullptr;
  Time armed_for_ = Time::never();
  Time now_;
  Time end_;
  Time last_ = Time::never();  ///< date of the last event executed
  bool running_ = false;
  bool pumping_ = false;
  std::exception_ptr error_;
  std::uint64_t ties_ = 0;
  std::uint64_t executed_ = 0;
  Links links_;
};

}  // namespace rehearse::sim

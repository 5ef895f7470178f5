#include <algorithm>
#include <ctime>
#include <simgrid/kernel/Timer.hpp>
#include <simgrid/s4u/Engine.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "calendar_tape.hpp"
#include "calendar_tape_format.hpp"
#include "sim/engine.hpp"
#include "sim/simgrid_calendar.hpp"

namespace rehearse::bench {
namespace {

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// SimGrid's timers as something to play on. Events of one date fire in any order.
class Timers {
 public:
  using Event = simgrid::kernel::timer::Timer*;

  template <class Action>
  Event schedule(Time when, Action action) {
    const double date = engine_.origin() + when.to_seconds();
    return simgrid::kernel::timer::Timer::set(std::max(date, simgrid::s4u::Engine::get_clock()),
                                              action);
  }
  void cancel(Event event) { event->remove(); }
  void run() { engine_.run(); }

 private:
  sim::Engine engine_{sim::LinkModel::plain};
};

class Calendar {
 public:
  using Event = sim::Calendar::Handle;

  template <class Action>
  Event schedule(Time when, Action action) {
    return calendar_.at(when, action);
  }
  void cancel(Event event) { calendar_.cancel(event); }
  void run() { calendar_.run_until(Time::never()); }

 private:
  sim::SimGridCalendar calendar_;
};

// Does what the tape says up to the next event, then waits for one. Where events of one date fire
// in another order than in the run, what each does is taken from the tape in the run's order all
// the same.
template <class Instrument>
class Player {
 public:
  explicit Player(TapeReader& tape) : tape_(tape), events_(1) {}

  CalendarReplay play() {
    const double begun = processor_seconds();
    proceed();
    instrument_.run();
    result_.seconds = processor_seconds() - begun;
    return result_;
  }

 private:
  struct Pending {
    typename Instrument::Event event{};
    bool pending = false;
  };

  void proceed() {
    while (!tape_.at_end()) {
      const auto op = static_cast<CalendarOp>(tape_.byte());
      const std::uint64_t operand = tape_.number();
      if (op == CalendarOp::execute) return;
      if (op == CalendarOp::schedule) {
        schedule(Time{static_cast<std::int64_t>(operand)});
      } else {
        cancel(operand);
      }
    }
  }

  void schedule(Time when) {
    const std::size_t number = events_.size();
    events_.push_back({{}, true});
    events_[number].event = instrument_.schedule(when, [this, number] { fire(number); });
    result_.most_pending = std::max(result_.most_pending, ++pending_);
  }

  void cancel(std::size_t number) {
    Pending& which = events_.at(number);
    if (!which.pending) return;  // of the date of its canceller, and was first
    which.pending = false;
    instrument_.cancel(which.event);
    --pending_;
    ++result_.cancelled;
  }

  void fire(std::size_t number) {
    events_[number].pending = false;
    --pending_;
    ++result_.executed;
    proceed();
  }

  TapeReader& tape_;
  Instrument instrument_;
  std::vector<Pending> events_;  // by number, from 1
  std::uint64_t pending_ = 0;
  CalendarReplay result_;
};

std::uint64_t count_executed(TapeReader& tape) {
  std::uint64_t count = 0;
  while (!tape.at_end()) {
    if (static_cast<CalendarOp>(tape.byte()) == CalendarOp::execute) ++count;
    tape.number();
  }
  tape.rewind();
  return count;
}

template <class Instrument>
CalendarReplay play(TapeReader& tape) {
  const std::uint64_t expected = count_executed(tape);
  const CalendarReplay result = Player<Instrument>(tape).play();
  if (expected == 0) throw std::runtime_error("the run's calendar left no tape");
  if (result.executed < expected) {
    throw std::runtime_error("only " + std::to_string(result.executed) + " of " +
                             std::to_string(expected) + " events came to pass");
  }
  return result;
}

}  // namespace

CalendarReplay replay_on_timers(TapeReader& tape) { return play<Timers>(tape); }
CalendarReplay replay_on_calendar(TapeReader& tape) { return play<Calendar>(tape); }

}  // namespace rehearse::bench

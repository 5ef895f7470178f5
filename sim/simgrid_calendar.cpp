#include "sim/simgrid_calendar.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <simgrid/kernel/Timer.hpp>
#include <stdexcept>
#include <utility>

namespace rehearse::sim {

SimGridCalendar::SimGridCalendar(LinkModel model) : engine_(model), links_(*this) {}

SimGridCalendar::~SimGridCalendar() { disarm(); }

Calendar::Handle SimGridCalendar::at(Time when, Action action) {
  const Handle handle = queue_.push(std::max(when, now_), std::move(action));
  if (running_ && !pumping_) arm();
  return handle;
}

void SimGridCalendar::cancel(Handle handle) {
  queue_.cancel(handle);
  if (running_ && !pumping_) arm();
}

void SimGridCalendar::arrive(Action action) {
  // The clock's date may round to a nanosecond on the wrong side of its neighbours.
  const Time clock{std::llround((engine_.clock() - engine_.origin()) * 1e9)};
  now_ = std::clamp(clock, now_, std::max(now_, std::min(queue_.head(), end_)));
  at(now_, std::move(action));
}

void SimGridCalendar::disarm() {
  if (armed_ != nullptr) armed_->remove();
  armed_ = nullptr;
  armed_for_ = Time::never();
}

void SimGridCalendar::arm() {
  const Time head = queue_.head();
  if (queue_.empty() || head > end_) {
    disarm();
    return;
  }
  if (armed_ != nullptr && armed_for_ == head) return;
  disarm();
  armed_for_ = head;
  armed_ = Timer::set(std::max(date(head), engine_.clock()), [this] {
    assert(running_ && !pumping_);
    armed_ = nullptr;  // SimGrid frees a timer that has fired
    armed_for_ = Time::never();
    pump();
  });
}

void SimGridCalendar::execute_head() {
  const Time before = now_;
  Action action = queue_.pop(now_);
  assert(before <= now_ && now_ <= end_);
  ++executed_;
  if (now_ == last_) ++ties_;
  last_ = now_;
  action();
}

void SimGridCalendar::pump() {
  pumping_ = true;
  const double clock = engine_.clock();
  try {
    while (!queue_.empty() && queue_.head() <= end_ && date(queue_.head()) <= clock) {
      execute_head();
    }
  } catch (...) {
    error_ = std::current_exception();
    queue_.clear();
    links_.drop_all();
  }
  pumping_ = false;
  arm();
}

void SimGridCalendar::run_until(Time end) {
  assert(!running_ && end >= now_);
  running_ = true;
  end_ = end;
  arm();
  if (end == Time::never()) {
    engine_.run();
  } else {
    Timer::set(date(end), [] {});  // makes the clock reach `end` when nothing else does
    engine_.run_until(date(end));
    pump();  // what is due at `end` and has not been run yet
  }
  disarm();
  running_ = false;
  if (engine_.deadlocked()) throw std::logic_error("the simulation stopped in a deadlock");
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
  if (end != Time::never()) now_ = end;
}

}  // namespace rehearse::sim

#include "calendar_tape.hpp"
#include "calendar_tape_format.hpp"
#include "sim/event_queue.hpp"

namespace rehearse::bench {
namespace {

Tape* tape = nullptr;

void note(CalendarOp op, std::uint64_t operand) {
  tape->write_byte(static_cast<std::uint8_t>(op));
  tape->write_number(operand);
}

}  // namespace

void record_calendar(Tape* to) {
  if (tape != nullptr) tape->flush();
  tape = to;
}

}  // namespace rehearse::bench

// The calendar's calls to its queue arrive at the functions named __wrap_X here; __real_X is the
// queue's own. A member function is called like a free one whose first argument is the object.
namespace {

using rehearse::Time;
using rehearse::bench::CalendarOp;
using rehearse::bench::note;
using rehearse::bench::tape;
using rehearse::sim::Action;
using rehearse::sim::EventQueue;

}  // namespace

EventQueue::Handle real_push(EventQueue*, Time, Action) asm(
    "__real__ZN8rehearse3sim10EventQueue4pushENS_4TimeENS0_6ActionE");
EventQueue::Handle wrap_push(EventQueue*, Time, Action) asm(
    "__wrap__ZN8rehearse3sim10EventQueue4pushENS_4TimeENS0_6ActionE");
bool real_cancel(EventQueue*,
                 EventQueue::Handle) asm("__real__ZN8rehearse3sim10EventQueue6cancelENS1_6HandleE");
bool wrap_cancel(EventQueue*,
                 EventQueue::Handle) asm("__wrap__ZN8rehearse3sim10EventQueue6cancelENS1_6HandleE");
Action real_pop(EventQueue*, Time&) asm("__real__ZN8rehearse3sim10EventQueue3popERNS_4TimeE");
Action wrap_pop(EventQueue*, Time&) asm("__wrap__ZN8rehearse3sim10EventQueue3popERNS_4TimeE");

EventQueue::Handle wrap_push(EventQueue* queue, Time when, Action action) {
  if (tape != nullptr) note(CalendarOp::schedule, static_cast<std::uint64_t>(when.ns));
  return real_push(queue, when, std::move(action));
}

bool wrap_cancel(EventQueue* queue, EventQueue::Handle handle) {
  const bool was_pending = real_cancel(queue, handle);
  if (tape != nullptr && was_pending) note(CalendarOp::cancel, handle.sequence);
  return was_pending;
}

Action wrap_pop(EventQueue* queue, Time& when) {
  if (tape != nullptr) note(CalendarOp::execute, 0);
  return real_pop(queue, when);
}

#include "base/os/interrupt.hpp"

namespace rehearse::os {
namespace {

volatile std::sig_atomic_t noted = 0;
int guards = 0;

extern "C" void note_signal(int) { noted = 1; }

}  // namespace

InterruptGuard::InterruptGuard() {
  if (guards++ > 0) return;
  noted = 0;
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second one is not caught
  sigaction(SIGINT, &action, &old_int_);
  sigaction(SIGTERM, &action, &old_term_);
}

InterruptGuard::~InterruptGuard() {
  if (--guards > 0) return;
  sigaction(SIGINT, &old_int_, nullptr);
  sigaction(SIGTERM, &old_term_, nullptr);
}

bool InterruptGuard::came() { return noted != 0; }

void InterruptGuard::check() {
  if (came()) throw Interrupted();
}

}  // namespace rehearse::os

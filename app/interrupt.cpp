#include "app/interrupt.hpp"

namespace rehearse::app {
namespace {

volatile std::sig_atomic_t came = 0;

extern "C" void note_signal(int) { came = 1; }

}  // namespace

InterruptGuard::InterruptGuard() {
  came = 0;
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second one is not caught
  sigaction(SIGINT, &action, &old_int_);
  sigaction(SIGTERM, &action, &old_term_);
}

InterruptGuard::~InterruptGuard() {
  sigaction(SIGINT, &old_int_, nullptr);
  sigaction(SIGTERM, &old_term_, nullptr);
}

void InterruptGuard::check() {
  if (came != 0) throw Interrupted();
}

}  // namespace rehearse::app

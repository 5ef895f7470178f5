// Ctrl-C during long work: what is under way is given up, and what it has put on disk goes away. A
// second one ends the program on the spot.
//
// Guards may lie within each other: a command holds one from before its first file until all are in
// place, and what forks workers holds one of its own within. All share one note, so a signal that
// comes between them is seen by whoever looks next. Signals interrupt system calls (no SA_RESTART).
#pragma once

#include <csignal>
#include <exception>

namespace rehearse::os {

/// Thrown by InterruptGuard::check().
class Interrupted : public std::exception {
 public:
  const char* what() const noexcept override { return "interrupted"; }
};

/// While one lives, SIGINT and SIGTERM are noted instead of ending the program. For one thread, and
/// the last one made goes first.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  /// Whether a signal has come since the outermost guard was made. Any thread may ask.
  static bool came();
  /// Throws Interrupted when a signal has come.
  static void check();

 private:
  struct sigaction old_int_ {};
  struct sigaction old_term_ {};
};

}  // namespace rehearse::os

// Ctrl-C during a run: the work under way is given up and what it has put on disk goes away. A
// second one ends the program on the spot.
#pragma once

#include <csignal>
#include <exception>

namespace rehearse::app {

/// Thrown by InterruptGuard::check().
class Interrupted : public std::exception {
 public:
  const char* what() const noexcept override { return "interrupted"; }
};

/// While it lives, SIGINT and SIGTERM are noted instead of ending the program. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  /// Whether a signal has come.
  static bool came();
  /// Throws Interrupted when a signal has come.
  static void check();

 private:
  struct sigaction old_int_ {};
  struct sigaction old_term_ {};
};

}  // namespace rehearse::app

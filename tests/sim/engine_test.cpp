// What an engine leaves as it was in its process.
#include "sim/engine.hpp"

#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

using rehearse::sim::Engine;

namespace {

constexpr int kEveryMicroseconds = 20;
constexpr int kOwnHandlerCalled = 7;

volatile sig_atomic_t interrupts = 0;

extern "C" void count_interrupt(int) { interrupts = interrupts + 1; }
extern "C" void interrupt_now(int) { raise(SIGINT); }

void interrupt_every(int microseconds) {
  itimerval often{};
  often.it_interval.tv_usec = microseconds;
  often.it_value.tv_usec = microseconds;
  setitimer(ITIMER_REAL, &often, nullptr);
}

// A process of its own, as SimGrid's handler would end it.
[[noreturn]] void begin_an_engine_under_interrupts() {
  signal(SIGINT, count_interrupt);
  signal(SIGALRM, interrupt_now);
  interrupt_every(kEveryMicroseconds);
  const Engine engine(rehearse::sim::LinkModel::plain);
  interrupt_every(0);
  interrupts = 0;
  raise(SIGINT);
  _exit(interrupts == 1 ? kOwnHandlerCalled : 0);
}

}  // namespace

TEST_CASE("interrupts that come while an engine begins go to whoever wanted them before") {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) begin_an_engine_under_interrupts();
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == kOwnHandlerCalled);
}

#include "base/interrupt.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

using rehearse::Interrupted;
using rehearse::InterruptGuard;

TEST_CASE("a signal is noted by whichever guard is there, and forgotten with the outermost one") {
  {
    const InterruptGuard outer;
    CHECK_FALSE(InterruptGuard::came());
    REQUIRE(raise(SIGTERM) == 0);
    {
      const InterruptGuard inner;  // does not forget what came before it
      CHECK(InterruptGuard::came());
    }
    CHECK_THROWS_AS(InterruptGuard::check(), Interrupted);
  }
  const InterruptGuard next;
  CHECK_FALSE(InterruptGuard::came());
  CHECK_NOTHROW(InterruptGuard::check());
  {
    const InterruptGuard inner;
    REQUIRE(raise(SIGINT) == 0);
  }
  CHECK(InterruptGuard::came());
}

TEST_CASE("the second signal ends the program, and so does the first one without a guard") {
  for (const bool guarded : {true, false}) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      if (guarded) {
        const InterruptGuard outer;
        const InterruptGuard inner;
        raise(SIGINT);
        raise(SIGINT);
      } else {
        { const InterruptGuard gone; }
        raise(SIGINT);
      }
      _exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGINT);
  }
}

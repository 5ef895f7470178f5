#include "base/os/interrupt.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace os = rehearse::os;

TEST_CASE("a signal is noted by whichever guard is there, and forgotten with the outermost one") {
  {
    const os::InterruptGuard outer;
    CHECK_FALSE(os::InterruptGuard::came());
    REQUIRE(raise(SIGTERM) == 0);
    {
      const os::InterruptGuard inner;  // does not forget what came before it
      CHECK(os::InterruptGuard::came());
    }
    CHECK_THROWS_AS(os::InterruptGuard::check(), os::Interrupted);
  }
  const os::InterruptGuard next;
  CHECK_FALSE(os::InterruptGuard::came());
  CHECK_NOTHROW(os::InterruptGuard::check());
  {
    const os::InterruptGuard inner;
    REQUIRE(raise(SIGINT) == 0);
  }
  CHECK(os::InterruptGuard::came());
}

TEST_CASE("the second signal ends the program, and so does the first one without a guard") {
  for (const bool guarded : {true, false}) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      if (guarded) {
        const os::InterruptGuard outer;
        const os::InterruptGuard inner;
        raise(SIGINT);
        raise(SIGINT);
      } else {
        { const os::InterruptGuard gone; }
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

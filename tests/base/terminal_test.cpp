#include "base/os/terminal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

using namespace rehearse::os;

namespace {

/// While it lives, standard output goes elsewhere.
class Redirected {
 public:
  explicit Redirected(int to) : saved_(::dup(STDOUT_FILENO)) {
    std::fflush(stdout);
    REQUIRE(::dup2(to, STDOUT_FILENO) == STDOUT_FILENO);
  }
  ~Redirected() {
    ::dup2(saved_, STDOUT_FILENO);
    ::close(saved_);
  }

 private:
  int saved_;
};

struct Seen {
  bool terminal;
  bool colour;
};

Seen seen_on(int descriptor) {
  const Redirected redirected(descriptor);
  return {is_terminal(Output::results), wants_colour(Output::results)};
}

/// While it lives, NO_COLOR has this value.
class NoColour {
 public:
  explicit NoColour(const char* value) {
    if (const char* old = std::getenv("NO_COLOR")) old_ = old;
    ::setenv("NO_COLOR", value, 1);
  }
  ~NoColour() {
    if (old_) {
      ::setenv("NO_COLOR", old_->c_str(), 1);
    } else {
      ::unsetenv("NO_COLOR");
    }
  }

 private:
  std::optional<std::string> old_;
};

}  // namespace

TEST_CASE("a pipe is no terminal and has no colours") {
  const NoColour allowed("");
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const Seen pipe = seen_on(ends[1]);
  CHECK_FALSE(pipe.terminal);
  CHECK_FALSE(pipe.colour);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("a terminal has colours unless they are refused") {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(terminal >= 0);
  {
    const NoColour allowed("");
    const Seen seen = seen_on(terminal);
    CHECK(seen.terminal);
    CHECK(seen.colour);
  }
  const NoColour refused("1");
  const Seen seen = seen_on(terminal);
  CHECK(seen.terminal);
  CHECK_FALSE(seen.colour);
  ::close(terminal);
}

#include "base/os/terminal.hpp"

#include <unistd.h>

#include <cstdlib>

namespace rehearse::os {

bool is_terminal(Output output) {
  return ::isatty(output == Output::results ? STDOUT_FILENO : STDERR_FILENO) == 1;
}

bool wants_colour(Output output) {
  const char* refused = std::getenv("NO_COLOR");
  return is_terminal(output) && (refused == nullptr || *refused == '\0');
}

}  // namespace rehearse::os

#include "processes.hpp"

#include <sys/wait.h>

#include <filesystem>
#include <iterator>

namespace rehearse::test {

bool no_children() { return waitpid(-1, nullptr, WNOHANG) == -1; }

std::size_t open_files() {
  const std::filesystem::directory_iterator files("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

}  // namespace rehearse::test

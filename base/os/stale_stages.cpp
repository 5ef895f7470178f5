#include "base/os/stale_stages.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/os/output_files.hpp"

namespace rehearse::os {

namespace fs = std::filesystem;

namespace {

constexpr const char* kOld = ".old";         // in a stage: files that gave way to new ones
constexpr std::string_view kMoved = "-old";  // behind a stage's name: the target itself, moved away

// The process in a name that goes on "PROCESS-N" or "PROCESS-N-old"; 0 in any other.
pid_t process_of(std::string_view rest) {
  if (rest.ends_with(kMoved)) rest.remove_suffix(kMoved.size());
  const char* end = rest.data() + rest.size();
  pid_t process = 0;
  const auto number = std::from_chars(rest.data(), end, process);
  if (number.ec != std::errc{} || process <= 0 || number.ptr == end || *number.ptr != '-') return 0;
  unsigned ordinal = 0;
  const auto second = std::from_chars(number.ptr + 1, end, ordinal);
  return second.ec == std::errc{} && second.ptr == end ? process : 0;
}

// Another process of the same number, in a container for example, may have taken over from one that
// is gone; then the lock tells.
bool is_alive(pid_t process) {
  return process != ::getpid() && (::kill(process, 0) == 0 || errno != ESRCH);
}

void put_back(const fs::path& stage, const fs::path& target) {
  if (stage.filename().string().ends_with(kMoved)) {
    if (!present(target)) fs::rename(stage, target);
    return;
  }
  if (!fs::is_directory(stage / kOld)) return;
  for (const fs::directory_entry& file : fs::directory_iterator(stage / kOld)) {
    const fs::path place = target / file.path().filename();
    if (!present(place)) fs::rename(file.path(), place);
  }
}

void remove_stage(const fs::path& stage, const fs::path& target) {
  const int lock = lock_stage(stage);
  if (lock < 0) return;
  std::error_code ignored;
  try {
    put_back(stage, target);
    fs::remove_all(stage, ignored);
  } catch (const fs::filesystem_error&) {
    // What could not be put back must not be removed.
  }
  ::close(lock);
}

}  // namespace

std::string stage_prefix(const fs::path& target) {
  return "." + target.filename().string() + ".results-";
}

int lock_stage(const fs::path& stage) {
  const int lock = ::open(stage.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (lock < 0 || ::flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;
  ::close(lock);
  return -1;
}

void remove_stale_stages(const fs::path& home, const fs::path& target) {
  const std::string prefix = stage_prefix(target);
  std::vector<fs::path> stale;
  std::error_code error;
  for (fs::directory_iterator at(home, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (!name.starts_with(prefix)) continue;
    const pid_t process = process_of(std::string_view(name).substr(prefix.size()));
    if (process != 0 && !is_alive(process)) stale.push_back(at->path());
  }
  for (const fs::path& stage : stale) remove_stage(stage, target);
}

}  // namespace rehearse::os

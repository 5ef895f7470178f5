// Runs the real program, as a user would.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "fixtures.hpp"

namespace rehearse::test {

struct Finished {
  int status = -1;  ///< exit status; -1 when a signal ended it
  std::string out;
  std::string err;    ///< remarks in one line each
  std::string shown;  ///< stderr as it was printed
};

/// stderr with what was wrapped to the width of a terminal put together again.
std::string unwrapped(const std::string& err);

/// A `rehearse` under way, leading a process group of its own as a shell's job does.
class Started {
 public:
  explicit Started(const std::vector<std::string>& arguments,
                   const std::filesystem::path& directory = source_path(""));
  /// Kills what is still there.
  ~Started();
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;

  /// Also the number of its group. REQUIRES: wait() was not called.
  pid_t pid() const { return pid_; }
  /// Its child processes of this moment, those that have ended and were not yet taken in among
  /// them, the oldest first. REQUIRES: wait() was not called.
  std::vector<pid_t> workers() const;
  /// Whether it has ended. REQUIRES: wait() was not called.
  bool ended() const;
  Finished wait();

 private:
  TemporaryFolder streams_;
  pid_t pid_;
};

/// Runs `rehearse ARGUMENTS...` in the folder `directory` and waits for its end.
Finished run_rehearse(const std::vector<std::string>& arguments,
                      const std::filesystem::path& directory = source_path(""));

/// Whether `what` came true. Gives up after many minutes, which is a watchdog against hanging: no
/// test is to depend on how long anything takes.
bool eventually(const std::function<bool()>& what);

/// Arguments and more of them.
std::vector<std::string> with(std::vector<std::string> arguments,
                              const std::vector<std::string>& more);

/// The names in a folder, sorted.
std::vector<std::string> contents(const std::filesystem::path& folder);

std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& text);

}  // namespace rehearse::test

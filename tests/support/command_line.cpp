#include "command_line.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace rehearse::test {
namespace {

constexpr int kPollMicroseconds = 2000;
constexpr int kMostPolls = 250'000;  // of which each takes longer than it sleeps

[[noreturn]] void become(const std::vector<std::string>& arguments,
                         const std::filesystem::path& directory,
                         const std::filesystem::path& streams) {
  const std::string program = build_path("rehearse");
  std::vector<char*> argv = {const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const auto redirect = [&streams](const char* name, int target) {
    const int file = open((streams / name).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || dup2(file, target) < 0) _exit(126);
  };
  redirect("out", STDOUT_FILENO);
  redirect("err", STDERR_FILENO);
  if (chdir(directory.c_str()) != 0) _exit(126);
  execv(program.c_str(), argv.data());
  _exit(127);
}

}  // namespace

Started::Started(const std::vector<std::string>& arguments, const std::filesystem::path& directory)
    : pid_(fork()) {
  if (pid_ < 0) throw std::runtime_error("no process");
  if (pid_ == 0) {
    setpgid(0, 0);
    become(arguments, directory, streams_.path());
  }
  setpgid(pid_, pid_);  // whichever of the two comes first
}

Started::~Started() {
  if (pid_ < 0) return;
  kill(-pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

std::vector<pid_t> Started::workers() const {
  const std::string task = std::to_string(pid_);
  std::ifstream file("/proc/" + task + "/task/" + task + "/children");
  std::vector<pid_t> pids;
  for (pid_t pid = 0; file >> pid;) pids.push_back(pid);
  return pids;
}

bool Started::ended() const {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == pid_;
}

Finished Started::wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  const std::string err = read_file(streams_.path() / "err");
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(streams_.path() / "out"),
          unwrapped(err), err};
}

std::string unwrapped(const std::string& err) {
  constexpr std::string_view kBreak = "\n          ";  // as wide as "rehearse: "
  std::string text;
  for (std::size_t at = 0; at < err.size();) {
    const std::size_t end = std::min(err.find(kBreak, at), err.size());
    text += err.substr(at, end - at);
    at = std::min(err.find_first_not_of(' ', end + 1), err.size());
    if (at < err.size()) text += ' ';
  }
  return text;
}

Finished run_rehearse(const std::vector<std::string>& arguments,
                      const std::filesystem::path& directory) {
  return Started(arguments, directory).wait();
}

bool eventually(const std::function<bool()>& what) {
  for (int i = 0; i < kMostPolls; ++i) {
    if (what()) return true;
    usleep(kPollMicroseconds);
  }
  return false;
}

std::vector<std::string> with(std::vector<std::string> arguments,
                              const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::vector<std::string> contents(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace rehearse::test

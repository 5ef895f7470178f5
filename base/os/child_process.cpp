#include "base/os/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

extern char** environ;

namespace rehearse::os {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }
  void reset(int fd = -1) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// Two connected ends. A socket rather than a pipe, because writing to a socket whose reader has
// gone can fail without a signal. No other child inherits them.
void connect(Descriptor& ours, Descriptor& theirs) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  ours.reset(ends[0]);
  theirs.reset(ends[1]);
}

// The environment with the C locale.
std::vector<std::string> plain_environment() {
  std::vector<std::string> plain;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!text.starts_with("LC_") && !text.starts_with("LANG")) plain.emplace_back(text);
  }
  plain.emplace_back("LC_ALL=C");
  return plain;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

bool start(std::vector<std::string> arguments, const std::array<int, 3>& descriptors, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  for (int i = 0; i < 3; ++i) ::posix_spawn_file_actions_adddup2(&actions, descriptors[i], i);
  // A group of its own: Ctrl-C at a terminal is for this program, which wants to finish its
  // picture.
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  std::vector<std::string> environment = plain_environment();
  const int failed = ::posix_spawnp(&pid, arguments[0].c_str(), &actions, &attributes,
                                    pointers(arguments).data(), pointers(environment).data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  return failed == 0;
}

// Reads what is there; closes at the end.
void drain(Descriptor& from, std::string& text) {
  char buffer[65536];
  const ssize_t got = ::read(from.get(), buffer, sizeof buffer);
  if (got > 0) {
    text.append(buffer, static_cast<std::size_t>(got));
  } else if (got == 0 || errno != EINTR) {
    from.reset();
  }
}

// Writes and reads at once, so that neither side waits for the other for ever.
void converse(Descriptor& in, Descriptor& out, Descriptor& err, std::string_view input,
              ProgramResult& result) {
  while (in.get() >= 0 || out.get() >= 0 || err.get() >= 0) {
    if (in.get() >= 0 && input.empty()) in.reset();
    std::array<pollfd, 3> waits{
        {{in.get(), POLLOUT, 0}, {out.get(), POLLIN, 0}, {err.get(), POLLIN, 0}}};
    if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) break;
    if (waits[0].revents != 0) {
      const ssize_t sent =
          ::send(in.get(), input.data(), input.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) input.remove_prefix(static_cast<std::size_t>(sent));
      if (sent < 0 && errno != EAGAIN && errno != EINTR) in.reset();
    }
    if (waits[1].revents != 0) drain(out, result.output);
    if (waits[2].revents != 0) drain(err, result.errors);
  }
}

}  // namespace

ProgramResult run_program(const std::vector<std::string>& arguments, const std::string& input) {
  ProgramResult result;
  Descriptor in;
  Descriptor out;
  Descriptor err;
  pid_t pid = 0;
  {
    Descriptor their_in;
    Descriptor their_out;
    Descriptor their_err;
    connect(in, their_in);
    connect(out, their_out);
    connect(err, their_err);
    result.started = start(arguments, {their_in.get(), their_out.get(), their_err.get()}, pid);
  }
  if (!result.started) return result;
  converse(in, out, err, input, result);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace rehearse::os

#include "child.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <system_error>

namespace rehearse::bench {
namespace {

// The first byte says whether a result or an error follows.
[[noreturn]] void work_and_exit(int pipe, const std::function<std::string()>& work) {
  std::string message;
  try {
    message = "+" + work();
  } catch (const std::exception& error) {
    message = std::string("-") + error.what();
  }
  for (std::size_t done = 0; done < message.size();) {
    const ssize_t written = write(pipe, message.data() + done, message.size() - done);
    if (written <= 0) _exit(1);
    done += static_cast<std::size_t>(written);
  }
  _exit(0);
}

std::string read_all(int pipe) {
  std::string text;
  char buffer[65536];
  for (;;) {
    const ssize_t size = read(pipe, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(size));
  }
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

ChildResult in_child(const std::function<std::string()>& work) {
  int ends[2];
  if (pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  std::fflush(nullptr);
  const auto begun = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) {
    close(ends[0]);
    work_and_exit(ends[1], work);
  }
  close(ends[1]);
  const std::string message = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child) throw std::runtime_error("a child was lost");
  if (status != 0 || message.empty()) throw std::runtime_error("a child died");
  if (message[0] == '-') throw std::runtime_error(message.substr(1));
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begun;
  return {message.substr(1), static_cast<double>(usage.ru_maxrss) / 1024, wall.count(),
          seconds(usage.ru_utime) + seconds(usage.ru_stime)};
}

}  // namespace rehearse::bench

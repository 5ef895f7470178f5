#include "base/os/forked.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <map>
#include <stdexcept>
#include <utility>

#include "base/error.hpp"
#include "base/os/interrupt.hpp"

namespace rehearse::os {
namespace {

// The first byte a worker writes says what follows.
constexpr char kResult = 'R';
constexpr char kInputError = 'I';
constexpr char kInternalError = 'E';
constexpr int kAttempts = 2;
constexpr int kLookEvery = 200;  // milliseconds
// Pieces that may be done before an earlier one is: their results wait in memory.
constexpr std::size_t kMostAhead = 4096;

struct Worker {
  pid_t pid = -1;
  int pipe = -1;
  std::size_t index = 0;
  std::string received;
};

void write_all(int file, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = write(file, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) _exit(1);
    data += written;
    size -= static_cast<std::size_t>(written);
  }
}

// The worker's whole life. Never returns, so that destructors and atexit handlers of the parent's
// objects do not run twice.
[[noreturn]] void work_and_exit(int pipe, pid_t parent, std::size_t index,
                                const std::function<std::string(std::size_t)>& work) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);  // the parent died before prctl
  std::string message;
  try {
    message = kResult + work(index);
  } catch (const InputError& error) {
    message = kInputError + std::string(error.what());
  } catch (const std::exception& error) {
    message = kInternalError + std::string(error.what());
  }
  write_all(pipe, message.data(), message.size());
  _exit(0);
}

std::string describe_end(int status) {
  if (WIFSIGNALED(status)) {
    return std::string("the process was ended by signal ") + std::to_string(WTERMSIG(status)) +
           " (" + strsignal(WTERMSIG(status)) + ")";
  }
  return "the process ended with status " + std::to_string(WEXITSTATUS(status)) +
         " before it gave a result";
}

class Pool {
 public:
  Pool(std::size_t count, const std::function<std::string(std::size_t)>& work,
       const ForkedOptions& options)
      : count_(count), work_(work), options_(options) {
    assert(options.jobs >= 1);
  }

  ~Pool() { end_all(); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  ForkedResult run() {
    while (!stopped_ && !InterruptGuard::came() && result_.outcomes.size() < count_) {
      start_workers();
      wait_for_output();
    }
    result_.interrupted = InterruptGuard::came();
    return std::move(result_);
  }

 private:
  void start_workers() {
    while (workers_.size() < static_cast<std::size_t>(options_.jobs)) {
      if (!retries_.empty()) {
        const std::size_t index = retries_.back();
        retries_.pop_back();
        start(index);
      } else if (next_ < count_ && next_ < result_.outcomes.size() + kMostAhead) {
        start(next_++);
      } else {
        return;
      }
    }
  }

  void start(std::size_t index) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe for a worker");
    std::fflush(nullptr);  // or the worker would print what is still buffered here
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid < 0) {
      close(ends[0]);
      close(ends[1]);
      throw std::runtime_error(std::string("no process for a worker: ") + strerror(errno));
    }
    if (pid == 0) {
      close(ends[0]);
      work_and_exit(ends[1], parent, index, work_);
    }
    close(ends[1]);
    ++attempts_[index];
    workers_.push_back({pid, ends[0], index, {}});
  }

  void wait_for_output() {
    std::vector<pollfd> files;
    for (const Worker& worker : workers_) files.push_back({worker.pipe, POLLIN, 0});
    // Not for ever: a signal may come between the look for one and the call.
    if (poll(files.data(), files.size(), kLookEvery) <= 0) return;
    std::vector<Worker> ended;
    for (std::size_t i = files.size(); i-- > 0;) {
      if (files[i].revents != 0 && !read_some(workers_[i])) {
        ended.push_back(std::move(workers_[i]));
        workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
    for (Worker& worker : ended) finish(worker);
    deliver();
  }

  // False at the end of the worker's output.
  static bool read_some(Worker& worker) {
    char buffer[65536];
    const ssize_t got = read(worker.pipe, buffer, sizeof buffer);
    if (got < 0) return errno == EINTR;
    worker.received.append(buffer, static_cast<std::size_t>(got));
    return got > 0;
  }

  void finish(Worker& worker) {
    close(worker.pipe);
    int status = 0;
    while (waitpid(worker.pid, &status, 0) < 0 && errno == EINTR) {
    }
    ForkedOutcome outcome;
    outcome.attempts = attempts_[worker.index];
    const bool whole = WIFEXITED(status) && WEXITSTATUS(status) == 0 && !worker.received.empty();
    if (whole && worker.received[0] == kResult) {
      outcome.text = worker.received.substr(1);
    } else if (whole) {
      outcome.error = worker.received.substr(1);
      outcome.input_error = worker.received[0] == kInputError;
    } else if (outcome.attempts < kAttempts) {
      first_ends_[worker.index] = describe_end(status);
      retries_.push_back(worker.index);
      return;
    } else {
      outcome.error = describe_end(status);
    }
    if (const auto first = first_ends_.find(worker.index); first != first_ends_.end()) {
      outcome.first_end = std::move(first->second);
      first_ends_.erase(first);
    }
    attempts_.erase(worker.index);
    waiting_.emplace(worker.index, std::move(outcome));
  }

  void deliver() {
    while (!stopped_ && !waiting_.empty()) {
      const auto first = waiting_.begin();
      const std::size_t index = first->first;
      if (options_.delivery == Delivery::by_index && index != result_.outcomes.size()) return;
      result_.outcomes.push_back(std::move(first->second));
      waiting_.erase(first);
      if (options_.deliver && !options_.deliver(index, result_.outcomes.back())) stopped_ = true;
      if (options_.progress) options_.progress(result_.outcomes.size());
    }
  }

  void end_all() {
    for (const Worker& worker : workers_) kill(worker.pid, SIGKILL);
    for (const Worker& worker : workers_) {
      close(worker.pipe);
      while (waitpid(worker.pid, nullptr, 0) < 0 && errno == EINTR) {
      }
    }
    workers_.clear();
  }

  std::size_t count_;
  const std::function<std::string(std::size_t)>& work_;
  const ForkedOptions& options_;
  InterruptGuard guard_;  // of workers too, which go on until they are ended from here
  std::vector<Worker> workers_;
  std::vector<std::size_t> retries_;
  std::map<std::size_t, int> attempts_;
  std::map<std::size_t, std::string> first_ends_;
  std::map<std::size_t, ForkedOutcome> waiting_;  // ended, not yet delivered
  std::size_t next_ = 0;
  bool stopped_ = false;
  ForkedResult result_;
};

}  // namespace

ForkedResult run_forked(std::size_t count, const std::function<std::string(std::size_t)>& work,
                        const ForkedOptions& options) {
  return Pool(count, work, options).run();
}

}  // namespace rehearse::os

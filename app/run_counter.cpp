#include "app/run_counter.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "base/os/terminal.hpp"

namespace rehearse::app {
namespace {

constexpr std::chrono::seconds kQuietFor{1};
constexpr std::chrono::milliseconds kEvery{200};

}  // namespace

RunCounter::RunCounter(std::string what)
    : what_(std::move(what)),
      terminal_(os::is_terminal(os::Output::diagnostics)),
      begin_(Clock::now()),
      next_(begin_ + kQuietFor) {}

void RunCounter::update(std::size_t done, std::size_t of) {
  ++runs_;
  const Clock::time_point now = Clock::now();
  if (!terminal_ || now < next_) return;
  next_ = now + kEvery;
  drawn_ = true;
  const double elapsed = std::chrono::duration<double>(now - begin_).count();
  const std::string line = fmt::format("\r{}: {} runs in {:.0f} s, {} of {} of this step\x1b[K",
                                       what_, runs_, elapsed, done, of);
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

void RunCounter::clear() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
  drawn_ = false;
}

}  // namespace rehearse::app

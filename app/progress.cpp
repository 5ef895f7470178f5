#include "app/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "base/os/terminal.hpp"

namespace rehearse::app {
namespace {

constexpr std::chrono::seconds kQuietFor{1};
constexpr std::chrono::milliseconds kEvery{200};
constexpr int kWidth = 30;

std::string remaining(double seconds) {
  if (seconds < 100) return fmt::format("{:.0f} s", std::ceil(seconds));
  if (seconds < 6000) return fmt::format("{:.0f} min", std::ceil(seconds / 60));
  return fmt::format("{:.0f} h", std::ceil(seconds / 3600));
}

}  // namespace

std::string progress_line(const std::string& what, double share, double elapsed_seconds) {
  const double done = std::clamp(share, 0.0, 1.0);
  const int filled = static_cast<int>(done * kWidth);
  std::string line = fmt::format("{} [{:=<{}}{: <{}}] {:3.0f}%", what, "", filled, "",
                                 kWidth - filled, std::floor(100 * done));
  if (done > 0.01) {
    line += fmt::format("  about {} left", remaining(elapsed_seconds * (1 - done) / done));
  }
  return line;
}

Progress::Progress(std::string what)
    : what_(std::move(what)),
      terminal_(os::is_terminal(os::Output::diagnostics)),
      begin_(Clock::now()),
      next_(begin_ + kQuietFor) {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
}

void Progress::update(double share) {
  if (!terminal_) return;
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + kEvery;
  drawn_ = true;
  const double elapsed = std::chrono::duration<double>(now - begin_).count();
  std::fputs(("\r" + progress_line(what_, share, elapsed) + "\x1b[K").c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace rehearse::app

// A progress bar on stderr for work that takes more than a second: only on a terminal, nothing when
// piped. One line that is overwritten and gone at the end, so that logs and results stay clean.
#pragma once

#include <chrono>
#include <string>

namespace rehearse::app {

class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `share` of the work is done, 0..1. Cheap: draws only now and then.
  void update(double share);

 private:
  using Clock = std::chrono::steady_clock;

  std::string what_;
  bool terminal_;
  bool drawn_ = false;
  Clock::time_point begin_;
  Clock::time_point next_;
};

/// The line for a terminal: "run [=====>    ]  52%  about 3 s left".
std::string progress_line(const std::string& what, double share, double elapsed_seconds);

}  // namespace rehearse::app

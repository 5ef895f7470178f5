// A line on stderr that counts runs, for work whose length is not known beforehand: only on a
// terminal and after a second; overwritten as it goes, gone at the end.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace rehearse::app {

class RunCounter {
 public:
  explicit RunCounter(std::string what);
  ~RunCounter() { clear(); }
  RunCounter(const RunCounter&) = delete;
  RunCounter& operator=(const RunCounter&) = delete;

  /// `done` of the `of` runs of the present batch.
  void update(std::size_t done, std::size_t of);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  std::string what_;
  bool terminal_;
  bool drawn_ = false;
  std::size_t runs_ = 0;
  Clock::time_point begin_;
  Clock::time_point next_;
};

}  // namespace rehearse::app

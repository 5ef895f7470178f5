// Links with latency and bandwidth whose flows share it (max-min fairness), simulated by SimGrid.
//
// A link has two directions that do not share with each other, a path is one or more links in a
// row. For traffic where contention matters; a delay that is only drawn is a calendar event and
// much cheaper. Below some 300 flows in flight SimGrid 3.32 handles 0.3 million flows a second, at
// 10 000 only a thousand, whatever the model: every direct flow sits in one list.
//
// Links and paths are declared before the calendar first runs. Arrivals are calendar events.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "sim/action.hpp"

namespace rehearse::sim {

class SimGridCalendar;

/// How SimGrid turns latency and bandwidth into times. `plain` (CM02): latency + size/bandwidth for
/// a lone flow. `tcp` (LV08): fitted to TCP, 13.01 * latency + size/(0.97 * bandwidth); a flow is
/// capped by its window and its acknowledgements take 5% of its rate in the other direction.
enum class LinkModel : std::uint8_t { plain, tcp };

class Links {
 public:
  struct Link {
    std::size_t index = 0;
  };
  struct Path {
    std::size_t index = 0;
  };
  enum class Direction : std::uint8_t { there, back };

  /// REQUIRES: `calendar` outlives this and has a running engine.
  explicit Links(SimGridCalendar& calendar);
  ~Links();
  Links(const Links&) = delete;
  Links& operator=(const Links&) = delete;

  /// REQUIRES: bytes_per_second > 0; the calendar has not run yet. So for add_path.
  Link add_link(const std::string& name, Duration latency, double bytes_per_second);
  /// REQUIRES: `links` is not empty.
  Path add_path(const std::vector<Link>& links);

  /// Sends `bytes` (at least 1 is sent) and runs `arrived` when the last has come.
  void send(Path path, Direction direction, std::uint64_t bytes, Action arrived);
  std::size_t in_flight() const;
  /// Cancels what is under way, for good: no arrival follows, now or later.
  void drop_all();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rehearse::sim

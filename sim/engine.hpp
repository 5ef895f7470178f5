// SimGrid's engine, the one piece of global state in the program, set up and kept here.
//
// A process can hold one engine at a time; the next one starts where the clock of the last one
// stopped, so clock() counts from this engine's start. SimGrid logs nothing unless it is critical,
// and reads neither the program's arguments nor its environment.
#pragma once

#include <cassert>
#include <memory>

#include "sim/links.hpp"

namespace simgrid::s4u {
class Engine;
class Host;
class NetZone;
}  // namespace simgrid::s4u

namespace rehearse::sim {

class Engine {
 public:
  /// REQUIRES: no other engine exists in this process; earlier ones had the same model.
  explicit Engine(LinkModel model);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// SimGrid's clock in seconds, and the clock when this engine was made.
  double clock() const;
  double origin() const { return origin_; }

  /// The platform, closed by the first run. REQUIRES: there was none yet.
  simgrid::s4u::NetZone& platform() {
    assert(!closed_);
    return *platform_;
  }

  /// Runs until no timer and no activity is left.
  void run();
  /// Runs until the clock stands at `date`. REQUIRES: a timer is pending at `date`, which is not in
  /// the past.
  void run_until(double date);
  /// True when a run ended because actors waited for each other.
  bool deadlocked() const;

 private:
  void close_platform();

  std::unique_ptr<simgrid::s4u::Engine> engine_;
  simgrid::s4u::NetZone* platform_ = nullptr;
  double origin_ = 0;
  bool closed_ = false;
};

}  // namespace rehearse::sim

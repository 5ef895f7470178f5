#include "sim/engine.hpp"

#include <xbt/log.h>

#include <cassert>
#include <csignal>
#include <simgrid/s4u.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace rehearse::sim {
namespace {

namespace sg4 = simgrid::s4u;

// SimGrid's signals are global and cannot be disconnected one by one, so its deadlock signal is
// connected once for the process.
bool deadlock_seen = false;
void watch_for_deadlocks() {
  static const bool connected = [] {
    sg4::Engine::on_deadlock_cb([] { deadlock_seen = true; });
    return true;
  }();
  static_cast<void>(connected);
}

// SimGrid takes a network model once per process, and keeps it for the engines that follow.
void choose_model(LinkModel model) {
  static const LinkModel chosen = [model] {
    const bool plain = model == LinkModel::plain;
    sg4::Engine::set_config(plain ? "network/model:CM02" : "network/model:LV08");
    sg4::Engine::set_config(plain ? "network/crosstraffic:no" : "network/crosstraffic:yes");
    return model;
  }();
  if (chosen != model) throw std::logic_error("a process cannot hold two network models");
}

// SimGrid takes SIGINT and exits on it; how an interrupted program ends is not its business. While
// one lives the signal waits, so that none can meet SimGrid's handler before ours is back.
class OwnInterrupts {
 public:
  OwnInterrupts() {
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    pthread_sigmask(SIG_BLOCK, &interrupt, &mask_);
    sigaction(SIGINT, nullptr, &handler_);
  }
  ~OwnInterrupts() {
    sigaction(SIGINT, &handler_, nullptr);
    pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
  }
  OwnInterrupts(const OwnInterrupts&) = delete;
  OwnInterrupts& operator=(const OwnInterrupts&) = delete;

 private:
  sigset_t mask_{};
  struct sigaction handler_ {};
};

std::unique_ptr<sg4::Engine> start_engine(LinkModel model) {
  xbt_log_control_set("root.thres:critical");
  std::vector<std::string> arguments = {"rehearse", "--log=root.thres:critical"};
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  int count = static_cast<int>(arguments.size());
  const OwnInterrupts kept;
  auto engine = std::make_unique<sg4::Engine>(&count, pointers.data());
  choose_model(model);
  return engine;
}

}  // namespace

Engine::Engine(LinkModel model) {
  assert(!sg4::Engine::is_initialized());
  engine_ = start_engine(model);
  watch_for_deadlocks();
  deadlock_seen = false;
  origin_ = sg4::Engine::get_clock();
  platform_ = sg4::create_full_zone("world");
  platform_->create_host("service", 1e9);
}

Engine::~Engine() = default;

double Engine::clock() const { return sg4::Engine::get_clock(); }

void Engine::close_platform() {
  if (!closed_) platform_->seal();
  closed_ = true;
}

void Engine::run() {
  close_platform();
  engine_->run();
}

void Engine::run_until(double date) {
  close_platform();
  // Engine::run_until leaves at the first event less than 10 us before its date.
  while (clock() < date && !deadlock_seen) engine_->run_until(date);
}

bool Engine::deadlocked() const { return deadlock_seen; }

}  // namespace rehearse::sim

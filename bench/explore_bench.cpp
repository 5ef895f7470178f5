// explore_bench: what an exhaustive search makes of its time.
//
// Steps that the search makes (those whose end it remembers are counted and not made) per second of
// processor time, with and without the search index, beside SQLite alone doing what the store made
// it do in the same search: savepoints, rows, rollbacks. Then the same search by two threads, which
// must count the same. Each search runs in a process of its own. Times are processor times, but for
// the gain of a second thread, which is wall time and means something on an idle machine only.
#include <fmt/format.h>

#include <exception>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "child.hpp"
#include "experiments/explore_setup.hpp"
#include "experiments/scenario/scenario.hpp"
#include "explore/search/exhaustive.hpp"
#include "store_tape.hpp"

namespace rehearse::bench {
namespace {

// The worked example with a loss, and with a loss and a duplicate.
const std::vector<experiments::Override> kSmall = {{"/explore/failures", "0"},
                                                   {"/explore/duplicates", "0"}};
const std::vector<experiments::Override> kLarge = {{"/explore/failures", "0"}};

struct Cost {
  std::size_t states = 0;
  std::uint64_t steps = 0;
  std::uint64_t made = 0;
  double cpu_seconds = 0;
  double wall_seconds = 0;
  double peak_mib = 0;

  double made_per_second() const { return static_cast<double>(made) / cpu_seconds; }
};

class World {
 public:
  World(const std::string& scenario, const std::vector<experiments::Override>& overrides,
        bool index)
      : setup_(experiments::explore_setup(experiments::load_scenario(scenario, overrides), index)),
        truth_(setup_) {}
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Cost search(std::size_t jobs, Tape* tape) const {
    const ChildResult child = in_child([&] {
      if (tape != nullptr) record_store(tape);
      explore::ExhaustiveOptions options;
      options.jobs = jobs;
      options.settle = false;  // as the command does in worlds of this size
      const explore::Exhaustive found = explore::explore_all(setup_, truth_, options);
      return fmt::format("{} {} {}", found.states, found.steps, found.executed);
    });
    Cost cost;
    std::istringstream words(child.text);
    if (!(words >> cost.states >> cost.steps >> cost.made)) {
      throw std::runtime_error("a search said: " + child.text);
    }
    cost.cpu_seconds = child.cpu_seconds;
    cost.wall_seconds = child.wall_seconds;
    cost.peak_mib = child.peak_mib;
    return cost;
  }

 private:
  explore::Setup setup_;
  explore::ScriptedTruth truth_;
};

double replay(const Tape& tape) {
  return std::stod(in_child([&] {
                     TapeReader reader(tape);
                     return fmt::format("{:.9f}", replay_store(reader).seconds);
                   }).text);
}

void print_made(const std::string& scenario, bool index) {
  const World world(scenario, kSmall, index);
  const Cost cost = world.search(1, nullptr);
  Tape tape;
  if (world.search(1, &tape).made != cost.made) {
    throw std::runtime_error("the recorded search differs from the measured one");
  }
  const double floor = replay(tape);
  std::cout << fmt::format("{:<32} {:>9} {:>9} {:>8.0f} {:>8.2f} {:>8.2f} {:>6.2f}\n",
                           index ? "made steps, with search index" : "made steps, without index",
                           cost.states, cost.made, cost.made_per_second(), floor, cost.cpu_seconds,
                           cost.cpu_seconds / floor);
}

void print_gain(const std::string& scenario) {
  const World world(scenario, kLarge, false);
  const Cost one = world.search(1, nullptr);
  const Cost two = world.search(2, nullptr);
  if (one.states != two.states || one.steps != two.steps) {
    throw std::runtime_error("two threads count otherwise than one");
  }
  std::cout << fmt::format(
      "\n{} states, {} steps: one thread made {} of them in {:.2f} s ({:.0f} a second, "
      "{:.0f} MiB),\ntwo threads {} in {:.2f} s of wall time ({:.2f} s of processor time): "
      "{:.2f} times as fast\n",
      one.states, one.steps, one.made, one.wall_seconds, one.made_per_second(), one.peak_mib,
      two.made, two.wall_seconds, two.cpu_seconds, one.wall_seconds / two.wall_seconds);
}

}  // namespace
}  // namespace rehearse::bench

int main(int argc, char** argv) {
  using namespace rehearse;
  if (argc > 2) {
    std::cerr << "usage: explore_bench [SCENARIO]\n";
    return 2;
  }
  const std::string scenario =
      argc == 2 ? argv[1] : REHEARSE_SOURCE_DIR "/scenarios/explore/worked-example.json";
  try {
    std::cout << fmt::format("{:<32} {:>9} {:>9} {:>8} {:>8} {:>8} {:>6}\n", "operation", "states",
                             "made", "made/s", "floor s", "search s", "ratio");
    bench::print_made(scenario, false);
    bench::print_made(scenario, true);
    bench::print_gain(scenario);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "explore_bench: " << error.what() << "\n";
    return 3;
  }
}

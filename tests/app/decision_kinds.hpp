// Random inputs of each kind of fault that tests/cases/decisions holds one example of. An input is
// made from its number alone, so "input 17 of one-point" can be made again; check() runs it inside
// this process and says what is wrong.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "stats/random.hpp"

namespace rehearse::test {

/// Runs the program inside this process, in no folder of its own; 100 times faster than as a child.
Finished run_inside(const std::vector<std::string>& arguments);

/// A folder for one input after the other, and what is drawn from for it.
class Maker {
 public:
  Maker(const std::filesystem::path& folder, const std::string& kind, std::uint64_t number)
      : folder_(folder), stream_(number, 0, kind) {}

  /// Writes a file and gives its path.
  std::string write(const std::string& name, const std::string& text) const;

  std::size_t between(std::size_t low, std::size_t high) {
    return low + stream_.below(high - low + 1);
  }
  double real(double low, double high) { return low + (high - low) * stream_.uniform(); }
  bool chance(double p) { return stream_.chance(p); }
  template <typename Value>
  const Value& pick(const std::vector<Value>& values) {
    return values[stream_.below(values.size())];
  }
  std::string cell(double low, double high);

  /// Set where drift is called of data without any.
  bool false_alarm = false;

 private:
  std::filesystem::path folder_;
  stats::Stream stream_;
};

struct FaultKind {
  std::string name;
  /// Makes an input, runs it, and gives what is wrong; empty when all is right.
  std::function<std::string(Maker&)> check;
  /// The share of inputs that may be false alarms.
  double false_alarms = 0;
};

const std::vector<FaultKind>& judge_kinds();
const std::vector<FaultKind>& drift_kinds();

}  // namespace rehearse::test

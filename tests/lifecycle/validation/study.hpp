// Studies of lifecycles over many seeds: each measures some figures of every seed.
//
// The figures of the first kRecorded seeds, and the means and ends of all, are recorded in
// recorded/STUDY.json. `./check` measures those seeds again, `./check --long` all of them, and
// every figure must be what is recorded. Where a change is meant to alter them,
//
//   REHEARSE_RECORD=1 build/release/tests/lifecycle_test "[validation]"
//
// records them anew.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace rehearse::lifecycle {

constexpr int kRecorded = 20, kSeeds = 400;

/// Figures of one run, in the order of their names; NaN where there is none.
using Figures = std::vector<double>;

/// One way to run a lifecycle.
struct Line {
  std::string name;
  std::vector<std::string> figures;
  std::function<Figures(std::uint64_t seed)> measure;
};

/// What a line has measured.
class Results {
 public:
  Results(const Line& line, int seeds);

  int seeds() const { return int(rows_.size()); }
  const std::vector<Figures>& rows() const { return rows_; }
  /// One figure of every seed. REQUIRES: a figure of the line.
  std::vector<double> of(const std::string& figure) const;
  /// Seeds of which a figure is as asked for.
  int count(const std::string& figure, const std::function<bool(double)>& asked) const;
  int at_most(const std::string& figure, double bound) const;
  int at_least(const std::string& figure, double bound) const;
  double mean(const std::string& figure) const;

 private:
  std::vector<std::string> figures_;
  std::vector<Figures> rows_;
};

/// Measures a line and fails the test where a figure is not what `study` has recorded of it.
Results held_to_record(const std::string& study, const Line& line, int seeds);

// What a table says of results.

/// "389 of 400 (94.1% to 98.6%)", by Clopper's and Pearson's interval of 99%.
std::string share(int count, int of);
/// "0.0204 (0.0200 to 0.0208)", by Student's interval of 99%, of the seeds that have a value.
std::string mean(std::vector<double> values);
/// One row of a table of docs/validation.md, on standard output.
void row(const std::vector<std::string>& cells);

}  // namespace rehearse::lifecycle

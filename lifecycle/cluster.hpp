// Where trainings run: a cluster whose slots are taken first come, first served.
//
// A job holds one slot from its start to its end. It is tried up to `attempts` times, one try after
// the other in the same slot, each of a fresh duration; a try fails with the chance `failure`, and
// is known to have failed at its end. A job whose last try has failed ends without success.
//
// Each job brings its own stream, so how long it takes does not hang on who was before it.
// Sans-I/O: time is passed in.
// Invariants: no more jobs run than there are slots; nobody waits while a slot is free, unless the
// cluster is held.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "stats/lognormal.hpp"
#include "stats/random.hpp"

namespace rehearse::lifecycle {

struct JobSettings {
  stats::Distribution duration =
      stats::Distribution(stats::lognormal(Duration::hours(1), Duration::hours(4)));
  double failure = 0;
  int attempts = 3;
};

/// What became of a job.
struct JobStep {
  enum class What {
    started,  ///< it has got its slot
    failed,   ///< a try has; the next one begins
    ended     ///< and the slot is free
  };
  std::uint64_t job = 0;
  Time at;
  What what = What::started;
  int attempt = 1;         ///< the one that began or ended
  bool succeeded = false;  ///< of a job that ended
};

class Cluster {
 public:
  /// REQUIRES: a slot.
  explicit Cluster(int slots);

  /// Puts a job at the end of the queue; whether it can start at once is told by advance().
  /// REQUIRES: a number that no job had before, times that do not go backwards, an attempt, a
  /// chance in [0, 1].
  void submit(std::uint64_t job, const JobSettings& settings, stats::Stream stream, Time now);

  /// Whether from now on no job starts; those that run go on, each try after the other.
  void hold(bool held, Time now);

  /// When a job starts or a try ends; nullopt when the cluster is idle.
  std::optional<Time> next_wakeup() const;
  /// Everything that has happened by now, in its order; at one time ends come before starts.
  /// REQUIRES: times do not go backwards.
  std::vector<JobStep> advance(Time now);

  int slots() const { return slots_; }
  int running() const { return static_cast<int>(running_.size()); }
  std::size_t waiting() const { return queue_.size(); }
  /// Slots taken, integrated over the time of the last advance(): nanoseconds times slots.
  Int128 slot_time() const { return slot_time_; }

 private:
  struct Job {
    std::uint64_t number;
    JobSettings settings;
    stats::Stream stream;
    Time submitted;
    int attempt = 0;
    bool fails = false;  ///< the try that runs
  };
  /// By time, then in the order in which tries began.
  using When = std::pair<Time, std::uint64_t>;

  void pass_to(Time now);
  Time next_start() const;
  Time next_end() const;
  void begin_try(Job job, Time now);
  void end_try(std::vector<JobStep>& steps);
  void start(std::vector<JobStep>& steps);

  int slots_;
  std::deque<Job> queue_;
  std::map<When, Job> running_;  ///< by the end of the try
  bool held_ = false;
  std::uint64_t tries_ = 0;
  Time now_;
  Int128 slot_time_ = 0;
};

}  // namespace rehearse::lifecycle

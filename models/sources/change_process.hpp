// Random processes by which the entities of a source change.
//
// Poisson: the changes of N entities with rate r each are one Poisson process with rate N*r that
// hits each entity alike. The next change comes when the integral of the rate since the last one
// has reached a unit exponential, so the process stays exact while entities come and go and while
// bursts switch its rate, with one draw per change whatever happens in between.
//
// Intervals: renewals with times between changes from any distribution, of the type as a whole or
// of each entity.
//
// Processes start *stationary*, as if they had been going on for ever: the first interval is what
// is left of one (stats/duration_residual.hpp), bursts are on with the share of their mean and in
// the middle of a phase, so that from the very start the expected number of changes in (0, t] is t
// times the rate. A Poisson process does so by itself. An entity that comes to exist during the run
// begins a whole interval. With "start": "renewal" the first interval of a type and the first phase
// of bursts are whole, and the intervals of entities that exist before the run are cut by a uniform
// part, so that these are not in step.
//
// No process has more than one event in the calendar (two with bursts).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <queue>
#include <string>

#include "models/sources/change_draw.hpp"
#include "sim/calendar.hpp"

namespace rehearse::models {

class ChangeProcess {
 public:
  /// Who makes the changes.
  class Sink {
   public:
    virtual ~Sink() = default;
    /// Makes a change, or none where random processes collide.
    virtual void try_change(const world::Operation& operation) = 0;
    /// The number that the id of the next random creation of a type gets.
    virtual std::uint64_t& next_number(const std::string& type) = 0;
  };

  virtual ~ChangeProcess() = default;

  /// Begins; no change is made at or after `until`.
  virtual void start(Time until) = 0;
  /// An entity of this source was created or removed, by this process or another.
  virtual void on_population(const world::Change& change, const std::string& id) = 0;
};

/// The process for a setting. Its streams are NAME/times, /pick, /content and /bursts. REQUIRES:
/// all references outlive it.
std::unique_ptr<ChangeProcess> make_change_process(const std::string& source,
                                                   const ChangeConfig& config,
                                                   const std::string& name, const Streams& streams,
                                                   sim::Calendar& calendar,
                                                   const world::World& world,
                                                   ChangeProcess::Sink& sink);

}  // namespace rehearse::models

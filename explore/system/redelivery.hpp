// What comes again: after a crash, and where the consumers of a kafka bus are rebalanced.
//
// A queue repeats each event that was delivered and is not acknowledged. A partition of a kafka bus
// is repeated from its first such event on, the acknowledged ones behind it among them, in order
// (the order is that of add_event_choices). An event counts as acknowledged for good, as on the bus
// of a run (models/transport/bus.hpp).
#pragma once

#include <cstddef>
#include <string>

#include "explore/system/branch.hpp"
#include "explore/system/scripted_truth.hpp"
#include "explore/system/setup.hpp"

namespace rehearse::explore {

class Redelivery {
 public:
  /// REQUIRES: both outlive this.
  Redelivery(const Setup& setup, const ScriptedTruth& truth) : setup_(setup), truth_(truth) {}

  /// An earlier event of its partition, on a kafka bus, is still on the bus.
  bool waits(std::size_t event, const Branch& branch) const;
  /// A rebalance of this bus would bring something back.
  bool repeats(const BusPromise& bus, const Branch& branch) const;

  void after_crash(Branch& branch) const;
  void rebalance(const std::string& bus, Branch& branch) const;
  /// An event was acknowledged.
  void commit(std::size_t event, Branch& branch) const;
  /// A partition is committed up to its first event that was never acknowledged.
  void trim(LaneIndex lane, Branch& branch) const;

 private:
  /// `bus`: of this one alone; nullptr: of all.
  void bring_back_uncommitted(const std::string* bus, Branch& branch) const;
  bool on_named_bus(std::size_t event, const std::string& bus) const;

  const Setup& setup_;
  const ScriptedTruth& truth_;
};

}  // namespace rehearse::explore

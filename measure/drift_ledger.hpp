// The drifts of one model that somebody should answer, and who has.
//
// A drift is open from its begin until a version is promoted whose median training row is later
// than the drift's completion, or until the drift itself ends; a recurring one never is complete.
// One that is benign is never open. A monitor looks back: a response at the very begin of a drift
// has not seen it, and one at its very end has.
#pragma once

#include <optional>
#include <vector>

#include "base/time.hpp"
#include "learning/drift_schedule.hpp"

namespace rehearse::measure {

class DriftLedger {
 public:
  struct Entry {
    learning::Drift drift;
    std::optional<Time> detected = std::nullopt;  ///< the first response while it was open
    std::optional<Time> mended = std::nullopt;    ///< by a promotion, while it was open

    bool open(Time now) const;
  };

  explicit DriftLedger(const std::vector<learning::Drift>& drifts);

  /// A monitor has responded. False when no drift was open: a false alarm.
  bool responded(Time now);
  void promoted(Time median_row, Time now);

  /// Those that are not benign, in the scenario's order.
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
};

}  // namespace rehearse::measure

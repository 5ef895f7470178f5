#include "measure/drift_ledger.hpp"

namespace rehearse::measure {

bool DriftLedger::Entry::open(Time now) const {
  return drift.at < now && now <= drift.until && !mended;
}

DriftLedger::DriftLedger(const std::vector<learning::Drift>& drifts) {
  for (const learning::Drift& drift : drifts) {
    if (!drift.benign) entries_.push_back({drift});
  }
}

bool DriftLedger::responded(Time now) {
  bool any = false;
  for (Entry& entry : entries_) {
    if (!entry.open(now)) continue;
    any = true;
    if (!entry.detected) entry.detected = now;
  }
  return any;
}

void DriftLedger::promoted(Time median_row, Time now) {
  for (Entry& entry : entries_) {
    const std::optional<Time> completed = learning::completed(entry.drift);
    if (entry.open(now) && completed && *completed < median_row) entry.mended = now;
  }
}

}  // namespace rehearse::measure

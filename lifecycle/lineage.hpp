// What happened in a lifecycle and what led to it.
//
// Every record names the record that caused it: a training the signal that asked for it, a signal
// the alert, the verdict or the run it tells of, a step of a release the verdict. Only an origin
// has no cause: the start of the run, a schedule, a fault, a person who acts unasked, an alert that
// something was measured, and one that was held back. Following causes gives the lineage of a run,
// a version or a rollback.
//
// Invariant: a cause is older than what it caused, so every chain ends at an origin.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace rehearse::lifecycle {

/// Records are numbered from 1 on, in the order in which they were made.
struct RecordId {
  std::int64_t number = 0;

  explicit operator bool() const { return number != 0; }
  auto operator<=>(const RecordId&) const = default;
};

enum class What {
  start,
  schedule,
  fault,
  person,
  alert,  ///< a response of a monitor, or a rule on errors that fired
  held_back,
  signal,
  run,
  gate,
  version,
  verdict,
  step,
  pointer,
  rollback,
  question
};

std::string to_string(What what);

/// Whether records of this kind need no cause.
bool is_origin(What what);

struct Record {
  RecordId id = {};
  RecordId cause = {};
  Time at = {};
  std::string model = {};    ///< empty where it concerns none
  std::int64_t version = 0;  ///< 0 where it concerns none
  What what = What::start;
  std::string from = {}, to = {};  ///< of a step or a move
  std::string detail = {};
};

class Lineage {
 public:
  /// Numbers the record and keeps it. REQUIRES: a cause that is there, or none and an origin; times
  /// do not go backwards.
  RecordId add(Record record);

  const std::vector<Record>& records() const { return records_; }
  /// REQUIRES: an id that add() gave.
  const Record& at(RecordId id) const;
  /// From a record back to its origin. REQUIRES: as above.
  std::vector<RecordId> chain(RecordId id) const;

 private:
  std::vector<Record> records_;
};

}  // namespace rehearse::lifecycle

// What a report of a column means, in a word that may decide and a sentence that says why.
//
// PSI is read in the customary way (Siddiqi 2006): below 0.1 stable, from 0.2 large, unless that
// many values give as much by chance (Yurdakul 2018). It is blind to what lies in bins too rare for
// its floor, and to what deciles do not part; so "stable" is never said where the two-sample test
// (Kolmogorov-Smirnov, or chi-square of labels) is overwhelming, where over half of a side lies in
// floored bins, where a side has no values, or where the share of missing or infinite values has
// jumped.
#pragma once

#include <string>

#include "drift/column_report.hpp"

namespace rehearse::drift {

/// In rising order of what it asks of a reader.
enum class Severity {
  stable,
  chance,   ///< a large distance that so few values give by chance
  slight,   ///< certain, and small
  unclear,  ///< the data cannot tell
  drift,
  large
};

/// "stable", "chance", "slight", "unclear", "drift", "large".
std::string to_string(Severity severity);

/// A larger share of a side in floored bins leaves PSI and KL blind.
inline constexpr double kMostFloored = 0.5;

struct Reading {
  Severity severity = Severity::stable;
  std::string text;
};

Reading read(const ColumnReport& report);

}  // namespace rehearse::drift

// What a report of a column means, in a word that may decide and a sentence that says why.
//
// PSI is read in the customary way (Siddiqi 2006): below 0.1 stable, from 0.2 large. It is blind to
// what lies in bins too rare for its floor, and to what deciles do not part; so "stable" is never
// said where the two-sample test (Kolmogorov-Smirnov, or chi-square of labels) is overwhelming,
// where over half of a side lies in floored bins, where a side has no values, where the share of
// missing or infinite values has jumped, or where more values of a side than chance puts there lie
// outside the other's range. Among labels too rare for chi-square the one that changed most is
// tested alone.
//
// No distance and no jump is read as drift that chance may have made: few values, or many
// categories, give any PSI. Each has a test of size kFalseAlarms / (tests made in the comparison of
// which the column is a part), the level of Bonferroni; so where nothing has drifted, at most one
// comparison in a hundred calls a column drifted, however many it has. PSI's is the two-sample
// chi-square: the limit distribution of PSI itself (Yurdakul 2018) calls half of all small samples
// drifted.
#pragma once

#include <cstddef>
#include <string>

#include "drift/column_report.hpp"

namespace rehearse::drift {

/// In rising order of what it asks of a reader.
enum class Severity {
  stable,
  chance,   ///< a large distance that chance gives, too
  slight,   ///< certain, and small
  unclear,  ///< the data cannot tell
  drift,
  large
};

/// "stable", "chance", "slight", "unclear", "drift", "large".
std::string to_string(Severity severity);

/// A larger share of a side in floored bins leaves PSI and KL blind.
inline constexpr double kMostFloored = 0.5;

/// The probability that a comparison without any drift calls a column drifted.
inline constexpr double kFalseAlarms = 0.01;

/// The tests that a reading of this report looks at.
std::size_t count_tests(const ColumnReport& report);

struct Reading {
  Severity severity = Severity::stable;
  std::string text;
};

/// `tests`: those of all reports that are read together, this one included.
Reading read(const ColumnReport& report, std::size_t tests);

}  // namespace rehearse::drift

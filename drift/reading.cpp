#include "drift/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/text/utf8.hpp"
#include "stats/p_value.hpp"

namespace rehearse::drift {
namespace {

constexpr double kSmallPsi = 0.1, kLargePsi = 0.2;
/// Where a p-value is no larger, "stable" is not said, however small the difference.
constexpr double kOverwhelming = 0.001;
/// Distances between distribution functions, or shares of labels, beside PSI of 0.1 and 0.2.
constexpr double kSmallDistance = 0.1, kLargeDistance = 0.2;
/// Jumps of a share, in parts of all rows.
constexpr double kSmallJump = 0.01, kLargeJump = 0.1;

double share(std::size_t part, std::size_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

std::string percent(double share_of_all) { return fmt::format("{:.3g}%", 100 * share_of_all); }

Severity by_size(double value, double small, double large) {
  return value >= large ? Severity::large : value >= small ? Severity::drift : Severity::slight;
}

/// Collects findings; the gravest comes first in the text.
class Findings {
 public:
  void add(Severity severity, std::string text) { list_.push_back({severity, std::move(text)}); }

  Reading take() {
    std::stable_sort(list_.begin(), list_.end(),
                     [](const Reading& a, const Reading& b) { return a.severity > b.severity; });
    Reading reading;
    for (const Reading& one : list_) {
      reading.text += (reading.text.empty() ? "" : "; ") + one.text;
      reading.severity = std::max(reading.severity, one.severity);
    }
    return reading;
  }

 private:
  std::vector<Reading> list_;
};

class Reader {
 public:
  Reader(const ColumnReport& report, std::size_t tests)
      : report_(report), tests_(tests), level_(kFalseAlarms / static_cast<double>(tests)) {}

  Reading read() {
    read_values();
    if (report_.psi) read_psi();
    read_test();
    read_beyond(report_.beyond, report_.current_count,
                " of the values outside the reference's range");
    read_beyond(report_.lost, report_.reference_count,
                " of the reference outside the range of the current data");
    read_label();
    Reading reading = findings_.take();
    if (reading.text.empty()) reading.text = "stable";
    return reading;
  }

 private:
  void read_values() {
    const SideCounts &before = report_.reference_side, &now = report_.current_side;
    read_share("missing", before.missing, before.rows, now.missing, now.rows, report_.missing_p);
    read_share("infinite", before.infinite, report_.reference_count, now.infinite,
               report_.current_count, report_.infinite_p);
    if (now.infinite > 0 && before.infinite == 0 && report_.infinite_p > level_) {
      findings_.add(Severity::slight,
                    fmt::format("{} infinite, where there was none", now.infinite));
    }
    if (report_.kind_changed) {
      findings_.add(Severity::large, "large drift: numbers on one side and labels on the other");
    }
    if (report_.too_many_labels) {
      findings_.add(Severity::unclear,
                    fmt::format("cannot be told: more than {} different labels", kMostLabels));
    }
    if (report_.reference_count == 0 && report_.current_count == 0) {
      findings_.add(Severity::unclear, "cannot be told: neither side has values");
    } else if (report_.reference_count == 0) {
      findings_.add(Severity::unclear, "cannot be told: the reference has no values");
    } else if (report_.current_count == 0) {
      findings_.add(Severity::unclear, "cannot be told: the current data have no values");
    }
  }

  void read_share(const char* what, std::size_t before, std::size_t of_before, std::size_t now,
                  std::size_t of_now, double p) {
    const double was = share(before, of_before), is = share(now, of_now);
    if (was == is) return;
    const std::string numbers = fmt::format("{} {}, was {}", percent(is), what, percent(was));
    if (p > level_) return say_chance(numbers, p);
    findings_.add(by_size(std::abs(is - was), kSmallJump, kLargeJump),
                  fmt::format("{} ({})", numbers, stats::p_value_text(p, 2)));
  }

  /// What the two-sample test says, by a distance that goes with it.
  void read_test() {
    double p = 1, distance = 0;
    std::string what;
    if (report_.kolmogorov_smirnov) {
      p = report_.kolmogorov_smirnov->p_value;
      distance = report_.kolmogorov_smirnov->statistic;
      what = fmt::format("ks {:.3g}", distance);
    } else if (report_.chi_square && report_.total_variation) {
      p = report_.chi_square->p_value;
      distance = *report_.total_variation;
      what = fmt::format("tvd {:.3g}", distance);
    }
    if (p > kOverwhelming) return;
    if (p > level_) return say_chance(what, p);
    const Severity severity = by_size(distance, kSmallDistance, kLargeDistance);
    const char* word = severity == Severity::large   ? "large drift"
                       : severity == Severity::drift ? "some drift"
                                                     : "a slight difference, and no chance";
    findings_.add(severity, fmt::format("{} ({}, {})", word, what, stats::p_value_text(p, 2)));
  }

  /// Few values far outside the other side's range are a bin's worth to PSI, and little to KS.
  void read_beyond(const std::optional<Beyond>& beyond, std::size_t values, const char* which) {
    if (!beyond || beyond->rows == 0) return;
    const double part = share(beyond->rows, values), p = beyond->p_value;
    const std::string numbers = percent(part) + which;
    if (p > level_) return say_chance(numbers, p);
    findings_.add(by_size(part, kSmallJump, kLargeJump),
                  fmt::format("{} ({})", numbers, stats::p_value_text(p, 2)));
  }

  void read_label() {
    if (!report_.changed_label) return;
    const auto& [label, was, is, p] = *report_.changed_label;
    const std::string numbers = fmt::format("\"{}\" in {} of the values, was in {}",
                                            printable(label), percent(is), percent(was));
    if (p > level_) return say_chance(numbers, p);
    findings_.add(by_size(std::abs(is - was), kSmallDistance, kLargeDistance),
                  fmt::format("{} ({})", numbers, stats::p_value_text(p, 2)));
  }

  /// An overwhelming p-value is mentioned where among so many tests it is none.
  void say_chance(const std::string& what, double p) {
    if (p > kOverwhelming) return;
    findings_.add(Severity::chance, fmt::format("no more than chance among {} tests ({}, {})",
                                                tests_, what, stats::p_value_text(p, 2)));
  }

  void read_psi() {
    const double psi = *report_.psi, p = histogram_p();
    const bool shown = psi >= kSmallPsi && p <= level_;
    if (shown) {
      const bool large = psi > kLargePsi;
      findings_.add(large ? Severity::large : Severity::drift,
                    fmt::format("{} drift (psi {:.3g})", large ? "large" : "some", psi));
    } else if (psi >= kSmallPsi) {
      findings_.add(Severity::chance, fmt::format("no more than chance (psi {:.3g}, {})", psi,
                                                  stats::p_value_text(p, 2)));
    }
    const double floored = std::max(report_.floored.reference, report_.floored.current);
    if (floored > kMostFloored && !shown) {
      findings_.add(Severity::unclear,
                    fmt::format("psi cannot tell: {} of the values lie in bins too rare for it",
                                percent(floored)));
    }
  }

  /// Without a table there is one bin, and nothing to be told apart.
  double histogram_p() const {
    const auto& test = report_.categorical ? report_.chi_square : report_.histogram_test;
    return test ? test->p_value : 1;
  }

  const ColumnReport& report_;
  std::size_t tests_;
  double level_;
  Findings findings_;
};

}  // namespace

std::string to_string(Severity severity) {
  switch (severity) {
    case Severity::stable:
      return "stable";
    case Severity::chance:
      return "chance";
    case Severity::slight:
      return "slight";
    case Severity::unclear:
      return "unclear";
    case Severity::drift:
      return "drift";
    case Severity::large:
      return "large";
  }
  return "";
}

std::size_t count_tests(const ColumnReport& report) {
  const auto any = [](std::size_t before, std::size_t now) { return before + now > 0 ? 1U : 0U; };
  const auto made = [](const auto& test) { return test ? 1U : 0U; };
  return any(report.reference_side.missing, report.current_side.missing) +
         any(report.reference_side.infinite, report.current_side.infinite) +
         made(report.kolmogorov_smirnov) + made(report.histogram_test) + made(report.chi_square) +
         made(report.beyond) + made(report.lost) + made(report.changed_label);
}

Reading read(const ColumnReport& report, std::size_t tests) {
  Reading reading = Reader(report, std::max<std::size_t>(1, tests)).read();
  if (report.categorical && report.new_rows > 0 && report.reference_count > 0) {
    reading.severity = std::max(reading.severity, Severity::slight);
    const std::string fresh = fmt::format(
        "{} of the rows in {} new {}", percent(share(report.new_rows, report.current_count)),
        report.new_values, report.new_values == 1 ? "category" : "categories");
    reading.text = reading.text == "stable" ? fresh : reading.text + "; " + fresh;
  }
  return reading;
}

}  // namespace rehearse::drift

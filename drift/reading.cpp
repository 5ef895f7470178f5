#include "drift/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "stats/distributions.hpp"

namespace rehearse::drift {
namespace {

constexpr double kSmallPsi = 0.1, kLargePsi = 0.2;
constexpr double kChance = 0.01;
/// A p-value no larger is not chance, whatever the distance; a permutation test gets so far.
constexpr double kOverwhelming = 0.001;
/// Distances between distribution functions, or shares of labels, beside PSI of 0.1 and 0.2.
constexpr double kSmallDistance = 0.1, kLargeDistance = 0.2;
/// Jumps of a share, in parts of all rows.
constexpr double kSmallJump = 0.01, kLargeJump = 0.1;

double share(std::size_t part, std::size_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

std::string percent(double share_of_all) { return fmt::format("{:.3g}%", 100 * share_of_all); }

std::string with_p(double p) { return fmt::format("p {:.2g}", p); }

// Without any drift PSI times n m / (n + m) is nearly chi-square with bins - 1 degrees of freedom
// (Yurdakul 2018), so few values make a large PSI by chance alone.
bool by_chance(const ColumnReport& report) {
  if (report.bins < 2) return false;
  const double n = static_cast<double>(report.reference_count);
  const double m = static_cast<double>(report.current_count);
  const double statistic = *report.psi * n * m / (n + m);
  return stats::chi_square_tail(statistic, static_cast<double>(report.bins - 1)) > kChance;
}

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

void read_share(const char* what, std::size_t before, std::size_t of_before, std::size_t now,
                std::size_t of_now, double p, Findings& findings) {
  const double was = share(before, of_before), is = share(now, of_now);
  if (p > kChance || was == is) return;
  findings.add(by_size(std::abs(is - was), kSmallJump, kLargeJump),
               fmt::format("{} {}, was {} ({})", percent(is), what, percent(was), with_p(p)));
}

void read_values(const ColumnReport& report, Findings& findings) {
  const SideCounts &before = report.reference_side, &now = report.current_side;
  read_share("missing", before.missing, before.rows, now.missing, now.rows, report.missing_p,
             findings);
  read_share("infinite", before.infinite, report.reference_count, now.infinite,
             report.current_count, report.infinite_p, findings);
  if (now.infinite > 0 && before.infinite == 0 && report.infinite_p > kChance) {
    findings.add(Severity::slight, fmt::format("{} infinite, where there was none", now.infinite));
  }
  if (report.kind_changed) {
    findings.add(Severity::large, "large drift: numbers on one side and labels on the other");
  }
  if (report.too_many_labels) {
    findings.add(Severity::unclear,
                 fmt::format("cannot be told: more than {} different labels", kMostLabels));
  }
  if (report.reference_count == 0 && report.current_count == 0) {
    findings.add(Severity::unclear, "cannot be told: neither side has values");
  } else if (report.reference_count == 0) {
    findings.add(Severity::unclear, "cannot be told: the reference has no values");
  } else if (report.current_count == 0) {
    findings.add(Severity::unclear, "cannot be told: the current data have no values");
  }
}

/// What the two-sample test says; a name, its statistic, its p-value and a distance to read.
void read_test(const ColumnReport& report, Findings& findings) {
  double p = 1, distance = 0;
  std::string what;
  if (report.kolmogorov_smirnov) {
    p = report.kolmogorov_smirnov->p_value;
    distance = report.kolmogorov_smirnov->statistic;
    what = fmt::format("ks {:.3g}", distance);
  } else if (report.chi_square && report.total_variation) {
    p = report.chi_square->p_value;
    distance = *report.total_variation;
    what = fmt::format("tvd {:.3g}", distance);
  }
  if (p > kOverwhelming) return;
  const Severity severity = by_size(distance, kSmallDistance, kLargeDistance);
  const char* word = severity == Severity::large   ? "large drift"
                     : severity == Severity::drift ? "some drift"
                                                   : "a slight difference, and no chance";
  findings.add(severity, fmt::format("{} ({}, {})", word, what, with_p(p)));
}

void read_psi(const ColumnReport& report, Findings& findings) {
  const double floored = std::max(report.floored.reference, report.floored.current);
  if (*report.psi >= kSmallPsi && by_chance(report)) {
    findings.add(Severity::chance,
                 fmt::format("no more than chance with so few values (psi {:.3g})", *report.psi));
  } else if (*report.psi >= kSmallPsi) {
    const bool large = *report.psi > kLargePsi;
    findings.add(large ? Severity::large : Severity::drift,
                 fmt::format("{} drift (psi {:.3g})", large ? "large" : "some", *report.psi));
  }
  if (floored > kMostFloored && *report.psi < kSmallPsi) {
    findings.add(Severity::unclear,
                 fmt::format("psi cannot tell: {} of the values lie in bins too rare for it",
                             percent(floored)));
  }
}

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

Reading read(const ColumnReport& report) {
  Findings findings;
  read_values(report, findings);
  if (report.psi) read_psi(report, findings);
  read_test(report, findings);
  Reading reading = findings.take();
  if (reading.text.empty()) reading.text = "stable";
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

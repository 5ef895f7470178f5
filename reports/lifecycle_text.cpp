#include "reports/lifecycle_text.hpp"

#include <fmt/format.h>

#include "base/text/clock_text.hpp"

namespace rehearse::reports {
namespace {

class Told {
 public:
  explicit Told(const measure::Metrics& metrics) : metrics_(metrics) {}

  double value(const std::string& name) const { return metrics_.at(name); }
  std::string number(const std::string& name) const { return fmt::format("{:.10g}", value(name)); }
  std::string time(const std::string& name) const { return duration_text(value(name)); }
  std::string percent(const std::string& name) const {
    return fmt::format("{:.2f}%", 100 * value(name));
  }
  /// Of the answers on all occasions on which operations ask.
  double answers(const std::string& what) const {
    const std::string first = "answers.", last = "." + what;
    double sum = 0;
    for (const auto& [name, number] : metrics_) {
      const bool of_all = name == first + what;
      if (!of_all && name.starts_with(first) && name.ends_with(last)) sum += number;
    }
    return sum;
  }

 private:
  const measure::Metrics& metrics_;
};

/// "3 trainings", "1 training", "no training".
std::string count(double n, const std::string& one) {
  if (n == 0) return "no " + one;
  return fmt::format("{:.10g} {}{}", n, one, n == 1 ? "" : "s");
}

std::string engagement(const Told& told) {
  return fmt::format("Of the clicks that the best ranking would have had, {} were lost.",
                     told.percent("engagement.lost"));
}

std::string drifts(const Told& told) {
  const double found = told.value("drift.detections");
  const double all = found + told.value("drift.missed");
  std::string text = "There was no drift to notice";
  if (all > 0) {
    text = fmt::format("Monitors noticed {:.10g} of {}", found, count(all, "drift"));
    if (found > 0 && told.value("drift.missed") == 0) {
      text += ", the latest after " + told.time("drift.detection_delay.max");
    }
  }
  const double alarms = told.value("drift.false_alarms");
  if (alarms > 0) text += ", and gave " + count(alarms, "false alarm");
  return text + ".";
}

std::string trainings(const Told& told) {
  const double runs = told.value("retraining.runs"), promoted = told.value("release.promoted");
  std::string text = fmt::format("There {} {} and {}", runs > 1 ? "were" : "was",
                                 count(runs, "retraining"), count(promoted, "promotion"));
  if (told.value("retraining.wasted") > 0) {
    text += fmt::format(", {} for under 1%", told.number("retraining.wasted"));
  }
  const double gates = told.value("retraining.rejected"), canaries = told.value("canary.failed");
  if (gates + canaries > 0) {
    text += fmt::format("; gates stopped {}, canaries {}", count(gates, "candidate"),
                        canaries == 0 ? "none" : told.number("canary.failed"));
  }
  return text + ".";
}

std::string rollbacks(const Told& told) {
  // What a canary stopped never served by itself.
  const double all = told.value("rollback.count") - told.value("rollback.canary-failure.count");
  if (all == 0) return "No version that served was rolled back.";
  std::string text = fmt::format("{} that served {} rolled back", count(all, "version"),
                                 all == 1 ? "was" : "were");
  const double late = told.value("rollback.late");
  if (late > 0) text += fmt::format("; {} took too long", count(late, "rollback"));
  return text + ".";
}

std::string answers(const Told& told) {
  const double asked = told.answers("asked"), wrong = told.answers("wrong");
  if (asked == 0) return "No decision asked the graph.";
  return fmt::format(
      "Decisions asked the graph {}: {} wrong.", count(asked, "time"),
      wrong == 0 ? "no answer was" : count(wrong, "answer") + (wrong == 1 ? " was" : " were"));
}

}  // namespace

std::string lifecycle_sentences(const measure::Metrics& metrics) {
  if (!metrics.contains("engagement.lost")) return {};
  const Told told(metrics);
  return engagement(told) + " " + drifts(told) + " " + trainings(told) + " " + rollbacks(told) +
         " " + answers(told);
}

}  // namespace rehearse::reports

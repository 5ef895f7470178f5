// Parsing of --subject-to.
#include <algorithm>
#include <array>
#include <charconv>

#include "base/config.hpp"
#include "base/text/number_text.hpp"
#include "base/text/utf8.hpp"
#include "planning/plan/goal.hpp"

namespace rehearse::planning {
namespace {

const std::string kOption = "--subject-to";

[[noreturn]] void refuse(std::string_view text, const std::string& message) {
  throw InputError({kOption, {}, 0, 0}, "\"" + printable(text) + "\": " + message);
}

[[noreturn]] void refuse_form(std::string_view text) {
  refuse(text,
         "\"METRIC <= VALUE\", \"METRIC >= VALUE\" or either with \" in 95% of runs\" "
         "behind it is allowed");
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

double number_in(std::string_view text, std::string_view whole) {
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || stop != text.data() + text.size()) {
    refuse_form(whole);
  }
  return number;
}

// "95% of runs" -> 0.95.
double read_share(std::string_view text, std::string_view whole) {
  const std::size_t percent = text.find('%');
  if (percent == std::string_view::npos || trimmed(text.substr(percent + 1)) != "of runs") {
    refuse_form(whole);
  }
  const double share = number_in(trimmed(text.substr(0, percent)), whole) / 100;
  if (share < 0.5 || share >= 1) {
    refuse(whole, "a share of 50% or more and less than 100% can be shown by runs");
  }
  return share;
}

double read_limit(std::string_view text, measure::Unit unit, std::string_view whole) {
  if (text.empty()) refuse_form(whole);
  config::Node node;
  node.kind = config::Kind::string;
  node.text = text;
  node.where.file = kOption;
  const bool bare = text.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
  if (bare) return number_in(text, whole);
  if (unit == measure::Unit::seconds) return config::to_duration(node).to_seconds();
  if (unit == measure::Unit::per_second) return config::to_rate(node).per_second();
  if (unit == measure::Unit::share && text.ends_with('%')) {
    return number_in(trimmed(text.substr(0, text.size() - 1)), whole) / 100;
  }
  refuse(whole, "found \"" + printable(text) + "\"; a number is allowed");
}

measure::Unit unit_of(const std::string& metric, const measure::Subjects& subjects,
                      std::string_view whole) {
  const measure::MetricInfo* info = measure::find_metric(metric, subjects);
  if (info != nullptr) return info->unit;
  const auto near = config::nearest(metric, measure::metric_names(subjects));
  refuse(whole, "there is no metric \"" + printable(metric) + "\"; " +
                    (near ? "did you mean \"" + *near + "\"?" : "docs/metrics.md lists them"));
}

// No metric is negative, and shares and flags are at most 1.
void check_possible(const Constraint& constraint) {
  const bool at_most_one =
      constraint.unit == measure::Unit::share || constraint.unit == measure::Unit::flag;
  if (constraint.at_most && constraint.limit < 0) {
    refuse(constraint.text, constraint.metric + " is never below 0");
  }
  if (!constraint.at_most && at_most_one && constraint.limit > 1) {
    refuse(constraint.text, constraint.metric + " is never above 1");
  }
}

// The place of a metric's last word among the quantiles of one distribution; -1 for others.
int quantile_rank(std::string_view metric) {
  constexpr std::array<std::string_view, 4> kQuantiles{"p50", "p90", "p99", "max"};
  const std::size_t dot = metric.rfind('.');
  if (dot == std::string_view::npos) return -1;
  const auto found = std::find(kQuantiles.begin(), kQuantiles.end(), metric.substr(dot + 1));
  return found == kQuantiles.end() ? -1 : static_cast<int>(found - kQuantiles.begin());
}

// Whether the metric of `lower` is never above that of `upper` in one run.
bool never_above(const Constraint& lower, const Constraint& upper) {
  if (lower.metric == upper.metric) return true;
  const int low = quantile_rank(lower.metric);
  const int high = quantile_rank(upper.metric);
  return low >= 0 && low <= high &&
         lower.metric.substr(0, lower.metric.rfind('.')) ==
             upper.metric.substr(0, upper.metric.rfind('.'));
}

// Two shares of runs above one half in sum overlap, and a mean lies among its runs; a mean and a
// share of runs can be apart.
bool must_meet(const Constraint& a, const Constraint& b) {
  if (a.share && b.share) return *a.share + *b.share > 1;
  return !a.share && !b.share;
}

}  // namespace

Constraint parse_constraint(std::string_view text, const measure::Subjects& subjects) {
  Constraint constraint;
  constraint.text = trimmed(text);
  const std::string_view whole = constraint.text;
  const std::size_t sign = whole.find_first_of("<>");
  if (sign == std::string_view::npos || !whole.substr(sign + 1).starts_with('=')) {
    refuse_form(whole);
  }
  constraint.at_most = whole[sign] == '<';
  constraint.metric = trimmed(whole.substr(0, sign));
  std::string_view bound = trimmed(whole.substr(sign + 2));
  if (const std::size_t in = bound.find(" in "); in != std::string_view::npos) {
    constraint.share = read_share(trimmed(bound.substr(in + 4)), whole);
    bound = trimmed(bound.substr(0, in));
  }
  constraint.unit = unit_of(constraint.metric, subjects, whole);
  constraint.limit = read_limit(bound, constraint.unit, whole);
  check_possible(constraint);
  return constraint;
}

void check_consistent(const std::vector<Constraint>& constraints) {
  for (const Constraint& lower : constraints) {
    for (const Constraint& upper : constraints) {
      if (lower.at_most || !upper.at_most || lower.limit <= upper.limit) continue;
      if (!never_above(lower, upper) || !must_meet(lower, upper)) continue;
      refuse(lower.text, "contradicts \"" + upper.text + "\": nothing can keep both");
    }
  }
}

}  // namespace rehearse::planning

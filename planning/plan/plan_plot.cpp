// plan.svg: what was looked at, over the setting or over the cost, and where the promise begins to
// hold. One promise is drawn in its own unit, several as shares of their limits. Colours after
// Okabe and Ito (2008).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.hpp"
#include "base/os/child_process.hpp"
#include "base/text/number_text.hpp"
#include "planning/plan/plan.hpp"
#include "planning/plan/plan_words.hpp"
#include "stats/moments.hpp"

namespace rehearse::planning {
namespace {

constexpr std::array<const char*, 6> kColours{"#0072B2", "#D55E00", "#009E73",
                                              "#CC79A7", "#E69F00", "#56B4E9"};

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += '\'';
    result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result + "'";
}

class PlanPlot {
 public:
  explicit PlanPlot(const Plan& plan)
      : plan_(plan),
        constraints_(plan.problem.constraints),
        one_setting_(plan.problem.space.axes.size() == 1),
        one_promise_(constraints_.size() == 1) {}

  std::string script() {
    std::string blocks;
    for (std::size_t c = 0; c < constraints_.size(); ++c) {
      blocks += fmt::format("$search{} << END\n{}END\n", c, search_rows(c));
      blocks += fmt::format("$trial{} << END\n{}END\n", c, trial_rows(c));
      blocks += fmt::format("$around{} << END\n{}END\n", c, around_rows(c));
    }
    return blocks + setting() + plots();
  }

 private:
  double x_of(const Point& point) const {
    return one_setting_ ? plan_.problem.space.axes[0].amount(point[0])
                        : plan_.problem.space.cost(point);
  }

  // A promise that counts down from a limit is drawn by what is missing.
  double y_of(std::size_t c, double value) const {
    if (one_promise_) return value;
    const Constraint& constraint = constraints_[c];
    const double limit = constraint.turned_limit();
    return constraint.turned(value) / (limit == 0 ? 1 : limit);
  }

  // Columns: x, mean, least, most.
  std::string row(double x, std::size_t c, stats::Sample values) {
    const double mean = y_of(c, stats::mean(values));
    double least = mean;
    double most = mean;
    for (const double value : values) {
      least = std::min(least, y_of(c, value));
      most = std::max(most, y_of(c, value));
    }
    all_positive_ &= least > 0;
    least_x_ = std::min(least_x_, x);
    most_x_ = std::max(most_x_, x);
    lowest_ = std::min(lowest_, mean);
    highest_ = std::max(highest_, mean);
    return fmt::format("{} {} {} {}\n", number_text(x), number_text(mean), number_text(least),
                       number_text(most));
  }

  std::string search_rows(std::size_t c) {
    std::vector<std::pair<double, const Look*>> looks;
    for (const auto& [point, look] : plan_.finding.looks) looks.emplace_back(x_of(point), &look);
    std::stable_sort(looks.begin(), looks.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string rows;
    for (const auto& [x, look] : looks) rows += row(x, c, look->values[c]);
    return rows;
  }

  std::string trial_rows(std::size_t c) {
    std::string rows;
    for (const Candidate& candidate : plan_.finding.proof.candidates) {
      rows += row(x_of(candidate.point), c, candidate.values[c]);
    }
    return rows;
  }

  std::string around_rows(std::size_t c) {
    std::string rows;
    for (const Neighbour& neighbour : plan_.neighbours) {
      const double amount = *read_quantity(neighbour.assignment.begin()->second, {}).value.amount;
      rows += row(one_setting_ ? amount : neighbour.cost, c, std::vector{neighbour.means[c]});
    }
    return rows.empty() ? "nan nan nan nan\n" : rows;
  }

  // A little more than what is drawn.
  std::string x_range(bool logarithmic) const {
    constexpr double kMargin = 0.05;
    const double low = logarithmic ? std::log(least_x_) : least_x_;
    const double high = logarithmic ? std::log(most_x_) : most_x_;
    const double margin = kMargin * (high > low ? high - low : 1);
    const auto back = [&](double x) { return logarithmic ? std::exp(x) : x; };
    return fmt::format("set xrange [{}:{}]\n", number_text(back(low - margin)),
                       number_text(back(high + margin)));
  }

  std::string x_label() const {
    if (!one_setting_) return "cost: " + plan_.cost;
    const Parameter& parameter = plan_.problem.space.axes[0].parameter;
    const std::string unit(unit_label(parameter.unit));
    return parameter.pointer + (unit.empty() ? "" : " (" + unit + ")");
  }

  std::string y_label() const {
    if (!one_promise_) return "metric as a share of its limit";
    const std::string unit(measure::unit_name(constraints_[0].unit));
    return constraints_[0].metric + (unit.empty() ? "" : " (" + unit + ")");
  }

  std::string setting() const {
    const double limit = one_promise_ ? constraints_[0].limit : 1;
    const bool wide = all_positive_ && limit > 0 && highest_ / lowest_ > 20;
    const bool wide_x = !one_setting_ || plan_.problem.space.axes[0].logarithmic;
    const double at = x_of(plan_.finding.point);
    std::string text = fmt::format(
        "set terminal svg size 800,500 noenhanced font 'Helvetica,12' background '#ffffff' "
        "name 'plan'\nset encoding utf8\nset decimalsign '.'\n"
        "set border 3 linecolor rgb '#444444'\nset tics nomirror textcolor rgb '#333333'\n"
        "set grid ytics linecolor rgb '#dfe3e6' linetype 1 linewidth 0.6\n"
        "set key outside top right horizontal textcolor rgb '#333333'\n"
        "set xlabel {}\nset ylabel {}\nset lmargin 12\nset rmargin 4\nset tmargin 5\n",
        quoted(x_label()), quoted(y_label()));
    const bool log_x = wide_x && least_x_ > 0;
    if (log_x) text += "set logscale x\n";
    text += x_range(log_x);
    text += "set format x '%g'\nset format y '%g'\n";
    text += wide ? "set logscale y\n" : "set yrange [*:*]\n";
    text += fmt::format(
        "set arrow 1 from graph 0,first {0} to graph 1,first {0} nohead front linewidth 1.2 "
        "dashtype 2 linecolor rgb '#444444'\n"
        "set label 1 {1} at graph 0.995,first {0} right offset 0,0.6 textcolor rgb '#444444'\n",
        number_text(limit), quoted(one_promise_ ? constraints_[0].text : "limit"));
    const char* colour = plan_.finding.feasible ? "#009E73" : "#888888";
    text += fmt::format(
        "set arrow 2 from first {0},graph 0 to first {0},graph 1 nohead back linewidth 2 "
        "linecolor rgb '{1}'\n"
        "set label 2 {2} at first {0},graph 0.97 left offset 0.6,0 textcolor rgb '{1}'\n",
        number_text(at), colour, quoted(mark()));
    return text + fmt::format("set label 3 {} at screen 0.02,0.965 left font ',15'\n",
                              quoted(plan_.scenario));
  }

  std::string mark() const {
    if (!plan_.finding.feasible) return "the best there is";
    return one_setting_
               ? "recommended: " + plan_.settings.begin()->second
               : fmt::format("recommended: {:.4g}", plan_.problem.space.cost(plan_.finding.point));
  }

  std::string plots() const {
    std::string text = "plot ";
    for (std::size_t c = 0; c < constraints_.size(); ++c) {
      const char* colour = kColours[c % kColours.size()];
      const std::string name = one_promise_ ? "search" : constraints_[c].metric + ", search";
      if (c > 0) text += ", \\\n  ";
      if (one_setting_) {
        text += fmt::format(
            "$search{} using 1:2 with lines linewidth 1 linecolor rgb '{}' "
            "notitle, \\\n  ",
            c, colour);
      }
      text += fmt::format(
          "$search{0} using 1:2:3:4 with yerrorbars pointtype 6 pointsize 0.8 linewidth 1.2 "
          "linecolor rgb '{1}' title {2}, \\\n  $trial{0} using 1:2:3:4 with yerrorbars "
          "pointtype 7 pointsize 0.8 linewidth 1.2 linecolor rgb '{1}' title 'final trial', \\\n"
          "  $around{0} using 1:2 with points pointtype 4 pointsize 0.9 linewidth 1.2 "
          "linecolor rgb '{1}' title {3}",
          c, colour, quoted(name), quoted(plan_.finding.feasible ? "20% around" : "beyond"));
    }
    return text + "\n";
  }

  const Plan& plan_;
  const std::vector<Constraint>& constraints_;
  bool one_setting_;
  bool one_promise_;
  bool all_positive_ = true;
  double least_x_ = 1e300;
  double most_x_ = -1e300;
  double lowest_ = 1e300;
  double highest_ = -1e300;
};

}  // namespace

std::string plan_svg(const Plan& plan) {
  const os::ProgramResult drawn =
      os::run_program({"gnuplot", "--default-settings", "-"}, PlanPlot(plan).script());
  if (!drawn.started) {
    throw InputError("gnuplot is not installed (Debian package gnuplot-nox); it draws the plots");
  }
  if (drawn.status != 0 || drawn.output.find("</svg>") == std::string::npos) {
    throw InputError(fmt::format("gnuplot failed with status {}: {}", drawn.status, drawn.errors));
  }
  return drawn.output;
}

}  // namespace rehearse::planning

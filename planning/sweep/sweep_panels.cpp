#include "planning/sweep/sweep_panels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <utility>

#include "base/text/number_text.hpp"
#include "reports/gnuplot.hpp"
#include "reports/replicated.hpp"
#include "stats/moments.hpp"

namespace rehearse::planning {
namespace {

using reports::gnuplot_text;

constexpr std::size_t kMostTics = 16;
constexpr double kTrellisLeft = 0.085;  // shares of the picture's width
constexpr double kTrellisRight = 0.985;
constexpr double kTrellisGap = 0.02;
constexpr std::size_t kMostUpright = 4;  // texts of places that fit beside each other in a column

using Curve = std::vector<std::pair<double, double>>;  // (place on the axis, mean)

double place_on(const PlotAxis& x, const Value& value) {
  return x.numeric ? x.position(value) : static_cast<double>(x.place(value));
}

std::string rows_of(Curve curve) {
  std::sort(curve.begin(), curve.end());
  std::string rows;
  for (const auto& [at, mean] : curve) {
    rows += fmt::format("{} {}\n", number_text(at), number_text(mean));
  }
  return rows;
}

// The curves over one parameter, one for every setting of the others, with an empty line between
// them; then, behind two empty lines, their mean.
std::string curves_over(const Sweep& sweep, const std::vector<Estimate>& estimates,
                        std::size_t parameter, const PlotAxis& x, double unit) {
  std::map<std::vector<std::string>, Curve> curves;
  std::map<double, stats::Moments> at;
  for (const Estimate& e : estimates) {
    const Point& point = sweep.design.points[e.point];
    std::vector<std::string> others;
    for (std::size_t i = 0; i < point.size(); ++i) {
      if (i != parameter) others.push_back(point[i].text);
    }
    const double place = place_on(x, point[parameter]);
    curves[others].emplace_back(place, e.mean / unit);
    at[place].add(e.mean / unit);
  }
  std::string rows;
  for (const auto& [others, curve] : curves) rows += rows_of(curve) + "\n";
  rows += "\n";
  for (const auto& [place, moments] : at) rows += rows_of({{place, moments.mean()}});
  return rows;
}

std::string trellis_axis(const PlotAxis& x, bool last) {
  std::string script = x.logarithmic ? "set logscale x\n" : "unset logscale x\n";
  if (x.numeric) {
    script += "set xtics autofreq norotate\nset xrange [*:*]\n";
  } else {
    script += place_tics("x", x) + fmt::format("set xrange [-0.3:{}.3]\n", x.places.size() - 1);
    if (x.places.size() > kMostUpright) script += "set xtics rotate by -35 left\n";
  }
  return script + (last ? fmt::format("set xlabel {}\n", gnuplot_text(x.label))
                        : std::string("unset xlabel\n"));
}

}  // namespace

std::vector<Estimate> estimates_of(const Sweep& sweep, std::size_t metric) {
  std::vector<Estimate> estimates;
  for (std::size_t point = 0; point < sweep.design.points.size(); ++point) {
    const std::vector<double> values = sweep.values(point, metric);
    if (values.empty()) continue;
    const reports::MetricSpread spread = reports::spread_of(values);
    const stats::Interval interval =
        spread.interval95.value_or(stats::Interval{spread.mean, spread.mean});
    estimates.push_back({point, spread.mean, interval.low, interval.high});
  }
  return estimates;
}

std::vector<double> means_of(const std::vector<Estimate>& estimates) {
  std::vector<double> means;
  for (const Estimate& estimate : estimates) means.push_back(estimate.mean);
  return means;
}

std::string margins(const Box& box, double left, double right) {
  return fmt::format(
      "set lmargin at screen {}\nset rmargin at screen {}\nset bmargin at screen {:.5f}\n"
      "set tmargin at screen {:.5f}\n",
      left, right, box.bottom, box.top);
}

std::string place_tics(const char* axis, const PlotAxis& places) {
  const std::size_t step = (places.places.size() + kMostTics - 1) / kMostTics;
  std::vector<std::string> tics;
  for (std::size_t i = 0; i < places.places.size(); i += step) {
    tics.push_back(fmt::format("{} {}", gnuplot_text(places.places[i]), i));
  }
  const bool slanted = *axis == 'x' && places.places.size() > 8;
  return fmt::format("set {}tics ({}){}\n", axis, fmt::join(tics, ","),
                     slanted ? " rotate by -35 left" : "");
}

std::string trellis_row(const Sweep& sweep, std::size_t metric, const Box& box, bool last) {
  const std::vector<Estimate> estimates = estimates_of(sweep, metric);
  const PlotAxis y = metric_axis(sweep.design.metrics[metric], means_of(estimates));
  const std::size_t columns = sweep.design.parameters.size();
  assert(columns >= 2);
  const double width = (kTrellisRight - kTrellisLeft) / static_cast<double>(columns);
  std::string script = y.logarithmic ? "set logscale y\n" : "unset logscale y\n";
  for (std::size_t i = 0; i < columns; ++i) {
    const PlotAxis x = parameter_axis(sweep.design, i);
    const double left = kTrellisLeft + static_cast<double>(i) * width;
    script += fmt::format("$m{}p{} << END\n{}END\n", metric, i,
                          curves_over(sweep, estimates, i, x, y.unit));
    script += margins(box, left, left + width - kTrellisGap) + trellis_axis(x, last);
    script += i == 0 ? fmt::format("set ylabel {}\nset format y\n", gnuplot_text(y.label))
                     : std::string("unset ylabel\nset format y ''\n");
    script += fmt::format(
        "plot $m{0}p{1} index 0 using 1:2 with linespoints linewidth 1 pointtype 7 pointsize 0.2 "
        "linecolor rgb '#b8c0c6' notitle, \\\n  '' index 1 using 1:2 with linespoints linewidth "
        "2.5 pointtype 7 pointsize 0.5 linecolor rgb '#0072B2' notitle\n",
        metric, i);
    // Labels of the head stand on every plot until they are taken away.
    if (i == 0) script += "unset label 1\nunset label 2\n";
  }
  return script;
}

}  // namespace rehearse::planning

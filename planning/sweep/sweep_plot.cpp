#include "planning/sweep/sweep_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/text/number_text.hpp"
#include "planning/sweep/axis.hpp"
#include "planning/sweep/sweep_panels.hpp"
#include "reports/gnuplot.hpp"
#include "reports/replicated.hpp"

namespace rehearse::planning {
namespace {

using reports::gnuplot_text;

constexpr int kWidth = 900;
constexpr int kTrellisColumn = 280;
constexpr int kLinePanel = 330;  // pixels
constexpr int kHeatPanel = 460;
constexpr int kTrellisPanel = 250;
constexpr int kHead = 70;
constexpr int kFoot = 56;
constexpr std::size_t kMostPanels = 6;
constexpr std::size_t kMostLabelled = 12;  // cells in a row that have room for a number

std::string line_panel(const Sweep& sweep, std::size_t metric, const Box& box, bool last) {
  const std::vector<Estimate> estimates = estimates_of(sweep, metric);
  const PlotAxis x = parameter_axis(sweep.design, 0);
  const PlotAxis y = metric_axis(sweep.design.metrics[metric], means_of(estimates));
  std::vector<std::pair<double, std::string>> rows;
  for (const Estimate& e : estimates) {
    const Value& value = sweep.design.points[e.point][0];
    const double at = x.numeric ? x.position(value) : static_cast<double>(x.place(value));
    // A band that reaches below 0 has no place on a logarithmic axis.
    const double low = y.logarithmic ? std::max(e.low, e.mean / 10) : e.low;
    rows.emplace_back(at,
                      fmt::format("{} {} {} {}\n", number_text(at), number_text(e.mean / y.unit),
                                  number_text(low / y.unit), number_text(e.high / y.unit)));
  }
  std::sort(rows.begin(), rows.end());
  std::string script = fmt::format("$m{} << END\n", metric);
  for (const auto& row : rows) script += row.second;
  script += "END\n" + margins(box, 0.1, 0.965);
  script += fmt::format("set ylabel {} offset 0.5,0\n", gnuplot_text(y.label));
  script += x.logarithmic ? "set logscale x\n" : "unset logscale x\n";
  script += y.logarithmic ? "set logscale y\n" : "unset logscale y\n";
  if (!x.numeric) {
    script += place_tics("x", x) + fmt::format("set xrange [-0.5:{}.5]\n", x.places.size() - 1);
  }
  if (last) script += fmt::format("set xlabel {}\n", gnuplot_text(x.label));
  return script + fmt::format(
                      "plot $m{0} using 1:3:4 with filledcurves fillcolor rgb '#cfe3f2' fillstyle "
                      "solid noborder notitle, \\\n"
                      "  '' using 1:2 with linespoints linewidth 2 pointtype 7 pointsize 0.5 "
                      "linecolor rgb '#0072B2' notitle\n",
                      metric);
}

// The numbers in the cells, white on dark and black on bright.
std::string cell_labels(std::size_t metric, double middle, bool logarithmic) {
  const std::string dark = logarithmic ? fmt::format("(log($3) < {})", number_text(middle))
                                       : fmt::format("($3 < {})", number_text(middle));
  std::string script;
  for (const auto& [condition, colour] : {std::pair{dark, "#ffffff"}, {"!" + dark, "#000000"}}) {
    script += fmt::format(
        ", \\\n  $m{} using 1:2:({} ? sprintf('%.3g', $3) : '') with labels textcolor rgb '{}' "
        "font ',9' notitle",
        metric, condition, colour);
  }
  return script;
}

std::string heat_panel(const Sweep& sweep, std::size_t metric, const Box& box, bool last) {
  const std::vector<Estimate> estimates = estimates_of(sweep, metric);
  const PlotAxis x = parameter_axis(sweep.design, 0);
  const PlotAxis y = parameter_axis(sweep.design, 1);
  const std::vector<double> means = means_of(estimates);
  const PlotAxis colour = metric_axis(sweep.design.metrics[metric], means);
  std::string script = fmt::format("$m{} << END\n", metric);
  for (const Estimate& e : estimates) {
    const Point& point = sweep.design.points[e.point];
    script += fmt::format("{} {} {}\n", x.place(point[0]), y.place(point[1]),
                          number_text(e.mean / colour.unit));
  }
  script += "END\n" + margins(box, 0.13, 0.84) + place_tics("x", x) + place_tics("y", y);
  script += fmt::format("set xrange [-0.5:{}.5]\nset yrange [-0.5:{}.5]\n", x.places.size() - 1,
                        y.places.size() - 1);
  script += fmt::format("set ylabel {}\nset cblabel {} offset 1,0\n", gnuplot_text(y.label),
                        gnuplot_text(colour.label));
  script += colour.logarithmic ? "set logscale cb\n" : "unset logscale cb\n";
  if (last) script += fmt::format("set xlabel {}\n", gnuplot_text(x.label));
  script += fmt::format(
      "plot $m{} using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid 1 noborder linecolor "
      "palette notitle",
      metric);
  if (x.places.size() <= kMostLabelled && y.places.size() <= 2 * kMostLabelled) {
    const auto [low, high] = std::minmax_element(means.begin(), means.end());
    const auto scaled = [&](double mean) {
      return colour.logarithmic ? std::log(mean / colour.unit) : mean / colour.unit;
    };
    script += cell_labels(metric, scaled(*low) + 0.6 * (scaled(*high) - scaled(*low)),
                          colour.logarithmic);
  }
  return script + "\n";
}

int width_of(const Design& design) {
  const int columns = static_cast<int>(design.parameters.size());
  return columns > 2 ? std::max(kWidth, columns * kTrellisColumn) : kWidth;
}

std::string head(const Sweep& sweep, int height) {
  const Design& design = sweep.design;
  const bool whole = sweep.complete();
  const std::string runs =
      fmt::format("{} of {} points, {}, seed {}",
                  design.replications == 1 ? "single runs" : "means", design.points.size(),
                  whole ? fmt::format("{} {} each", design.replications,
                                      design.replications == 1 ? "run" : "runs")
                        : fmt::format("{} of {} runs", sweep.runs.size(), design.runs()),
                  design.seed);
  const std::size_t parameters = design.parameters.size();
  std::string legend;
  if (parameters == 1 && design.replications > 1) legend = "; band: 95% interval";
  if (parameters > 2) legend = "; grey: the others as they are, blue: mean over them";
  return fmt::format(
      "set terminal svg size {},{} noenhanced font 'Helvetica,12' linewidth 1 "
      "background '#ffffff' name 'sweep'\n"
      "set encoding utf8\nset decimalsign '.'\nset multiplot\n"
      "set border 3 linecolor rgb '#444444'\n"
      "set tics nomirror scale 0.6 textcolor rgb '#333333'\n"
      "set palette defined (0 '#440154', 1 '#414487', 2 '#2a788e', 3 '#22a884', 4 '#7ad151', "
      "5 '#fde725')\n"
      "set label 1 {} at screen 0.02,screen {:.5f} left font ',16' textcolor rgb '#111111'\n"
      "set label 2 {} at screen 0.02,screen {:.5f} left font ',11' textcolor rgb '#666666'\n",
      width_of(design), height, gnuplot_text(design.scenario), 1 - 22.0 / height,
      gnuplot_text(runs + legend), 1 - 44.0 / height);
}

}  // namespace

bool can_be_drawn(const Sweep& sweep) { return !sweep.runs.empty(); }

std::string sweep_script(const Sweep& sweep) {
  assert(can_be_drawn(sweep));
  const std::size_t panels = std::min(kMostPanels, sweep.design.shown.size());
  const std::size_t parameters = sweep.design.parameters.size();
  const bool heat = parameters == 2;
  const bool trellis = parameters > 2;
  const int panel_height = trellis ? kTrellisPanel : heat ? kHeatPanel : kLinePanel;
  const int height = kHead + static_cast<int>(panels) * panel_height + kFoot;
  std::string script = head(sweep, height);
  if (!heat) script += "set grid ytics linecolor rgb '#dfe3e6' linetype 1 linewidth 0.6\n";
  for (std::size_t i = 0; i < panels; ++i) {
    const int top = kHead + static_cast<int>(i) * panel_height;
    const Box box{1 - static_cast<double>(top + panel_height - 40) / height,
                  1 - static_cast<double>(top + 6) / height};
    const bool last = i + 1 == panels;
    const std::size_t metric = sweep.design.shown[i];
    script += trellis ? trellis_row(sweep, metric, box, last)
              : heat  ? heat_panel(sweep, metric, box, last)
                      : line_panel(sweep, metric, box, last);
    if (i == 0) script += "unset label 1\nunset label 2\n";
  }
  return script + "unset multiplot\n";
}

std::string sweep_svg(const Sweep& sweep) { return reports::gnuplot_svg(sweep_script(sweep)); }

}  // namespace rehearse::planning

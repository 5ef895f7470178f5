#include "reports/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text/clock_text.hpp"
#include "base/text/number_text.hpp"
#include "base/text/time_unit.hpp"
#include "reports/gnuplot.hpp"

namespace rehearse::reports {
namespace {

constexpr int kWidth = 960;
constexpr int kHeight = 760;

// Columns: 1 time, 2 freshness, 3 precision, 4 recall, 5 mean age, 6 greatest age, 7 published,
// 8 requests, 9 queue. A last row repeats the last values at the end, so that steps reach it.
std::string data_block(const std::vector<measure::Bucket>& series, const TimeUnit& time,
                       const TimeUnit& age) {
  std::string rows = "$run << END\n";
  const auto row = [&](const measure::Bucket& b, Time at) {
    rows += fmt::format("{} {} {} {} {} {} {} {} {}\n", number_text(at.to_seconds() / time.seconds),
                        number_text(b.freshness), number_text(b.edge_precision),
                        number_text(b.edge_recall), number_text(b.age_mean / age.seconds),
                        number_text(b.age_max / age.seconds), number_text(b.published),
                        number_text(b.hydration_requests), number_text(b.queue_length));
  };
  for (const measure::Bucket& b : series) row(b, b.begin);
  if (!series.empty()) row(series.back(), series.back().end);
  return rows + "END\n";
}

// The lowest share worth showing: a step below the smallest one drawn.
double lowest_share(const std::vector<measure::Bucket>& series) {
  double least = 1;
  for (const measure::Bucket& b : series) {
    least = std::min({least, b.freshness, b.edge_precision, b.edge_recall});
  }
  if (least == 1) return 0.9;
  for (const double step : {0.999, 0.99, 0.95, 0.9, 0.8, 0.5}) {
    if (least > step + (1 - step) / 10) return step;
  }
  return 0;
}

// Logarithmic when the ages span more than two orders of magnitude.
bool wants_logarithm(const std::vector<measure::Bucket>& series, const TimeUnit& age, double& low) {
  double least = 0;
  double most = 0;
  for (const measure::Bucket& b : series) {
    if (b.age_mean > 0) least = least == 0 ? b.age_mean : std::min(least, b.age_mean);
    most = std::max(most, b.age_max);
  }
  if (least == 0 || most / least < 100) return false;
  low = std::pow(10, std::floor(std::log10(least / age.seconds)));
  return true;
}

std::string shaded(int object, double from, double to, const char* label) {
  if (from >= to) return {};
  return fmt::format(
      "set object {} rectangle from first {},graph 0 to first {},graph 1 behind "
      "fillcolor rgb '#eef0f2' fillstyle solid noborder\n"
      "set label {} {} at first {},graph 0.05 center front textcolor rgb '#7a828a' font ',10'\n",
      object, number_text(from), number_text(to), object, gnuplot_text(label),
      number_text((from + to) / 2));
}

std::string setting(const RunResult& result, const TimeUnit& time) {
  const double begin = result.window.begin.to_seconds() / time.seconds;
  const double until = result.window.until.to_seconds() / time.seconds;
  const double end = result.window.end.to_seconds() / time.seconds;
  std::string script = fmt::format(
      "set terminal svg size {},{} noenhanced font 'Helvetica,12' linewidth 1 "
      "background '#ffffff' name 'staleness'\n"
      "set encoding utf8\n"
      "set decimalsign '.'\n"
      "set multiplot\n"
      "set lmargin at screen 0.085\nset rmargin at screen 0.915\n"
      "set border 3 linecolor rgb '#444444'\n"
      "set tics nomirror scale 0.6 textcolor rgb '#333333'\n"
      "set grid ytics linecolor rgb '#dfe3e6' linetype 1 linewidth 0.6\n"
      "set xrange [0:{}]\n"
      "set key at graph 1,1.04 right bottom horizontal samplen 1.6 textcolor rgb '#333333'\n"
      "set style fill transparent solid 0.6 noborder\n",
      kWidth, kHeight, number_text(end));
  script += shaded(1, 0, begin, begin > end / 12 ? "warm-up" : "");
  script += shaded(2, until, end, end - until > end / 12 ? "quiet" : "");
  return script;
}

std::string panel(double bottom, double top, const std::string& y_label) {
  return fmt::format(
      "set bmargin at screen {}\nset tmargin at screen {}\nset ylabel {} offset 0.5,0 "
      "textcolor rgb '#333333'\n",
      bottom, top, gnuplot_text(y_label));
}

std::string shares_panel(const RunResult& result) {
  const double low = lowest_share(result.series);
  return panel(0.675, 0.865, "share that is right") +
         fmt::format(
             "set yrange [{}:1]\nset format y '%g'\nset format x ''\n"
             "set label 9 {} at screen 0.085,0.972 left font ',16' "
             "textcolor rgb '#111111'\n"
             "set label 10 {} at screen 0.085,0.94 left font ',11' "
             "textcolor rgb '#666666'\n",
             number_text(low), gnuplot_text(result.scenario + ": graph against truth"),
             gnuplot_text(fmt::format(
                 "{} of entities fresh on average, greatest age {}, seed {}",
                 fmt::format("{:.2f}%", 100 * result.metrics.at("entity.freshness.mean")),
                 duration_text(result.metrics.at("entity.age.max")), result.seed))) +
         fmt::format(
             "plot $run using 1:2:({}) with fillsteps fillcolor rgb '#d6e8f4' notitle, \\\n"
             "  '' using 1:2 with steps linewidth 1.8 linecolor rgb '#0072B2' "
             "title 'entities fresh', \\\n"
             "  '' using 1:3 with steps linewidth 1.8 linecolor rgb '#E69F00' "
             "title 'edge precision', \\\n"
             "  '' using 1:4 with steps linewidth 1.8 dashtype '-' "
             "linecolor rgb '#009E73' title 'edge recall'\n"
             "unset label 9\nunset label 10\n",
             number_text(low));
}

std::string ages_panel(const RunResult& result, const TimeUnit& age) {
  double low = 0;
  const bool logarithm = wants_logarithm(result.series, age, low);
  std::string script = panel(0.385, 0.595, fmt::format("age of copies ({})", age.name));
  if (logarithm) {
    script +=
        fmt::format("set logscale y\nset yrange [{}:*]\nset format y '%g'\n", number_text(low));
  } else {
    script += "set yrange [0:*<1e300]\nset format y '%g'\n";
  }
  // Zero has no place on a logarithmic axis: a gap says that all copies were fresh.
  const char* filter = logarithm ? "(${0} > 0 ? ${0} : NaN)" : "{0}";
  const auto column = [&](int number) {
    std::string text = filter;
    for (std::size_t at = text.find("{0}"); at != std::string::npos; at = text.find("{0}")) {
      text.replace(at, 3, std::to_string(number));
    }
    return text;
  };
  script += fmt::format(
      "plot $run using 1:{0} with steps linewidth 1.8 linecolor rgb '#D55E00' title 'greatest', "
      "\\\n"
      "  '' using 1:{1} with steps linewidth 1.8 linecolor rgb '#0072B2' title 'mean'\n"
      "unset logscale y\n",
      column(6), column(5));
  return script;
}

std::string work_panel(const RunResult& result, const TimeUnit& time) {
  double longest = 0;
  for (const measure::Bucket& b : result.series) longest = std::max(longest, b.queue_length);
  std::string script = panel(0.09, 0.305, "per second") +
                       fmt::format(
                           "set yrange [0:*]\nset format x '%g'\nset xlabel 'time ({})' "
                           "textcolor rgb '#333333'\n",
                           time.name);
  std::string plot = "plot ";
  if (longest > 0) {
    script += "set border 11\nset y2range [0:*]\nset y2tics\n" +
              fmt::format("set format y2 '{}'\n", longest >= 10000 ? "%.0s%c" : "%g") +
              "set y2label 'entities waiting' offset -0.5,0 textcolor rgb '#333333'\n";
    plot +=
        "$run using 1:9:(0) axes x1y2 with fillsteps fillcolor rgb '#e3d3de' notitle, \\\n"
        "  '' using 1:9 axes x1y2 with steps linewidth 1.2 linecolor rgb '#CC79A7' "
        "title 'queue (right)', \\\n  ";
  }
  plot +=
      "$run using 1:7 with steps linewidth 1.8 linecolor rgb '#56B4E9' title 'events', \\\n"
      "  '' using 1:8 with steps linewidth 1.8 dashtype '-' linecolor rgb '#444444' "
      "title 'source calls'\n";
  return script + plot;
}

}  // namespace

std::string staleness_script(const RunResult& result) {
  double oldest = 0;
  for (const measure::Bucket& b : result.series) oldest = std::max(oldest, b.age_max);
  const TimeUnit time = readable_unit(result.window.end.to_seconds());
  const TimeUnit age = readable_unit(oldest);
  return data_block(result.series, time, age) + setting(result, time) + shares_panel(result) +
         ages_panel(result, age) + work_panel(result, time) + "unset multiplot\n";
}

std::string staleness_svg(const RunResult& result) { return gnuplot_svg(staleness_script(result)); }

}  // namespace rehearse::reports

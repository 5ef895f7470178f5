#include "reports/lifecycle_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string_view>
#include <vector>

#include "base/text/number_text.hpp"
#include "base/text/time_unit.hpp"
#include "reports/gnuplot.hpp"
#include "reports/lifecycle_timeline.hpp"

namespace rehearse::reports {
namespace {

constexpr double kWidth = 960, kLeft = 96, kRight = 24, kTop = 108, kBottom = 52;  // pixels

/// Heights in pixels of what a model gets: with few models more.
struct Block {
  double lane, curve;
  static constexpr double kLanes = 4, kTitle = 20, kGap = 14;

  double height() const { return kTitle + kLanes * lane + 6 + curve + kGap; }
};

Block block_for(std::size_t models) {
  if (models == 1) return {26, 200};
  if (models <= 3) return {18, 100};
  if (models <= 6) return {14, 64};
  return {12, 40};
}

double lane_of(VersionRole role) { return static_cast<double>(role); }
constexpr double kAlerts = 3;

/// A picture that is made from above.
class Canvas {
 public:
  Canvas(const RunResult& result, std::size_t models)
      : result_(result),
        block_(block_for(models)),
        height_(kTop + static_cast<double>(models) * block_.height() + kBottom),
        time_(readable_unit(result.window.end.to_seconds())),
        end_(result.window.end.to_seconds() / time_.seconds) {}

  const Block& block() const { return block_; }
  double x(Time at) const { return at.to_seconds() / time_.seconds; }
  std::string at(Time time) const { return number_text(x(time)); }
  /// Pixels between two times.
  double width(Time from, Time until) const {
    return (kWidth - kLeft - kRight) * (x(until) - x(from)) / end_;
  }
  /// Of a height in pixels from above, as gnuplot counts it.
  std::string screen(double y) const { return number_text(1 - y / height_); }

  std::string head() const {
    return fmt::format(
        "set terminal svg size {:g},{:g} noenhanced font 'Helvetica,11' linewidth 1 "
        "background '#ffffff' name 'lifecycle'\n"
        "set encoding utf8\nset decimalsign '.'\nset multiplot\n"
        "set lmargin at screen {:.9g}\nset rmargin at screen {:.9g}\n"
        "set xrange [0:{}]\nset style fill solid 1 noborder\n",
        kWidth, height_, kLeft / kWidth, 1 - kRight / kWidth, number_text(end_));
  }
  /// Of warm-up and quiescence.
  std::string shades() const {
    return shade(1, Time{}, result_.window.begin) +
           shade(2, result_.window.until, result_.window.end);
  }
  std::string names_of_shades() const {
    return name(Time{}, result_.window.begin, "warm-up") +
           name(result_.window.until, result_.window.end, "quiet");
  }
  /// The panel between two heights in pixels from above.
  std::string panel(double top, double bottom) const {
    return fmt::format("set tmargin at screen {}\nset bmargin at screen {}\n", screen(top),
                       screen(bottom));
  }
  std::string time_axis() const {
    return fmt::format(
        "set xlabel 'time ({})' offset 0,0.4 textcolor rgb '#333333'\n"
        "set format x '%g'\n",
        time_.name);
  }

 private:
  std::string shade(int object, Time from, Time until) const {
    if (from >= until) return {};
    return fmt::format(
        "set object {} rectangle from first {},graph 0 to first {},graph 1 behind "
        "fillcolor rgb '#eef0f2' fillstyle solid noborder\n",
        object, at(from), at(until));
  }
  std::string name(Time from, Time until, const char* label) const {
    constexpr double kRoom = 48;
    if (width(from, until) < kRoom) return {};
    return fmt::format(
        "set label {} at first {},screen {} center textcolor rgb '#7a828a' font ',9'\n",
        gnuplot_text(label), number_text((x(from) + x(until)) / 2), screen(height_ - 14));
  }

  const RunResult& result_;
  Block block_;
  double height_;
  TimeUnit time_;
  double end_;
};

/// `served` is the how-manieth version in production it is.
const char* colour_of(VersionRole role, int served) {
  switch (role) {
    case VersionRole::training:
      return "0xb8bec4";
    case VersionRole::canary:
      return "0xE69F00";
    case VersionRole::production:
      break;
  }
  return served % 2 == 0 ? "0x56B4E9" : "0x0072B2";  // neighbours differ
}

/// Rows of x, y, low and high x, low and high y, colour; and of x, y, text where it has room.
std::string span_blocks(const Canvas& canvas, const ModelTimeline& model, std::size_t number) {
  constexpr double kHalf = 0.38, kLetter = 6.2, kMargin = 12;
  std::string bars, labels;
  int served = 0;
  for (const VersionSpan& span : model.spans) {
    const std::string middle = number_text((canvas.x(span.from) + canvas.x(span.until)) / 2);
    const double lane = lane_of(span.role);
    if (span.role == VersionRole::production) ++served;
    bars += fmt::format("{} {} {} {} {} {} {}\n", middle, lane, canvas.at(span.from),
                        canvas.at(span.until), lane - kHalf, lane + kHalf,
                        colour_of(span.role, served));
    const std::string text = fmt::format("v{}", span.version);
    if (canvas.width(span.from, span.until) <
        kLetter * static_cast<double>(text.size()) + kMargin) {
      continue;
    }
    labels += fmt::format("{} {} {}\n", middle, lane, text);
  }
  return fmt::format("$spans{0} << END\n{1}END\n$names{0} << END\n{2}END\n", number, bars, labels);
}

struct MarkStyle {
  int point;
  const char* colour;
  const char* name;
};

MarkStyle style_of(LifecycleMark::Kind kind) {
  using Kind = LifecycleMark::Kind;
  switch (kind) {
    case Kind::alert:
      return {9, "0xD55E00", "alert"};
    case Kind::held_back:
      return {8, "0xD55E00", "held back"};
    case Kind::passed:
      return {7, "0x009E73", "passed"};
    case Kind::marginal:
      return {13, "0xCC79A7", "marginal"};
    case Kind::failed:
      break;
  }
  return {2, "0xC00000", "failed or rolled back"};
}

/// Rows of x, y, kind of point, colour.
std::string mark_block(const Canvas& canvas, const ModelTimeline& model, std::size_t number) {
  using Kind = LifecycleMark::Kind;
  std::string rows;
  for (const LifecycleMark& mark : model.marks) {
    const bool found = mark.kind == Kind::alert || mark.kind == Kind::held_back;
    const MarkStyle style = style_of(mark.kind);
    rows += fmt::format("{} {} {} {}\n", canvas.at(mark.at), found ? kAlerts : lane_of(mark.lane),
                        style.point, style.colour);
  }
  return fmt::format("$marks{} << END\n{}END\n", number, rows);
}

const std::vector<double>& column(const RunResult& result, const std::string& name) {
  const auto found = std::find_if(result.more_series.begin(), result.more_series.end(),
                                  [&](const auto& one) { return one.name == name; });
  assert(found != result.more_series.end());
  return found->values;
}

/// Engagement and its bound of a model, by bucket.
struct Curve {
  const std::vector<double>& earned;
  const std::vector<double>& bound;

  Curve(const RunResult& result, const std::string& model)
      : earned(column(result, "model." + model + ".engagement")),
        bound(column(result, "model." + model + ".engagement_bound")) {}
  bool there(std::size_t bucket) const { return bound[bucket] > 0; }
};

/// Rows of x, engagement, bound; a gap where nothing was served.
std::string curve_block(const Canvas& canvas, const RunResult& result, const Curve& curve,
                        std::size_t number) {
  std::string rows;
  const auto row = [&](std::size_t i, Time at) {
    rows += curve.there(i) ? fmt::format("{} {} {}\n", canvas.at(at), number_text(curve.earned[i]),
                                         number_text(curve.bound[i]))
                           : "\n";
  };
  for (std::size_t i = 0; i < result.series.size(); ++i) row(i, result.series[i].begin);
  if (!result.series.empty()) row(result.series.size() - 1, result.series.back().end);
  return fmt::format("$curve{} << END\n{}END\n", number, rows);
}

/// The range from a little below the least to a little above the greatest, with tics at most so far
/// apart that `most` of them are in it.
std::string range_of(const Curve& curve, int most) {
  double low = 1, high = 0;
  for (std::size_t i = 0; i < curve.bound.size(); ++i) {
    if (!curve.there(i)) continue;
    low = std::min({low, curve.earned[i], curve.bound[i]});
    high = std::max({high, curve.earned[i], curve.bound[i]});
  }
  if (low > high) low = 0, high = 1;
  const double span = high > low ? high - low : high;
  const double magnitude = std::pow(10, std::floor(std::log10(span / most)));
  double step = 10 * magnitude;
  for (const double one : {5.0, 2.0, 1.0}) {
    if (one * magnitude * most >= span) step = one * magnitude;
  }
  return fmt::format("set yrange [{:.9g}:{:.9g}]\nset ytics {:.9g} ", low - span / 12,
                     high + span / 12, step);
}

std::string lanes_panel(const Canvas& canvas, const ModelTimeline& model, std::size_t number,
                        double top) {
  const Block& block = canvas.block();
  const double lanes = top + Block::kTitle, bottom = lanes + Block::kLanes * block.lane;
  const bool large = block.lane > 16;
  const double mark = large ? 0.75 : 0.5;
  std::string script = canvas.panel(lanes, bottom);
  script += fmt::format(
      "set border 0\nunset xlabel\nset format x ''\nset xtics scale 0\nset yrange [-0.5:3.5]\n"
      "set ytics ('training' 0, 'canary' 1, 'production' 2, 'alerts' 3) scale 0 "
      "font ',{0}' textcolor rgb '#555555'\nunset grid\n"
      "set label 3 {1} at graph 0,screen {2} left font ',12' textcolor rgb '#111111'\n"
      "plot $spans{3} using 1:2:3:4:5:6:7 with boxxyerror fillcolor rgb variable notitle, \\\n"
      "  $names{3} using 1:2:3 with labels font ',{0}' textcolor rgb '#ffffff' notitle, \\\n"
      "  $marks{3} using 1:($2 < 3 ? $2 : NaN) with points pointtype 7 pointsize {5} "
      "linecolor rgb '#ffffff' notitle, \\\n"
      "  $marks{3} using 1:2:3:4 with points pointtype variable pointsize {4} linewidth 1.6 "
      "linecolor rgb variable notitle\nunset label 3\n",
      large ? 10 : 8, gnuplot_text(model.model), canvas.screen(top + 10), number, mark, 1.3 * mark);
  return script;
}

std::string curve_panel(const Canvas& canvas, const Curve& curve, std::size_t number, double top,
                        bool last) {
  const Block& block = canvas.block();
  const double begin = top + Block::kTitle + Block::kLanes * block.lane + 6;
  std::string script = canvas.panel(begin, begin + block.curve);
  script += "set border 3 linecolor rgb '#444444'\nset xtics nomirror scale 0.5\n";
  if (last) script += canvas.time_axis() + canvas.names_of_shades();
  script += fmt::format(
      "{2} nomirror scale 0.5 font ',{0}' "
      "textcolor rgb '#333333'\nset format y '%g'\n"
      "set grid ytics linecolor rgb '#dfe3e6' linetype 1 linewidth 0.6\n"
      "plot $curve{1} using 1:3 with steps linewidth 1.4 linecolor rgb '#9aa2a9' notitle, \\\n"
      "  $curve{1} using 1:2 with steps linewidth 1.6 linecolor rgb '#0072B2' notitle\n",
      block.curve > 60 ? 10 : 8, number,
      range_of(curve, std::max(2, static_cast<int>(block.curve / 25))));
  return script;
}

/// Title, the figures that say how it went, and what the marks and colours mean.
std::string heading(const Canvas& canvas, const RunResult& result, std::size_t drawn) {
  using Kind = LifecycleMark::Kind;
  const auto figure = [&](const char* name) { return result.metrics.at(name); };
  const auto count = [&](const char* name, const char* what) {
    return fmt::format("{:g} {}{}", figure(name), what, figure(name) == 1 ? "" : "s");
  };
  std::string of = fmt::format(
      "{:.2f}% of engagement lost; {}, {}, {}; seed {}", 100 * figure("engagement.lost"),
      count("retraining.runs", "training"), count("release.promoted", "promotion"),
      count("rollback.count", "rollback"), result.seed);
  const std::size_t models = models_in(result.lineage);
  if (models > drawn) of += fmt::format("; the {} of {} models with most events", drawn, models);
  std::string script = fmt::format(
      "set label 4 {} at screen {:.9g},screen {} left font ',15' textcolor rgb '#111111'\n"
      "set label 5 {} at screen {:.9g},screen {} left font ',10' textcolor rgb '#666666'\n",
      gnuplot_text(result.scenario + ": what became of each version"), 24 / kWidth,
      canvas.screen(26), gnuplot_text(of), 24 / kWidth, canvas.screen(50));
  script += canvas.panel(kTop - 14, kTop - 13) +
            "unset tics\nset border 0\nset yrange [0:1]\n"
            "set key at graph 0.5,2 center bottom horizontal samplen 1 width 1 font ',9' "
            "textcolor rgb '#333333'\nplot ";
  for (const auto& [title, colour] :
       {std::pair{"in production", "#0072B2"}, std::pair{"canary", "#E69F00"},
        std::pair{"in training", "#b8bec4"}}) {
    script += fmt::format("NaN with boxes fillcolor rgb '{}' title '{}', \\\n  ", colour, title);
  }
  for (const Kind kind :
       {Kind::alert, Kind::held_back, Kind::passed, Kind::marginal, Kind::failed}) {
    const MarkStyle style = style_of(kind);
    script += fmt::format(
        "NaN with points pointtype {} pointsize 0.75 linewidth 1.6 linecolor rgb {} title '{}', "
        "\\\n  ",
        style.point, style.colour, style.name);
  }
  return script +
         "NaN with lines linewidth 1.6 linecolor rgb '#0072B2' title 'engagement', \\\n"
         "  NaN with lines linewidth 1.4 linecolor rgb '#9aa2a9' title 'its bound'\n"
         "unset label\nunset key\nset tics\n";
}

}  // namespace

std::string lifecycle_script(const RunResult& result) {
  const std::vector<ModelTimeline> models =
      lifecycle_timelines(result.lineage, result.window.until, kMostModels);
  const Canvas canvas(result, models.size());
  std::string data;
  std::vector<Curve> curves;
  for (std::size_t i = 0; i < models.size(); ++i) {
    curves.emplace_back(result, models[i].model);
    data += span_blocks(canvas, models[i], i) + mark_block(canvas, models[i], i) +
            curve_block(canvas, result, curves[i], i);
  }
  std::string script =
      data + canvas.head() + heading(canvas, result, models.size()) + canvas.shades();
  double top = kTop;
  for (std::size_t i = 0; i < models.size(); ++i) {
    script += lanes_panel(canvas, models[i], i, top);
    script += curve_panel(canvas, curves[i], i, top, i + 1 == models.size());
    top += canvas.block().height();
  }
  return script + "unset multiplot\n";
}

std::string lifecycle_svg(const RunResult& result) { return gnuplot_svg(lifecycle_script(result)); }

}  // namespace rehearse::reports

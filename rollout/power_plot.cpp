#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "rollout/power.hpp"

namespace rehearse::rollout {
namespace {

// The picture's measures in pixels.
constexpr double kWidth = 720, kHeight = 420;
constexpr double kLeft = 60, kRight = 190, kTop = 30, kBottom = 50;
constexpr double kPlotWidth = kWidth - kLeft - kRight, kPlotHeight = kHeight - kTop - kBottom;
constexpr double kTextRow = 18;
constexpr int kTicks = 5;

// Colours that stay apart for colour-blind readers (Okabe and Ito 2008).
constexpr std::array<const char*, 7> kColours = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                 "#E69F00", "#56B4E9", "#000000"};

using Curve = std::vector<std::pair<double, double>>;  // regression, share not passed

std::map<std::pair<std::size_t, double>, Curve> curves_of(const std::vector<PowerRow>& rows) {
  std::map<std::pair<std::size_t, double>, Curve> curves;
  for (const PowerRow& row : rows) {
    if (row.trials() == 0) continue;
    const double share = 1 - static_cast<double>(row.passed) / row.trials();
    curves[{row.points, row.traffic}].push_back({row.regression, share});
  }
  for (auto& [key, curve] : curves) std::sort(curve.begin(), curve.end());
  return curves;
}

double y_of(double share) { return kTop + (1 - share) * kPlotHeight; }

std::string text_at(double x, double y, const char* anchor, const std::string& text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor,
                     text);
}

std::string axes(double most) {
  std::string svg;
  for (int i = 0; i <= kTicks; ++i) {
    const double part = static_cast<double>(i) / kTicks;
    const double x = kLeft + part * kPlotWidth, y = y_of(part);
    svg += fmt::format(
        "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#ddd\"/>\n", kLeft,
        y, kLeft + kPlotWidth, y);
    svg += text_at(kLeft - 8, y + 4, "end", fmt::format("{:.0f}%", 100 * part));
    svg += text_at(x, kTop + kPlotHeight + kTextRow, "middle",
                   fmt::format("{:.3g}%", 100 * part * most));
  }
  svg += text_at(kLeft + kPlotWidth / 2, kHeight - 10, "middle", "regression of the canary");
  svg += text_at(kLeft, kTop - 12, "start", "share of canaries that do not pass");
  return svg;
}

}  // namespace

std::string operating_characteristic_svg(const std::vector<PowerRow>& rows) {
  double most = 0;
  for (const PowerRow& row : rows) most = std::max(most, row.regression);
  if (most == 0) most = 1;
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
      "viewBox=\"0 0 {0:.0f} {1:.0f}\" font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
      kWidth, kHeight);
  svg += axes(most);
  std::size_t number = 0;
  for (const auto& [key, curve] : curves_of(rows)) {
    const char* colour = kColours[number % kColours.size()];
    std::string points;
    for (const auto& [regression, share] : curve) {
      points += fmt::format("{:.1f},{:.1f} ", kLeft + regression / most * kPlotWidth, y_of(share));
    }
    svg += fmt::format("<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"2\" points=\"{}\"/>\n",
                       colour, points);
    const double y = kTop + 10 + static_cast<double>(number) * kTextRow;
    const double x = kLeft + kPlotWidth + 16;
    svg += fmt::format(
        "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" "
        "stroke-width=\"2\"/>\n",
        x, y, x + 20, y, colour);
    svg += text_at(x + 26, y + 4, "start",
                   fmt::format("{} points, traffic x{:g}", key.first, key.second));
    ++number;
  }
  return svg + "</svg>\n";
}

}  // namespace rehearse::rollout

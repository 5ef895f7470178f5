// What gnuplot has drawn, read out of its SVG.
#pragma once

#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace rehearse::test {

/// Where a person wants to look at the pictures that the tests draw.
inline void keep(const std::string& name, const std::string& svg) {
  if (const char* folder = std::getenv("REHEARSE_KEEP_PLOTS")) {
    std::ofstream(std::string(folder) + "/" + name) << svg;
  }
}

using Points = std::vector<std::pair<double, double>>;

/// All lines of one colour; a gap, or what a legend shows, begins a new one.
inline std::vector<Points> lines_of(const std::string& svg, const std::string& colour) {
  std::vector<Points> lines;
  const std::string head = "<path stroke='" + colour + "'", data = " d='";
  for (std::size_t at = svg.find(head); at != std::string::npos; at = svg.find(head, at + 1)) {
    const std::size_t begin = svg.find(data, at) + data.size();
    std::istringstream path(svg.substr(begin, svg.find('\'', begin) - begin));
    for (std::string point; path >> point;) {
      const std::size_t comma = point.find(',');
      if (comma == std::string::npos) continue;
      if (point[0] == 'M') lines.emplace_back();
      lines.back().emplace_back(std::stod(point.substr(1)), std::stod(point.substr(comma + 1)));
    }
  }
  return lines;
}

/// The height at which a line of steps runs over x; what is above the panel is its legend.
inline std::optional<double> height_at(const std::vector<Points>& lines, double x,
                                       double panel_top) {
  for (const Points& line : lines) {
    for (std::size_t i = 1; i < line.size(); ++i) {
      const bool over = line[i - 1].second == line[i].second && line[i - 1].first < x &&
                        x < line[i].first && line[i].second > panel_top - 1;
      if (over) return line[i].second;
    }
  }
  return std::nullopt;
}

}  // namespace rehearse::test

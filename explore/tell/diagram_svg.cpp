// The SVG form of a sequence diagram. Text is measured by a width per character that is on the wide
// side of the common sans-serif fonts, so what fits here fits in every browser.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text/utf8.hpp"
#include "base/text/xml.hpp"
#include "explore/tell/diagram.hpp"

namespace rehearse::explore {
namespace {

constexpr double kCharWidth = 7.0;  // of 12 px text
constexpr double kLineHeight = 16;
constexpr double kGutter = 64;  // left of the first lane, for the numbers of steps
constexpr double kHeadHeight = 34;
constexpr const char* kBand = "#ffecd9";  // behind the critical step
constexpr std::size_t kWrap = 36;         // characters a line

using Kind = DiagramMessage::Kind;

/// The first `limit` characters, or all of it.
std::string_view head_of(std::string_view text, std::size_t limit) {
  std::size_t end = 0;
  while (end < text.size() && count_code_points(text.substr(0, end)) < limit) {
    do {
      ++end;
    } while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80);
  }
  return text.substr(0, end);
}

/// Lines of at most kWrap characters, broken at blanks; a longer word is cut.
std::vector<std::string> label_lines(std::string_view text) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, blank);
    text.remove_prefix(std::min(blank + 1, text.size()));
    while (count_code_points(word) > kWrap) {
      if (!lines.back().empty()) lines.emplace_back();
      lines.back() = head_of(word, kWrap);
      word.remove_prefix(lines.back().size());
    }
    if (!lines.back().empty() &&
        count_code_points(lines.back()) + 1 + count_code_points(word) > kWrap) {
      lines.emplace_back();
    }
    if (!lines.back().empty()) lines.back() += ' ';
    lines.back() += word;
  }
  return lines;
}

double width_of(const std::vector<std::string>& lines) {
  std::size_t longest = 0;
  for (const std::string& line : lines) longest = std::max(longest, count_code_points(line));
  return kCharWidth * static_cast<double>(longest);
}

const char* css_class(Kind kind) {
  switch (kind) {
    case Kind::plain:
      break;
    case Kind::answer:
      return "answer";
    case Kind::lost:
    case Kind::fault:
      return "fault";
    case Kind::wrong:
      return "wrong";
  }
  return "plain";
}

class Drawing {
 public:
  explicit Drawing(const Diagram& diagram) : diagram_(diagram) { place_lanes(); }

  std::string draw() {
    y_ = diagram_.title.empty() ? 12 : 44;
    const double top = y_;
    y_ += kHeadHeight + 10;
    for (const DiagramStep& step : diagram_.steps) draw_step(step);
    std::string lines;
    for (std::size_t i = 0; i < x_.size(); ++i) {
      lines += fmt::format(
          "<line class=\"life\" x1=\"{0:.0f}\" y1=\"{1:.0f}\" x2=\"{0:.0f}\" "
          "y2=\"{2:.0f}\"/>\n",
          x_[i], top + kHeadHeight, y_);
      lines += head(i, top);
    }
    return opening() + bands_ + lines + body_ + "</svg>\n";
  }

 private:
  std::string opening() const {
    std::string text = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
        "viewBox=\"0 0 {0:.0f} {1:.0f}\">\n",
        width_, y_ + 12);
    text +=
        "<style>\n"
        "text { font: 12px Helvetica, Arial, sans-serif; fill: #1f2933; }\n"
        ".title { font-size: 15px; font-weight: bold; }\n"
        ".head { font-weight: bold; text-anchor: middle; }\n"
        ".label { text-anchor: middle; }\n"
        ".number { text-anchor: middle; font-weight: bold; fill: #ffffff; }\n"
        ".small { font-size: 10px; text-anchor: middle; fill: #b34700; }\n"
        ".life { stroke: #9aa5b1; stroke-dasharray: 3 3; }\n"
        ".plain, .answer, .fault, .wrong { stroke: #1f2933; stroke-width: 1.4; }\n"
        ".answer { stroke-dasharray: 6 3; }\n"
        ".fault, .wrong { stroke: #c02626; }\n"
        ".fault { stroke-dasharray: 6 3; }\n"
        "</style>\n";
    text += fmt::format("<rect width=\"{:.0f}\" height=\"{:.0f}\" fill=\"#ffffff\"/>\n", width_,
                        y_ + 12);
    if (!diagram_.title.empty()) {
      text += fmt::format("<text class=\"title\" x=\"16\" y=\"26\">{}</text>\n",
                          xml_text(diagram_.title));
    }
    return text;
  }

  std::string head(std::size_t lane, double top) const {
    const double half = head_width(lane) / 2;
    return fmt::format(
        "<rect x=\"{:.0f}\" y=\"{:.0f}\" width=\"{:.0f}\" height=\"26\" rx=\"4\" fill=\"#e4edf6\" "
        "stroke=\"#486581\"/>\n<text class=\"head\" x=\"{:.0f}\" y=\"{:.0f}\">{}</text>\n",
        x_[lane] - half, top, 2 * half, x_[lane], top + 17, xml_text(diagram_.lanes[lane]));
  }

  double head_width(std::size_t lane) const {
    return kCharWidth * 1.1 * static_cast<double>(count_code_points(diagram_.lanes[lane])) + 20;
  }

  // First the lanes' own heads and notes, then messages, the shortest first.
  void place_lanes() {
    const std::size_t lanes = diagram_.lanes.size();
    std::vector<double> half(lanes);  // of the widest thing that stands on the lane
    for (std::size_t i = 0; i < lanes; ++i) half[i] = head_width(i) / 2;
    std::vector<const DiagramMessage*> messages;
    for (const DiagramStep& step : diagram_.steps) {
      for (const DiagramMessage& message : step.messages) {
        messages.push_back(&message);
        if (message.from != message.to) continue;
        half[message.from] =
            std::max(half[message.from], width_of(label_lines(message.text)) / 2 + 10);
      }
    }
    std::vector<double> gaps(lanes > 0 ? lanes - 1 : 0);
    for (std::size_t i = 0; i + 1 < lanes; ++i) {
      gaps[i] = std::max(
          {head_width(i) / 2 + head_width(i + 1) / 2 + 24, half[i] + 12, half[i + 1] + 12});
    }
    std::stable_sort(messages.begin(), messages.end(),
                     [](const auto* a, const auto* b) { return distance(*a) < distance(*b); });
    for (const DiagramMessage* message : messages) widen(*message, gaps);
    x_.assign(lanes, 0);
    for (std::size_t i = 0; i < lanes; ++i) {
      x_[i] = i == 0 ? kGutter + half[0] : x_[i - 1] + gaps[i - 1];
    }
    width_ = lanes == 0 ? 2 * kGutter : x_.back() + half.back() + 16;
    const double title = kCharWidth * 1.35 * static_cast<double>(diagram_.title.size()) + 32;
    width_ = std::max(width_, title);
  }

  static std::size_t distance(const DiagramMessage& message) {
    return message.from < message.to ? message.to - message.from : message.from - message.to;
  }

  static void widen(const DiagramMessage& message, std::vector<double>& gaps) {
    if (message.from == message.to) return;
    const std::size_t first = std::min(message.from, message.to);
    const std::size_t last = std::max(message.from, message.to);
    double room = 0;
    for (std::size_t i = first; i < last; ++i) room += gaps[i];
    const double share = message.kind == DiagramMessage::Kind::lost ? 0.8 : 1;
    const double missing = (width_of(label_lines(message.text)) + 36) / share - room;
    if (missing <= 0) return;
    for (std::size_t i = first; i < last; ++i) {
      gaps[i] += missing / static_cast<double>(last - first);
    }
  }

  void draw_step(const DiagramStep& step) {
    const double top = y_;
    background_ = step.critical ? kBand : "#ffffff";
    for (const DiagramMessage& message : step.messages) {
      message.from == message.to ? note(message) : message_line(message);
    }
    y_ = std::max(y_, top + (step.critical ? 44 : 28)) + 6;
    if (step.critical) {
      bands_ += fmt::format(
          "<rect x=\"4\" y=\"{:.0f}\" width=\"{:.0f}\" height=\"{:.0f}\" fill=\"{}\"/>\n", top - 2,
          width_ - 8, y_ - top, kBand);
      body_ +=
          fmt::format("<text class=\"small\" x=\"28\" y=\"{:.0f}\">critical</text>\n", top + 36);
    }
    if (step.number == 0) return;
    body_ += fmt::format(
        "<circle cx=\"28\" cy=\"{0:.0f}\" r=\"11\" fill=\"{1}\"/>\n"
        "<text class=\"number\" x=\"28\" y=\"{2:.0f}\">{3}</text>\n",
        top + 13, step.critical ? "#b34700" : "#486581", top + 17, step.number);
  }

  void note(const DiagramMessage& message) {
    const auto lines = label_lines(message.text);
    const double width = width_of(lines) + 16;
    const double height = kLineHeight * static_cast<double>(lines.size()) + 8;
    const bool bad =
        message.kind == Kind::wrong || message.kind == Kind::fault || message.kind == Kind::lost;
    body_ += fmt::format(
        "<rect x=\"{:.0f}\" y=\"{:.0f}\" width=\"{:.0f}\" height=\"{:.0f}\" rx=\"3\" fill=\"{}\" "
        "stroke=\"{}\"/>\n",
        x_[message.from] - width / 2, y_ + 2, width, height, bad ? "#fde8e8" : "#fdf6d8",
        bad ? "#c02626" : "#c8b458");
    text_lines(lines, x_[message.from], y_ + 4, false);
    y_ += height + 8;
  }

  void text_lines(const std::vector<std::string>& lines, double x, double y, bool background) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const double base = y + kLineHeight * static_cast<double>(i);
      if (background) {  // lifelines pass behind, not through
        const double width = kCharWidth * static_cast<double>(count_code_points(lines[i]));
        body_ += fmt::format(
            "<rect x=\"{:.0f}\" y=\"{:.0f}\" width=\"{:.0f}\" height=\"15\" fill=\"{}\" "
            "fill-opacity=\"0.8\"/>\n",
            x - width / 2, base + 1, width, background_);
      }
      body_ += fmt::format("<text class=\"label\" x=\"{:.0f}\" y=\"{:.0f}\">{}</text>\n", x,
                           base + 12, xml_text(lines[i]));
    }
  }

  void message_line(const DiagramMessage& message) {
    const auto lines = label_lines(message.text);
    const double from = x_[message.from];
    double to = x_[message.to];
    const double way = to > from ? 1 : -1;
    if (message.kind == Kind::lost) to = from + (to - from) * 0.8;
    text_lines(lines, (from + to) / 2, y_, true);
    y_ += kLineHeight * static_cast<double>(lines.size()) + 4;
    body_ += fmt::format(
        "<line class=\"{}\" x1=\"{:.0f}\" y1=\"{:.0f}\" x2=\"{:.0f}\" y2=\"{:.0f}\"/>\n",
        css_class(message.kind), from, y_, to - way * 2, y_);
    if (message.kind == Kind::lost || message.kind == Kind::fault) {
      body_ += fmt::format(
          "<path d=\"M{0:.0f} {2:.0f} L{1:.0f} {3:.0f} M{0:.0f} {3:.0f} L{1:.0f} {2:.0f}\" "
          "stroke=\"#c02626\" stroke-width=\"1.8\"/>\n",
          to - 6, to + 4, y_ - 5, y_ + 5);
    } else {
      body_ +=
          fmt::format("<path d=\"M{:.0f} {:.0f} L{:.0f} {:.0f} L{:.0f} {:.0f} Z\" fill=\"{}\"/>\n",
                      to, y_, to - way * 9, y_ - 4, to - way * 9, y_ + 4,
                      message.kind == Kind::wrong ? "#c02626" : "#1f2933");
    }
    y_ += 10;
  }

  const Diagram& diagram_;
  std::vector<double> x_;
  double width_ = 0;
  double y_ = 0;
  const char* background_ = "";  // of the step being drawn
  std::string bands_;
  std::string body_;
};

}  // namespace

std::string svg(const Diagram& diagram) { return Drawing(diagram).draw(); }

}  // namespace rehearse::explore

// A sequence diagram: who told whom what, from top to bottom. Written as Mermaid text, which many
// viewers of Markdown draw, and as an SVG that needs nothing but a browser.
//
// Lanes stand side by side in the order given; a message goes from one to another, or stands beside
// its lane when both are the same (something that happened there). Messages of one step share its
// number. Lanes are as far apart as the longest text between them needs, so nothing overlaps.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace rehearse::explore {

struct DiagramMessage {
  enum class Kind : unsigned char {
    plain,
    answer,  ///< dashed: the end of a call
    lost,    ///< never arrives
    fault,   ///< something that went wrong on purpose
    wrong    ///< where the violation shows
  };
  std::size_t from = 0;  ///< lane
  std::size_t to = 0;
  std::string text;
  Kind kind = Kind::plain;
};

struct DiagramStep {
  std::size_t number = 0;  ///< 0: no number (what comes after the last step)
  bool critical = false;   ///< the last step before which it could still have come out right
  std::vector<DiagramMessage> messages;
};

struct Diagram {
  std::string title;
  std::vector<std::string> lanes;
  std::vector<DiagramStep> steps;
};

std::string mermaid(const Diagram& diagram);
std::string svg(const Diagram& diagram);

}  // namespace rehearse::explore

#include <fmt/format.h>

#include "explore/tell/diagram.hpp"

namespace rehearse::explore {
namespace {

// Mermaid ends a message at a line break or a semicolon and reads #...; as a character's name.
std::string mermaid_text(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case ';':
        safe += "#59;";
        break;
      case '#':
        safe += "#35;";
        break;
      case '<':
        safe += "#lt;";
        break;
      case '>':
        safe += "#gt;";
        break;
      case '"':
        safe += '\'';
        break;
      case '\n':
      case '\r':
        safe += ' ';
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

const char* arrow(DiagramMessage::Kind kind) {
  switch (kind) {
    case DiagramMessage::Kind::answer:
      return "-->>";
    case DiagramMessage::Kind::lost:
      return "-x";
    case DiagramMessage::Kind::fault:
      return "--x";
    case DiagramMessage::Kind::plain:
    case DiagramMessage::Kind::wrong:
      break;
  }
  return "->>";
}

}  // namespace

std::string mermaid(const Diagram& diagram) {
  std::string text = "sequenceDiagram\n";
  if (!diagram.title.empty()) {
    text = fmt::format("---\ntitle: \"{}\"\n---\n", mermaid_text(diagram.title)) + text;
  }
  for (std::size_t i = 0; i < diagram.lanes.size(); ++i) {
    text += fmt::format("  participant L{} as {}\n", i, mermaid_text(diagram.lanes[i]));
  }
  for (const DiagramStep& step : diagram.steps) {
    if (step.critical) text += "  rect rgb(255, 236, 217)\n";
    for (std::size_t i = 0; i < step.messages.size(); ++i) {
      const DiagramMessage& message = step.messages[i];
      const std::string number =
          step.number > 0 && i == 0 ? fmt::format("{}. ", step.number) : std::string();
      if (message.from == message.to) {
        text += fmt::format("  Note over L{}: {}{}\n", message.from, number,
                            mermaid_text(message.text));
      } else {
        text += fmt::format("  L{}{}L{}: {}{}\n", message.from, arrow(message.kind), message.to,
                            number, mermaid_text(message.text));
      }
    }
    if (step.critical) text += "  end\n";
  }
  return text;
}

}  // namespace rehearse::explore

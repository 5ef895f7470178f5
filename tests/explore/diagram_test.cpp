#include "explore/tell/diagram.hpp"

#include <catch2/catch.hpp>
#include <regex>
#include <sstream>

#include "stats/random.hpp"

using namespace rehearse;
using explore::Diagram;
using explore::DiagramMessage;
using explore::DiagramStep;

namespace {

struct Box {
  double left, top, right, bottom;
  std::string text;
};

/// Where the labels stand, with characters of 6.7 px, which is wide for 12 px Helvetica.
std::vector<Box> labels(const std::string& svg) {
  std::vector<Box> boxes;
  const std::regex label("<text class=\"label\" x=\"([0-9]+)\" y=\"([0-9]+)\">([^<]*)</text>");
  for (std::sregex_iterator at(svg.begin(), svg.end(), label), end; at != end; ++at) {
    const double x = std::stod((*at)[1]);
    const double y = std::stod((*at)[2]);
    const double half = 6.7 * static_cast<double>((*at)[3].length()) / 2;
    boxes.push_back({x - half, y - 11, x + half, y + 3, (*at)[3]});
  }
  return boxes;
}

double attribute(const std::string& svg, const std::string& name) {
  std::smatch found;
  const std::regex pattern("<svg [^>]*" + name + "=\"([0-9]+)\"");
  return std::regex_search(svg, found, pattern) ? std::stod(found[1]) : 0;
}

Diagram random_diagram(std::uint64_t seed) {
  stats::Stream draw(seed, 0, "diagram");
  Diagram diagram{"A title", {"model-registry", "bus", "service", "graph", "reconciliation"}, {}};
  for (std::size_t i = 1; i <= 9; ++i) {
    DiagramStep step{i, draw.chance(0.2), {}};
    for (std::uint64_t n = draw.below(4); n > 0; --n) {
      DiagramMessage message;
      message.from = static_cast<std::size_t>(draw.below(5));
      message.to = static_cast<std::size_t>(draw.below(5));
      message.kind = static_cast<DiagramMessage::Kind>(draw.below(5));
      for (std::uint64_t words = 1 + draw.below(12); words > 0; --words) {
        message.text += std::string(1 + static_cast<std::size_t>(draw.below(14)), 'm') + " ";
      }
      step.messages.push_back(message);
    }
    diagram.steps.push_back(step);
  }
  return diagram;
}

}  // namespace

TEST_CASE("no label of a sequence diagram overlaps another or leaves the picture") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    const std::string svg = explore::svg(random_diagram(seed));
    const std::vector<Box> boxes = labels(svg);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      INFO(boxes[i].text);
      CHECK(boxes[i].left >= 40);  // the numbers of the steps stand there
      CHECK(boxes[i].right <= attribute(svg, "width"));
      CHECK(boxes[i].bottom <= attribute(svg, "height"));
      for (std::size_t j = 0; j < i; ++j) {
        const bool apart = boxes[i].left >= boxes[j].right || boxes[j].left >= boxes[i].right ||
                           boxes[i].top >= boxes[j].bottom || boxes[j].top >= boxes[i].bottom;
        CHECK(apart);
      }
    }
  }
}

TEST_CASE("text in diagrams is escaped for what it stands in") {
  const Diagram diagram{
      "a \"b\" & <c>", {"one", "two"}, {{1, true, {{0, 1, "x; y #1 <z> & \"q\"\n", {}}}}}};
  const std::string text = explore::mermaid(diagram);
  CHECK(text.find("title: \"a 'b' & #lt;c#gt;\"") != std::string::npos);
  CHECK(text.find("  L0->>L1: 1. x#59; y #35;1 #lt;z#gt; & 'q' \n") != std::string::npos);
  CHECK(text.find("  rect rgb(") != std::string::npos);
  const std::string picture = explore::svg(diagram);
  CHECK(picture.find("a &quot;b&quot; &amp; &lt;c&gt;") != std::string::npos);
  CHECK(picture.find("x; y #1 &lt;z&gt; &amp; &quot;q&quot;") != std::string::npos);
  CHECK(picture.find("critical") != std::string::npos);
}

TEST_CASE("a message to a lane itself is a note, and a lost one ends in a cross") {
  using Kind = DiagramMessage::Kind;
  const Diagram diagram{
      "",
      {"one", "two"},
      {{1, false, {{1, 1, "here", Kind::plain}}}, {2, false, {{0, 1, "gone", Kind::lost}}}}};
  const std::string text = explore::mermaid(diagram);
  CHECK(text.find("Note over L1: 1. here") != std::string::npos);
  CHECK(text.find("L0-xL1: 2. gone") != std::string::npos);
}

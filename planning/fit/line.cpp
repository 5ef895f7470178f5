#include "planning/fit/line.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>

namespace rehearse::planning {
namespace {

constexpr double kTruncation = 0.2;  // kappa_1 of ITP, over the first width
constexpr double kNoiseShare = 8;    // ends closer than this part of their noise are told no more

// The next step to look at, strictly inside the bracket.
class Itp {
 public:
  explicit Itp(const Bracket& bracket)
      : first_width_(bracket.holds - bracket.fails),
        most_looks_(std::ceil(std::log2(first_width_)) + 1) {}

  int next(const Bracket& bracket, std::optional<double> low, double high) {
    assert(bracket.holds - bracket.fails > 1);
    const double width = bracket.holds - bracket.fails;
    const double middle = bracket.fails + width / 2;
    double at = middle;
    if (low && *low > high) {
      const double line = bracket.fails + width * *low / (*low - high);
      const double side = middle > line ? 1 : -1;
      const double truncation =
          std::min(kTruncation / first_width_ * width * width, std::abs(middle - line));
      const double radius = std::exp2(most_looks_ - looks_) / 2 - width / 2;
      at = line + side * truncation;
      if (std::abs(at - middle) > radius) at = middle - side * std::max(0.0, radius);
    }
    ++looks_;
    return std::clamp(static_cast<int>(std::lround(at)), bracket.fails + 1, bracket.holds - 1);
  }

 private:
  double first_width_;
  double most_looks_;
  double looks_ = 0;
};

Bracket narrow_between(Bracket bracket, std::optional<Scored> low, Scored high,
                       const ScoreAt& score) {
  Itp itp(bracket);
  while (bracket.holds - bracket.fails > 1) {
    if (low && low->score - high.score < kNoiseShare * std::min(low->noise, high.noise)) break;
    const int step = itp.next(bracket, low ? std::optional(low->score) : std::nullopt, high.score);
    const Scored at = score(step);
    if (at.score <= 0) {
      bracket.holds = step;
      high = at;
    } else {
      bracket.fails = step;
      low = at;
    }
  }
  return bracket;
}

}  // namespace

Bracket narrow(Bracket bracket, const ScoreAt& score) {
  assert(bracket.fails < bracket.holds);
  const std::optional<Scored> low =
      bracket.fails >= 0 ? std::optional(score(bracket.fails)) : std::nullopt;
  return narrow_between(bracket, low, score(bracket.holds), score);
}

Bracket descend(int holds, int stride, const ScoreAt& score) {
  assert(holds >= 0 && stride >= 1);
  Bracket bracket{-1, holds};
  Scored high = score(holds);
  while (bracket.holds > 0) {
    const int step = std::max(0, bracket.holds - stride);
    const Scored at = score(step);
    if (at.score > 0) {
      bracket.fails = step;
      return narrow_between(bracket, at, high, score);
    }
    bracket.holds = step;
    high = at;
    stride *= 2;
  }
  return bracket;
}

}  // namespace rehearse::planning

#include "learning/best_of_rows.hpp"

#include <algorithm>
#include <cassert>

namespace rehearse::learning {
namespace {

/// C(of, candidates) / C(rows, candidates): the chance that all candidates are among `of` rows.
double all_among(std::size_t of, std::size_t rows, std::size_t candidates) {
  if (of < candidates) return 0;
  double chance = 1;
  for (std::size_t i = 0; i < candidates; ++i) {
    chance *= static_cast<double>(of - i) / static_cast<double>(rows - i);
  }
  return chance;
}

}  // namespace

double clicks_of_best(std::vector<ScoredRow>& rows, std::size_t candidates) {
  const std::size_t count = rows.size();
  assert(candidates >= 1 && candidates <= count);
  std::sort(rows.begin(), rows.end(),
            [](const ScoredRow& a, const ScoredRow& b) { return a.score > b.score; });
  double clicks = 0, here_or_below = 1;
  for (std::size_t first = 0; first < count && here_or_below > 0;) {
    std::size_t next = first, clicked = 0;
    for (; next < count && rows[next].score == rows[first].score; ++next) {
      clicked += rows[next].clicked ? 1 : 0;
    }
    assert(next > first);  // a score that is no number equals nothing
    const double below = all_among(count - next, count, candidates);
    clicks +=
        (here_or_below - below) * static_cast<double>(clicked) / static_cast<double>(next - first);
    here_or_below = below;
    first = next;
  }
  return clicks;
}

double offers_click(std::size_t rows, std::size_t clicked, std::size_t candidates) {
  assert(candidates >= 1 && candidates <= rows && clicked <= rows);
  return 1 - all_among(rows - clicked, rows, candidates);
}

}  // namespace rehearse::learning

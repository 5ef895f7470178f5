#include "explore/search/state_graph.hpp"

#include <algorithm>
#include <stdexcept>

namespace rehearse::explore {
namespace {

constexpr Int128 kMost = Int128{1} << 126;

void add(ScheduleCount& to, const ScheduleCount& more) {
  to.count += more.count;
  to.more |= more.more;
  if (to.count >= kMost) {
    to.count = kMost;
    to.more = true;
  }
}

}  // namespace

std::string ScheduleCount::text() const {
  if (more) return "more than 10^37";
  std::string digits;
  for (Int128 rest = count; rest > 0; rest /= 10) {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  }
  return digits.empty() ? "0" : digits;
}

StateGraph::StateGraph(std::size_t states, std::vector<std::vector<Step>> steps)
    : first_(states + 1, 0) {
  for (const auto& some : steps) {
    for (const Step& step : some) ++first_[step.first + 1];
  }
  for (std::size_t i = 0; i < states; ++i) first_[i + 1] += first_[i];
  targets_.resize(first_.back());
  std::vector<std::uint64_t> next(first_.begin(), first_.end() - 1);
  for (auto& some : steps) {
    for (const Step& step : some) targets_[next[step.first]++] = step.second;
    std::vector<Step>().swap(some);
  }
}

// Every step uses something up (a change, an event, a call, a budget, work), so there is no circle.
StateGraph::Totals StateGraph::totals(const std::vector<Ending>& endings) const {
  const std::size_t states = first_.size() - 1;
  std::vector<ScheduleCount> ways(states);
  std::vector<std::uint32_t> longest(states, 0);
  for (const Ending& ending : endings) {
    add(ways[ending.state], {1, false});
    if (ending.by_step) longest[ending.state] = 1;
  }
  enum Mark : std::uint8_t { unseen, open, done };
  std::vector<std::uint8_t> marks(states, unseen);
  std::vector<std::pair<StateNumber, std::uint64_t>> path{{0, first_[0]}};
  marks[0] = open;
  while (!path.empty()) {
    auto& [state, next] = path.back();
    if (next == first_[state + 1]) {
      marks[state] = done;
      const StateNumber finished = state;
      path.pop_back();
      if (path.empty()) break;
      const StateNumber parent = path.back().first;
      add(ways[parent], ways[finished]);
      longest[parent] = std::max(longest[parent], longest[finished] + 1);
      continue;
    }
    const StateNumber target = targets_[next++];
    if (marks[target] == open) throw std::logic_error("a schedule comes back to where it was");
    if (marks[target] == done) {
      add(ways[state], ways[target]);
      longest[state] = std::max(longest[state], longest[target] + 1);
    } else {
      marks[target] = open;
      path.emplace_back(target, first_[target]);
    }
  }
  return {ways[0], longest[0]};
}

std::vector<std::uint32_t> StateGraph::depths() const {
  std::vector<std::uint32_t> depth(first_.size() - 1, kFar);
  std::vector<StateNumber> queue{0};
  depth[0] = 0;
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const StateNumber state = queue[i];
    for (std::uint64_t at = first_[state]; at < first_[state + 1]; ++at) {
      if (depth[targets_[at]] != kFar) continue;
      depth[targets_[at]] = depth[state] + 1;
      queue.push_back(targets_[at]);
    }
  }
  return depth;
}

std::vector<std::uint32_t> StateGraph::distances(const std::vector<StateNumber>& goals) const {
  const std::size_t states = first_.size() - 1;
  std::vector<std::uint64_t> begin(states + 1, 0);
  for (const StateNumber target : targets_) ++begin[target + 1];
  for (std::size_t i = 0; i < states; ++i) begin[i + 1] += begin[i];
  std::vector<StateNumber> sources(targets_.size());
  std::vector<std::uint64_t> next(begin.begin(), begin.end() - 1);
  for (StateNumber state = 0; state < states; ++state) {
    for (std::uint64_t at = first_[state]; at < first_[state + 1]; ++at) {
      sources[next[targets_[at]]++] = state;
    }
  }
  std::vector<std::uint32_t> distance(states, kFar);
  std::vector<StateNumber> queue(goals.begin(), goals.end());
  for (const StateNumber goal : queue) distance[goal] = 0;
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const StateNumber state = queue[i];
    for (std::uint64_t at = begin[state]; at < begin[state + 1]; ++at) {
      if (distance[sources[at]] != kFar) continue;
      distance[sources[at]] = distance[state] + 1;
      queue.push_back(sources[at]);
    }
  }
  return distance;
}

}  // namespace rehearse::explore

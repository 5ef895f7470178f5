#include "explore/search/search_worker.hpp"

#include <algorithm>
#include <stdexcept>

namespace rehearse::explore {
namespace {

constexpr std::uint64_t kStepsBetweenChecks = 256;
// What the analysis at the end takes, for a state and for a step.
constexpr std::size_t kBytesPerState = 64;
constexpr std::size_t kBytesPerEdge = 2 * sizeof(StateGraph::Step) + sizeof(StateNumber);
// What is remembered of steps is a help and no more, so it gets a small part of the memory.
constexpr std::size_t kMostHelpBytes = std::size_t{256} << 20U;
constexpr std::size_t kHelpShare = 8;

std::size_t most_help(const ExhaustiveOptions& options) {
  if (options.memory_bytes == 0) return kMostHelpBytes;
  return std::min(kMostHelpBytes, options.memory_bytes / kHelpShare);
}

}  // namespace

SharedSearch::SharedSearch(const ExhaustiveOptions& options)
    : effects(most_help(options)),
      settled(most_help(options)),
      options_(options),
      start_(std::chrono::steady_clock::now()) {}

std::pair<StateNumber, bool> SharedSearch::enter(const Fingerprint& state) {
  if (options_.prune) return table.insert(state);
  return {unpruned_.fetch_add(1, std::memory_order_relaxed), true};
}

std::size_t SharedSearch::states() const {
  return options_.prune ? table.size() : unpruned_.load();
}

void SharedSearch::give(Branching branching) {
  const std::lock_guard lock(mutex_);
  branches_.push_back(std::move(branching));
  changed_.notify_one();
}

// The last one that would wait ends the search.
std::optional<Branching> SharedSearch::take() {
  std::unique_lock lock(mutex_);
  if (++waiting_ == options_.jobs && branches_.empty()) {
    over_ = true;
    changed_.notify_all();
  }
  changed_.wait(lock, [&] { return over_ || !branches_.empty(); });
  if (over_ || branches_.empty()) return std::nullopt;
  --waiting_;
  Branching branching = std::move(branches_.front());
  branches_.pop_front();
  return branching;
}

void SharedSearch::stop(const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (why_.empty()) why_ = why;
  stopped_ = true;
}

void SharedSearch::stop_for_violation() { stop("a violation was found"); }

void SharedSearch::abort() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  over_ = true;
  changed_.notify_all();
}

std::string SharedSearch::why() const {
  const std::lock_guard lock(mutex_);
  return why_;
}

bool SharedSearch::check(std::uint64_t steps, std::uint64_t edges) {
  steps_ += steps;
  edges_ += edges;
  const std::size_t bytes = table.bytes() + effects.bytes() + settled.bytes() +
                            states() * kBytesPerState + edges_ * kBytesPerEdge;
  if (options_.most_states > 0 && states() > options_.most_states) stop(kTooManyStates);
  if (options_.memory_bytes > 0 && bytes > options_.memory_bytes) stop("the memory was used up");
  if (options_.budget_seconds > 0) {
    const std::chrono::duration<double> past = std::chrono::steady_clock::now() - start_;
    if (past.count() > options_.budget_seconds) stop("the time was up");
  }
  if (options_.interrupted && options_.interrupted()) stop("it was interrupted");
  if (options_.progress) {
    const std::lock_guard lock(mutex_);
    options_.progress(states(), steps_);
  }
  return stopped();
}

SearchWorker::SearchWorker(const Setup& setup, const ScriptedTruth& truth,
                           const ExhaustiveOptions& options, SharedSearch& shared)
    : options_(options),
      shared_(shared),
      system_(setup, truth),
      effects_(system_, shared.effects),
      settled_(system_, shared.settled) {}

void SearchWorker::enter_start() {
  const StateNumber start = shared_.enter(system_.fingerprint()).first;
  if (system_.complete()) ends.push_back({start, system_.digest()});
  shared_.give({{}, start, choices(Vantage(system_))});
}

std::vector<Choice> SearchWorker::choices(const Vantage& here) {
  std::vector<Choice> choices = system_.enabled(options_.reduce);
  if (options_.reduce && options_.settle) settled_.reduce(choices, here);
  return choices;
}

void SearchWorker::run() {
  while (auto branching = shared_.take()) {
    if (!shared_.stopped()) search(*std::move(branching));
  }
}

void SearchWorker::go_to(const std::vector<Choice>& schedule) {
  while (!schedule_.empty()) back();
  for (const Choice& choice : schedule) {
    system_.push();
    system_.apply(choice);
    schedule_.push_back(choice);
  }
}

void SearchWorker::back() {
  system_.pop();
  schedule_.pop_back();
}

void SearchWorker::search(Branching branching) {
  go_to(branching.schedule);
  frames_.clear();
  frames_.push_back(make_frame(branching.state, std::move(branching.choices), Vantage(system_)));
  for (std::uint64_t turn = 1; !frames_.empty(); ++turn) {
    Frame& frame = frames_.back();
    if (frame.next == frame.choices.size()) {
      frames_.pop_back();
      if (!frames_.empty()) back();
      continue;
    }
    const std::size_t choice = frame.next++;
    if (!leave_out(choice)) step(choice);
    if (turn % kStepsBetweenChecks == 0) {
      const std::uint64_t steps = system_.steps();
      const bool end = shared_.check(steps - reported_steps_, edges.size() - reported_edges_);
      reported_steps_ = steps;
      reported_edges_ = edges.size();
      if (end) return;
    }
    if (shared_.others_wait()) share();
  }
}

SearchWorker::Frame SearchWorker::make_frame(StateNumber state, std::vector<Choice> choices,
                                             const Vantage& here) const {
  Frame frame;
  frame.state = state;
  frame.print = here.whole;
  frame.choices = std::move(choices);
  if (options_.reduce && options_.prune) frame.keys = effects_.keys(frame.choices, here);
  return frame;
}

// A step that is known to lead to a state that was seen is counted, not made.
bool SearchWorker::leave_out(std::size_t choice) {
  const Frame& frame = frames_.back();
  if (options_.verify || frame.keys.empty() || !frame.keys[choice]) return false;
  const auto effect = effects_.effect(*frame.keys[choice]);
  if (!effect) return false;
  const StateNumber state = shared_.table.find(frame.print + *effect);
  if (state == kNoState) return false;
  edges.emplace_back(frame.state, state);
  return true;
}

void SearchWorker::learn(const Frame& frame, std::size_t choice, const Fingerprint& print) {
  if (frame.keys.empty() || !frame.keys[choice]) return;
  const Fingerprint effect = print - frame.print;
  if (options_.verify) {
    const auto known = effects_.effect(*frame.keys[choice]);
    if (known && *known != effect) {
      throw std::logic_error("the same step has two effects: " + text_of(frame.choices[choice]));
    }
  }
  effects_.learn(*frame.keys[choice], effect);
}

void SearchWorker::step(std::size_t index) {
  const Choice choice = frames_.back().choices[index];
  const StateNumber from = frames_.back().state;
  system_.push();
  schedule_.push_back(choice);
  const std::vector<Violation>& violations = system_.apply(choice);
  if (!violations.empty()) {
    ViolatingStep found{from, {}};
    for (const Violation& violation : violations) found.properties.insert(violation.property);
    violating.push_back(std::move(found));
    if (options_.stop_at_violation) shared_.stop_for_violation();
    back();
    return;
  }
  const Vantage here(system_);
  learn(frames_.back(), index, here.whole);
  const auto [state, fresh] = shared_.enter(here.whole);
  edges.emplace_back(from, state);
  if (fresh) {
    if (system_.complete()) ends.push_back({state, system_.digest()});
    std::vector<Choice> choices = this->choices(here);
    if (!choices.empty()) {
      frames_.push_back(make_frame(state, std::move(choices), here));
      return;
    }
  }
  back();
}

// The branch nearest to the start is the largest, if not surely.
void SearchWorker::share() {
  std::size_t left = 0;
  for (const Frame& frame : frames_) left += frame.choices.size() - frame.next;
  if (left < 2) return;
  for (std::size_t depth = 0; depth < frames_.size(); ++depth) {
    Frame& frame = frames_[depth];
    if (frame.next == frame.choices.size()) continue;
    Branching branching;
    const std::size_t length = schedule_.size() - (frames_.size() - 1 - depth);
    branching.schedule.assign(schedule_.begin(),
                              schedule_.begin() + static_cast<std::ptrdiff_t>(length));
    branching.state = frame.state;
    const std::size_t kept = frame.next + (frame.choices.size() - frame.next) / 2;
    const auto first = frame.choices.begin() + static_cast<std::ptrdiff_t>(kept);
    branching.choices.assign(first, frame.choices.end());
    frame.choices.erase(first, frame.choices.end());
    if (!frame.keys.empty()) frame.keys.resize(kept);
    shared_.give(std::move(branching));
    return;
  }
}

}  // namespace rehearse::explore

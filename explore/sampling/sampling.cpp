#include "explore/sampling/sampling.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>
#include <exception>
#include <memory>
#include <stdexcept>
#include <thread>

#include "explore/system/walk.hpp"
#include "explore/tell/trial.hpp"

namespace rehearse::explore {
namespace {

constexpr std::uint64_t kBlock = 64;         // schedules per thread between two looks around
constexpr std::uint64_t kPilots = 64;        // walks that find n
constexpr std::size_t kMostSteps = 100'000;  // of one schedule: a service that never comes to rest

/// What schedules add up to.
struct Sums {
  std::uint64_t violating = 0;
  std::uint64_t steps = 0;
  std::uint64_t longer = 0;
  std::size_t longest = 0;
  std::size_t width = 0;
  std::set<std::uint64_t> digests;

  void add(const Sums& other) {
    violating += other.violating;
    steps += other.steps;
    longer += other.longer;
    longest = std::max(longest, other.longest);
    width = std::max(width, other.width);
    digests.insert(other.digests.begin(), other.digests.end());
  }
};

class Walker {
 public:
  Walker(const Setup& setup, const ScriptedTruth& truth, const SamplingOptions& options,
         std::size_t messages, std::optional<std::uint64_t> expected)
      : options_(options), messages_(messages), expected_(expected), system_(setup, truth) {}

  /// Schedule `number`, added to the sums.
  void walk(std::uint64_t number) {
    system_.push();
    path_.clear();
    violations_.clear();
    if (options_.method == Method::pct) {
      walk_pct(number);
    } else {
      stats::Stream draw(options_.seed, number, "explore.random");
      walk_uniformly(draw);
    }
    end(number);
    system_.pop();
  }

  /// Messages of a uniform walk, for n.
  std::size_t count_messages(std::uint64_t number) {
    system_.push();
    path_.clear();
    violations_.clear();
    stats::Stream draw(options_.seed, number, "explore.pilot");
    PctWalk walk(system_, 1, 1, draw);
    while (!system_.complete() && violations_.empty()) {
      take(walk.next());
      walk.taken();
    }
    system_.pop();
    return walk.order().size();
  }

  Sums sums;
  std::optional<SampledViolation> first;
  const std::set<world::Edge>& phantoms() const { return system_.phantoms(); }

 private:
  void take(const Choice& choice) {
    if (path_.size() >= kMostSteps) throw std::logic_error("a schedule comes to no end");
    path_.push_back(choice);
    violations_ = system_.apply(choice);
  }

  void walk_uniformly(stats::Stream& draw) {
    while (!system_.complete() && violations_.empty()) {
      const std::vector<Choice> choices = system_.enabled();
      take(choices[static_cast<std::size_t>(draw.below(choices.size()))]);
    }
  }

  void walk_pct(std::uint64_t number) {
    stats::Stream draw(options_.seed, number, "explore.pct");
    PctWalk walk(system_, options_.depth, messages_, draw);
    while (!system_.complete() && violations_.empty()) {
      take(walk.next());
      walk.taken();
    }
    if (walk.order().size() > messages_) ++sums.longer;
    // An order is never wider than the number of its chains.
    if (walk.order().chains() > sums.width) {
      sums.width = std::max(sums.width, walk.order().width());
    }
  }

  void end(std::uint64_t number) {
    sums.steps += path_.size();
    sums.longest = std::max(sums.longest, path_.size());
    if (violations_.empty()) {
      const std::uint64_t digest = system_.digest();
      sums.digests.insert(digest);
      if (expected_ && digest != *expected_) {
        violations_.push_back(
            {Property::order, "the schedule ends in another graph than the undisturbed one"});
      }
    }
    if (violations_.empty()) return;
    ++sums.violating;
    if (!first || number < first->number) first = {number, path_, violations_.front()};
  }

  const SamplingOptions& options_;
  std::size_t messages_;
  std::optional<std::uint64_t> expected_;
  System system_;
  std::vector<Choice> path_;
  std::vector<Violation> violations_;
};

class Sampler {
 public:
  Sampler(const Setup& setup, const ScriptedTruth& truth, const SamplingOptions& options)
      : setup_(setup), truth_(truth), options_(options) {
    if (setup.settings.checks(Property::order)) expected_ = undisturbed_digest(setup, truth);
  }

  Sampled run() {
    const auto start = std::chrono::steady_clock::now();
    if (options_.method == Method::pct) find_messages();
    make_walkers();
    Sampled result;
    for (;;) {
      const std::uint64_t left =
          options_.schedules == 0 ? kBlock : options_.schedules - result.schedules;
      const std::uint64_t block = std::min(left, kBlock * walkers_.size());
      if (block == 0) break;
      run_block(result.schedules, block);
      const auto found = lowest();
      if (found && options_.stop_at_violation) {
        settle_at(found->number, result);
        result.first = found;
        break;
      }
      if (found && !result.first) result.first = found;
      result.schedules += block;
      for (const auto& walker : walkers_) take(*walker, result);
      if (options_.progress) options_.progress(result.schedules);
      const std::chrono::duration<double> past = std::chrono::steady_clock::now() - start;
      if (options_.interrupted && options_.interrupted()) break;
      if (options_.budget_seconds > 0 && past.count() >= options_.budget_seconds) break;
    }
    fill(result);
    return result;
  }

 private:
  void find_messages() {
    Walker pilot(setup_, truth_, options_, 1, std::nullopt);
    for (std::uint64_t i = 0; i < kPilots; ++i) {
      messages_ = std::max(messages_, pilot.count_messages(i));
    }
  }

  void make_walkers() {
    walkers_.clear();
    for (std::size_t i = 0; i < std::max<std::size_t>(options_.jobs, 1); ++i) {
      walkers_.push_back(std::make_unique<Walker>(setup_, truth_, options_, messages_, expected_));
    }
  }

  void run_block(std::uint64_t from, std::uint64_t count) {
    std::vector<std::exception_ptr> errors(walkers_.size());
    const auto work = [&](std::size_t w) {
      try {
        for (std::uint64_t i = w; i < count; i += walkers_.size()) walkers_[w]->walk(from + i);
      } catch (...) {
        errors[w] = std::current_exception();
      }
    };
    std::vector<std::thread> threads;
    for (std::size_t w = 1; w < walkers_.size(); ++w) threads.emplace_back(work, w);
    work(0);
    for (std::thread& thread : threads) thread.join();
    for (const std::exception_ptr& error : errors) {
      if (error) std::rethrow_exception(error);
    }
  }

  std::optional<SampledViolation> lowest() const {
    std::optional<SampledViolation> found;
    for (const auto& walker : walkers_) {
      if (walker->first && (!found || walker->first->number < found->number)) {
        found = walker->first;
      }
    }
    return found;
  }

  /// The sums up to the schedule that ended the search, as one thread would have them: its block is
  /// walked once more, by a walker that knows no other.
  void settle_at(std::uint64_t number, Sampled& result) {
    Walker walker(setup_, truth_, options_, messages_, expected_);
    for (std::uint64_t i = result.schedules; i <= number; ++i) walker.walk(i);
    take(walker, result);
    result.schedules = number + 1;
  }

  void take(Walker& walker, Sampled& result) {
    sums_.add(walker.sums);
    walker.sums = {};
    result.phantoms.insert(walker.phantoms().begin(), walker.phantoms().end());
  }

  void fill(Sampled& result) const {
    result.violating = sums_.violating;
    result.steps = sums_.steps;
    result.longest = sums_.longest;
    result.digests = sums_.digests;
    if (options_.method != Method::pct) return;
    Guarantee guarantee;
    guarantee.depth = options_.depth;
    guarantee.messages = messages_;
    guarantee.width = std::max<std::size_t>(sums_.width, 1);
    guarantee.longer = sums_.longer;
    guarantee.per_schedule =
        pct_bound(guarantee.width, messages_, options_.depth) * faultless_share();
    const auto counted = static_cast<double>(result.schedules - guarantee.longer);
    guarantee.in_all = -std::expm1(counted * std::log1p(-guarantee.per_schedule));
    result.guarantee = guarantee;
  }

  /// The chance that a schedule draws no fault and reads d calls as a bug needs it.
  double faultless_share() const {
    const Settings& settings = setup_.settings;
    double share = std::ldexp(1.0, -static_cast<int>(options_.depth));
    for (const std::size_t budget : {settings.drops, settings.duplicates, settings.failures,
                                     settings.crashes, settings.rebalances}) {
      share /= static_cast<double>(budget + 1);
    }
    return settings.reconciliation == Reconciliation::any ? share / 2 : share;
  }

  const Setup& setup_;
  const ScriptedTruth& truth_;
  const SamplingOptions& options_;
  std::size_t messages_ = 1;
  std::optional<std::uint64_t> expected_;
  std::vector<std::unique_ptr<Walker>> walkers_;
  Sums sums_;
};

}  // namespace

Sampled sample(const Setup& setup, const ScriptedTruth& truth, const SamplingOptions& options) {
  assert(options.schedules > 0 || options.budget_seconds > 0);
  return Sampler(setup, truth, options).run();
}

}  // namespace rehearse::explore

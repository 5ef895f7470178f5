#include "planning/final_trial.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace rehearse::planning {
namespace {

constexpr std::size_t kMostTrials = 4;
constexpr double kFirstShare = 0.8;  // of the error; each trial leaves a fifth to the next
constexpr int kSlopeSteps = 4;       // distance over which the slope at a design is taken
constexpr double kMostSpread = 0.1;  // of the ladder, that the noise may be taken for

using Chain = std::vector<Point>;  // the dearest first

class Trial {
 public:
  Trial(Survey& survey, Proof& proof) : survey_(survey), proof_(proof) {
    for (std::size_t c = 0; c < survey.constraints().size(); ++c) {
      proof.tolerances.push_back(survey.tolerance(c));
      promises_.push_back({&survey.constraints()[c], proof.tolerances.back()});
    }
  }

  void run(const std::vector<Chain>& chains, std::size_t trial, double alpha) {
    const double share = alpha / static_cast<double>(chains.size());
    for (std::size_t i = 0; i < chains.size(); ++i) {
      if (could_be_cheaper(chains[i])) run_chain(chains[i], i, trial, share);
    }
  }

 private:
  bool could_be_cheaper(const Chain& chain) const {
    return !proof_.chosen || survey_.space().cost(chain.back()) < chosen_cost();
  }

  double chosen_cost() const { return proof_.candidates[*proof_.chosen].cost; }

  void run_chain(const Chain& chain, std::size_t index, std::size_t trial, double alpha) {
    for (const Point& point : chain) {
      proof_.candidates.push_back(tested(point, index, trial, alpha));
      const Candidate& candidate = proof_.candidates.back();
      if (candidate.verdict != Verdict::feasible) return;
      if (!proof_.chosen || candidate.cost < chosen_cost()) {
        proof_.chosen = proof_.candidates.size() - 1;
      }
    }
  }

  Candidate tested(const Point& point, std::size_t chain, std::size_t trial, double alpha) {
    Candidate candidate{point, survey_.space().cost(point), trial, chain, alpha, 0, {}, {}, 0};
    candidate.first = kTrialBlock + trial * kTrialStride;
    TrialRule rule = survey_.rule().trial;
    rule.alpha = alpha;
    for (const Promise& promise : promises_) {
      if (!promise.constraint->share) continue;
      rule.most_runs =
          std::max(rule.most_runs, runs_for_share(*promise.constraint->share, alpha, 2));
    }
    std::vector<bool> shown(promises_.size(), false);
    std::size_t runs = 0;
    while (candidate.verdict == Verdict::open) {
      runs = next_look(promises_, runs, rule);
      candidate.values = survey_.trials().run({{point, candidate.first, runs}}).front();
      look(candidate, rule, shown);
    }
    return candidate;
  }

  void look(Candidate& candidate, const TrialRule& rule, std::vector<bool>& shown) const {
    for (std::size_t c = 0; c < promises_.size(); ++c) {
      if (shown[c]) continue;
      const Verdict verdict = judge(promises_[c], candidate.values[c], rule);
      if (verdict == Verdict::infeasible) {
        candidate.verdict = verdict;
        candidate.failed = c;
        return;
      }
      shown[c] = verdict == Verdict::feasible;
    }
    if (std::all_of(shown.begin(), shown.end(), [](bool one) { return one; })) {
      candidate.verdict = Verdict::feasible;
    }
  }

  Survey& survey_;
  Proof& proof_;
  std::vector<Promise> promises_;
};

// Candidates of a design, `up` steps above and around it.
Chain chain_of(const Space& space, const Point& design, int spread, int up) {
  Chain chain;
  const int half = spread / 2;
  for (const int offset : {spread, half, 0, -half}) {
    const Point point = space.moved(design, up + offset);
    if (chain.empty() || point != chain.back()) chain.push_back(point);
  }
  return chain;
}

}  // namespace

int spread_in_steps(Survey& survey, const Point& point) {
  const Space& space = survey.space();
  Point dearer = space.moved(point, kSlopeSteps);
  Point cheaper = point;
  if (dearer == point) cheaper = space.moved(point, -kSlopeSteps);
  if (dearer == cheaper) return 1;
  survey.begin("slope at the design");
  survey.look_at({cheaper, dearer});
  const double noise = survey.look(point).noise;
  const double fall = survey.look(cheaper).score - survey.look(dearer).score;
  int longest = 0;
  for (const Axis& axis : space.axes) longest = std::max(longest, axis.last());
  const double most = std::max(1.0, kMostSpread * longest);
  const double steps = fall > 0 ? noise / (fall / kSlopeSteps) : most;
  return static_cast<int>(std::lround(std::clamp(steps, 1.0, most)));
}

Proof prove(Survey& survey, const std::vector<Point>& designs, double alpha) {
  assert(!designs.empty());
  const Space& space = survey.space();
  const int spread = spread_in_steps(survey, designs.front());
  Proof proof;
  Trial trial(survey, proof);
  int up = 0;
  double left = alpha;
  for (std::size_t number = 0; number < kMostTrials && !proof.chosen; ++number) {
    std::vector<Chain> chains;
    for (const Point& design : designs) chains.push_back(chain_of(space, design, spread, up));
    trial.run(chains, number, kFirstShare * left);
    left *= 1 - kFirstShare;
    up += 2 * spread << number;
  }
  if (!proof.chosen) trial.run({{space.dearest()}}, kMostTrials, left);
  return proof;
}

Proof prove_alone(Survey& survey, const Point& point, double alpha) {
  Proof proof;
  Trial(survey, proof).run({{point}}, 0, alpha);
  return proof;
}

}  // namespace rehearse::planning

#include "planning/plan/final_trial.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace rehearse::planning {
namespace {

constexpr std::size_t kMostTrials = 4;
constexpr double kFirstShare = 0.8;    // of the error; each trial leaves a fifth to the next
constexpr int kSlopeSteps = 4;         // distance over which the slope at a design is taken
constexpr double kMostCorrection = 4;  // of the edge's place, in its spreads
constexpr double kMostSpread = 0.1;    // of the ladder, that the noise may be taken for

using Chain = std::vector<Point>;  // the dearest first

class Trial {
 public:
  Trial(Survey& survey, Proof& proof) : survey_(survey), proof_(proof) {}

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
      if (candidate.feasibility != Feasibility::feasible) return;
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
    for (const Constraint& constraint : survey_.constraints()) {
      if (!constraint.share) continue;
      rule.most_runs = std::max(rule.most_runs, runs_for_share(*constraint.share, alpha, 2));
    }
    std::vector<bool> shown(survey_.constraints().size(), false);
    std::size_t runs = 0;
    while (candidate.feasibility == Feasibility::open) {
      runs = next_look(survey_.constraints(), runs, rule);
      candidate.values = survey_.trials().run({{point, candidate.first, runs}}).front();
      look(candidate, rule, shown);
    }
    return candidate;
  }

  void look(Candidate& candidate, const TrialRule& rule, std::vector<bool>& shown) const {
    for (std::size_t c = 0; c < shown.size(); ++c) {
      if (shown[c]) continue;
      const Feasibility feasibility = judge(survey_.constraints()[c], candidate.values[c], rule);
      if (feasibility == Feasibility::infeasible) {
        candidate.feasibility = feasibility;
        candidate.failed = c;
        return;
      }
      shown[c] = feasibility == Feasibility::feasible;
    }
    if (std::all_of(shown.begin(), shown.end(), [](bool one) { return one; })) {
      candidate.feasibility = Feasibility::feasible;
    }
  }

  Survey& survey_;
  Proof& proof_;
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

Edge edge_near(Survey& survey, const Point& design) {
  const Space& space = survey.space();
  Point dearer = space.moved(design, kSlopeSteps);
  Point cheaper = design;
  if (dearer == design) cheaper = space.moved(design, -kSlopeSteps);
  if (dearer == cheaper) return {};
  survey.begin("around the design");
  survey.look_at({cheaper, dearer});
  const double fall = (survey.look(cheaper).score - survey.look(dearer).score) / kSlopeSteps;
  const Look& closer = survey.look_closer(design);
  int longest = 0;
  for (const Axis& axis : space.axes) longest = std::max(longest, axis.last());
  const double most = std::max(1.0, kMostSpread * longest);
  const double runs = static_cast<double>(closer.runs());
  if (fall <= 0) return {0, static_cast<int>(most), 0, runs};
  const double spread = std::clamp(closer.noise / fall, 1.0, most);
  const double shift =
      std::clamp(closer.score / fall, -kMostCorrection * spread, kMostCorrection * spread);
  return {shift, static_cast<int>(std::lround(spread)), fall, runs};
}

namespace {

// What a failed candidate, `at` steps up, adds to what is known of the edge. The next trial's runs
// are fresh, so it may be placed by all that has been seen.
void learn(const Survey& survey, const Candidate& failed, int at, double next_alpha, Edge& edge) {
  if (edge.fall <= 0) return;
  TrialRule rule = survey.rule().trial;
  rule.alpha = next_alpha;
  double score = -std::numeric_limits<double>::infinity();
  for (std::size_t c = 0; c < survey.constraints().size(); ++c) {
    score = std::max(score, score_of(survey.constraints()[c], failed.values[c],
                                     tolerance_in_deviations(rule), rule.runs)
                                .first);
  }
  const double runs = static_cast<double>(failed.runs());
  // A slope that is itself made of noise would send it anywhere.
  const double shift = at + std::clamp(score / edge.fall, 0.0, kMostCorrection * edge.spread);
  edge.shift = (edge.shift * edge.runs + shift * runs) / (edge.runs + runs);
  edge.runs += runs;
}

}  // namespace

Proof prove(Survey& survey, const std::vector<Point>& designs, double alpha) {
  assert(!designs.empty() && alpha > 0 && alpha < 1);
  for (const Point& design : designs) assert(survey.looks().contains(design));
  const Space& space = survey.space();
  Edge edge = edge_near(survey, designs.front());
  Proof proof;
  Trial trial(survey, proof);
  int up = static_cast<int>(std::lround(edge.shift));
  double left = alpha;
  for (std::size_t number = 0; number < kMostTrials && !proof.chosen; ++number) {
    std::vector<Chain> chains;
    for (const Point& design : designs) chains.push_back(chain_of(space, design, edge.spread, up));
    const std::size_t first = proof.candidates.size();
    trial.run(chains, number, kFirstShare * left);
    left *= 1 - kFirstShare;
    if (proof.chosen) break;
    learn(survey, proof.candidates[first], up + edge.spread, kFirstShare * left, edge);
    // What was learned places the second attempt; later ones have to get away, and have less error.
    const int least = number == 0 && edge.fall > 0 ? edge.spread : 2 * edge.spread << number;
    up = std::max(up + least, static_cast<int>(std::lround(edge.shift)));
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

// The truth about a model through the hours of a run: a relation that is drawn once, and the drifts
// that move it.
//
// What is drawn (weights, directions in which the relation turns) comes from streams of seed 0: it
// depends on the scenario and not on the seed. A parameter takes its value at the beginning of an
// hour and keeps it through the hour; moves of several drifts add, scales multiply, absences
// combine as independent chances. Concept drift turns the weights by an angle a in the plane of the
// initial weights w_0 and a direction u orthogonal to them, drawn per drift: w += (cos(f a) - 1)
// w_0 + sin(f a) |w_0| u, which leaves their strength as it was.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "learning/drift_schedule.hpp"
#include "learning/hour.hpp"
#include "learning/population.hpp"
#include "learning/world.hpp"

namespace rehearse::learning {

struct Relation {
  double intercept = -2;
  double strength = 1.5;             ///< length of the weights that are drawn
  std::vector<double> weights = {};  ///< of all features, instead of drawn ones
  Curvature curvature = {};
};

struct WorldSettings {
  std::size_t features = 8;
  Relation relation = {};
  std::vector<Drift> drifts = {};
};

/// A drift that cannot be, alone or beside the others.
class BadDrift : public InputError {
 public:
  BadDrift(std::size_t number, const std::string& what)
      : InputError("drifts/" + std::to_string(number) + ": " + what), number_(number), why_(what) {}

  std::size_t number() const { return number_; }
  const std::string& why() const { return why_; }

 private:
  std::size_t number_;
  std::string why_;
};

class ChangingWorld : public Population {
 public:
  /// The chances of at most so many features at once may lie strictly between 0 and 1.
  static constexpr std::size_t kMostUncertain = 4;

  /// `model` names the streams. Throws InputError for settings that make no world: BadDrift where
  /// it is a drift's fault.
  ChangingWorld(const std::string& model, WorldSettings settings);

  bool drawn() const override { return true; }
  Worlds at(Hour hour) const override;
  /// The first hour after `hour` at which another world may hold; nullopt when none will.
  std::optional<Hour> next_change(Hour hour) const override;

  std::size_t features() const override { return initial_.features(); }
  bool offers(Hour) const override { return true; }
  double engagement(Hour hour, const LinearModel& model,
                    const ServingPolicy& serving) const override;
  Reach reach(Hour hour, std::size_t candidates) const override;
  std::vector<ServedValues> served_features(Hour hour,
                                            std::span<const std::size_t> which) const override;
  ServedValues served_score(Hour hour, const LinearModel& model) const override;
  void sample(stats::Stream& stream, Hour hour, std::size_t count,
              CandidateColumns& columns) const override;
  void log(const HourLog& hour, LoggedRows& rows) const override;

  /// Without any drift.
  const World& initial() const { return initial_; }
  const std::vector<Drift>& drifts() const { return settings_.drifts; }

 private:
  World moved(const std::vector<double>& progress) const;
  void move(World& world, std::size_t drift, double by) const;

  WorldSettings settings_;
  World initial_;
  std::vector<std::vector<double>> turns_;  ///< per drift: |w_0| u of a concept drift
};

}  // namespace rehearse::learning

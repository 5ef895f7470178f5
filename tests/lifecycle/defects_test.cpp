#include "lifecycle/defects.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "trained_model.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;
using namespace rehearse::learning;
using Weights = std::vector<double>;

namespace {

struct Launch {
  TrainedModel model{1};
  AtLaunch at = {model.world.at(Hour{0}), {}};

  Version struck(const Defect& defect) const {
    Version candidate;
    candidate.number = 2;
    candidate.model.weights = Weights(8, 0.125);
    return strike(defect, candidate, model.first, at,
                  stats::Stream(1, 0, "lifecycle/rec/defects/2"));
  }
  double earned(const Version& version) const {
    return expected_engagement(at.worlds, {version.model.weights}, at.serving);
  }
};

double dot(const Weights& a, const Weights& b) {
  double sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j) sum += a[j] * b[j];
  return sum;
}

}  // namespace

TEST_CASE("a copy is the version in production under another number") {
  const Launch launch;
  const Version version = launch.struck(Copy{});
  REQUIRE(version.number == 2);
  REQUIRE(version.model == launch.model.first.model);
  REQUIRE(version.artefact.errors == launch.model.first.artefact.errors);
}

TEST_CASE("coefficients are swapped, dropped and scaled") {
  const Launch launch;
  const Weights& before = launch.model.first.model.weights;
  const Weights swapped = launch.struck(Swap{}).model.weights;
  REQUIRE(swapped[0] == before[1]);  // 0.6 is the largest, -0.9 the smallest
  REQUIRE(swapped[1] == before[0]);
  REQUIRE(launch.struck(Swap{{{2, 3}}}).model.weights[2] == before[3]);
  const Weights dropped = launch.struck(Drop{{1, 4}}).model.weights;
  REQUIRE((dropped[1] == 0 && dropped[4] == 0 && dropped[0] == before[0]));
  const Weights scaled = launch.struck(Scale{{5}, 3}).model.weights;
  REQUIRE((scaled[5] == 3 * before[5] && scaled[0] == before[0]));
}

TEST_CASE("a turn keeps the coefficients' strength and has its angle") {
  const Launch launch;
  const Weights& before = launch.model.first.model.weights;
  const Weights after = launch.struck(Turn{30}).model.weights;
  REQUIRE(dot(after, after) == Approx(dot(before, before)));
  REQUIRE(dot(after, before) / dot(before, before) == Approx(std::sqrt(3) / 2));
}

TEST_CASE("a turn to a given loss of engagement has it exactly") {
  const Launch launch;
  const double before = launch.earned(launch.model.first);
  for (const double change : {-0.02, -0.05, -0.3}) {
    REQUIRE(launch.earned(launch.struck(TurnTo{change})) ==
            Approx((1 + change) * before).epsilon(1e-6));
  }
  REQUIRE(launch.struck(TurnTo{0}).model.weights == launch.model.first.model.weights);
}

TEST_CASE("a crash adds to the errors, at once or after the promotion") {
  const Launch launch;
  REQUIRE(launch.struck(Crash{0.05, {}}).artefact.errors == Approx(1 - 0.999 * 0.95));
  const Version later =
      launch.struck(Crash{0.05, stats::Distribution::constant(Duration::hours(6))});
  REQUIRE(later.artefact.errors == 0.001);
  REQUIRE(later.late_errors->errors == 0.05);
  REQUIRE(later.late_errors->after == Duration::hours(6));
  REQUIRE(launch.struck(Slow{1.5}).artefact.slowness == 1.5);
}

TEST_CASE("a leak and a stale window are in the data") {
  const TrainingSettings leaking = strike(Defect{Leak{3, 4}}, TrainingSettings{}, 8);
  REQUIRE(leaking.join == Join::latest);
  REQUIRE(leaking.features.at(3).reacts == 4);
  REQUIRE(leaking.features.at(0).reacts == 0);
  REQUIRE(strike(Defect{StaleWindow{Duration::days(7)}}, TrainingSettings{}, 8).stale ==
          Duration::days(7));
  REQUIRE(strikes_training(Leak{}));
  REQUIRE_FALSE(strikes_training(Copy{}));
  REQUIRE(to_string(Defect{StaleWindow{}}) == "stale-window");
  REQUIRE(to_string(Defect{Crash{}}) == "crash");
}

// Every case of reference/logistic.json, within the tolerances its `about` states, what has to be
// refused, and what a start may not change.
#include "learning/logistic.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "learning/fit_quality.hpp"
#include "reference_file.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::learning;
using nlohmann::json;
using Values = std::vector<double>;

namespace {

Examples examples_of(const json& given) {
  Examples examples;
  for (const json& row : given["x"]) {
    const Values values = row;
    examples.columns = values.size();
    examples.x.insert(examples.x.end(), values.begin(), values.end());
  }
  examples.y = given["y"].get<Values>();
  if (given.contains("weights") && !given["weights"].is_null()) {
    examples.weights = given["weights"].get<Values>();
  }
  return examples;
}

FitSettings with_ridge(const json& given) {
  FitSettings settings;
  settings.ridge = given["lambda"];
  return settings;
}

double largest(const Values& values) {
  double most = 0;
  for (const double value : values) most = std::max(most, std::abs(value));
  return most;
}

double largest_difference(const Values& a, const Values& b) {
  REQUIRE(a.size() == b.size());
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

Fit fitted(const Examples& examples, const FitSettings& settings) {
  const auto result = fit_logistic(examples, settings);
  if (const auto* refused = std::get_if<FitRefused>(&result)) FAIL(refused->reason);
  return std::get<Fit>(result);
}

void check_case(const json& one) {
  const Examples examples = examples_of(one);
  const Fit fit = fitted(examples, with_ridge(one));
  const Values expected = one["coefficients"];
  CHECK(largest_difference(fit.coefficients, expected) <= 1e-8 * (1 + largest(expected)));
  CHECK(fit.objective == Approx(one["objective"].get<double>()).epsilon(1e-10));
  const Values scores = linear_scores(examples, fit.coefficients);
  CHECK(std::abs(*auc(examples, scores) - one["auc"].get<double>()) <= 1e-12);
  CHECK(*log_loss(examples, scores) == Approx(one["mean_log_loss"].get<double>()).epsilon(1e-9));
}

FitRefused refused(const Examples& examples, const FitSettings& settings) {
  const auto result = fit_logistic(examples, settings);
  REQUIRE(std::holds_alternative<FitRefused>(result));
  return std::get<FitRefused>(result);
}

}  // namespace

TEST_CASE("fits reproduce the reference numbers") {
  const json file = test::load_reference("logistic.json");
  for (const json& one : file.at("cases")) {
    DYNAMIC_SECTION(one["name"].get<std::string>()) { check_case(one); }
  }
}

TEST_CASE("what has no unique minimum is refused with the reason") {
  using Why = FitRefused::Why;
  const std::map<std::string, std::vector<Why>> reasons = {
      {"all_ones", {Why::too_few_of_class}},
      {"all_zeros", {Why::too_few_of_class}},
      {"one_class_by_weight", {Why::too_few_of_class}},
      {"separable_without_ridge", {Why::no_convergence, Why::no_unique_minimum}},
      {"collinear_without_ridge", {Why::no_unique_minimum}},
      {"no_rows", {Why::no_rows}}};
  const json file = test::load_reference("logistic.json");
  for (const json& one : file.at("refused")) {
    CAPTURE(one["name"].get<std::string>(), one["why"].get<std::string>());
    const FitRefused found = refused(examples_of(one), with_ridge(one));
    const std::vector<Why>& allowed = reasons.at(one["name"]);
    CHECK(std::count(allowed.begin(), allowed.end(), found.why) == 1);
    CHECK_FALSE(found.reason.empty());
  }
}

TEST_CASE("a warm start changes no coefficient") {
  const json file = test::load_reference("logistic.json");
  stats::Stream stream(61, 0, "starts");
  for (const json& one : file.at("cases")) {
    CAPTURE(one["name"].get<std::string>());
    const Examples examples = examples_of(one);
    FitSettings settings = with_ridge(one);
    const Fit from_nothing = fitted(examples, settings);
    const Values& cold = from_nothing.coefficients;
    for (const double far : {0.1, 1.0, 5.0}) {
      settings.start = cold;
      for (double& value : settings.start) value += far * stream.normal();
      CAPTURE(far);
      CHECK(largest_difference(fitted(examples, settings).coefficients, cold) <=
            1e-8 * (1 + largest(cold)));
    }
    settings.start = cold;
    CHECK(fitted(examples, settings).steps < from_nothing.steps);
  }
}

TEST_CASE("a fit counts the rows of each class that it asks for") {
  Examples examples{1, {0.1, 0.7, 0.2, 0.9, 0.5}, {0, 1, 0, 1, 0}};
  FitSettings settings;
  settings.of_each = 2;
  REQUIRE(std::holds_alternative<Fit>(fit_logistic(examples, settings)));
  settings.of_each = 3;
  const FitRefused found = refused(examples, settings);
  REQUIRE(found.why == FitRefused::Why::too_few_of_class);
  REQUIRE(found.reason == "2 rows with a click; at least 3 are needed");
  examples.weights = {1, 1, 0, 1, 1};
  settings.of_each = 2;
  REQUIRE(std::holds_alternative<Fit>(fit_logistic(examples, settings)));
  examples.weights = {0, 1, 0, 1, 1};
  REQUIRE(refused(examples, settings).reason == "1 rows without a click; at least 2 are needed");
}

TEST_CASE("doubling every weight is having every row twice") {
  const json file = test::load_reference("logistic.json");
  const Examples once = examples_of(file.at("cases")[1]);
  Examples weighted = once, twice = once;
  weighted.weights.assign(once.rows(), 2);
  twice.x.insert(twice.x.end(), once.x.begin(), once.x.end());
  twice.y.insert(twice.y.end(), once.y.begin(), once.y.end());
  CHECK(largest_difference(fitted(weighted, {}).coefficients, fitted(twice, {}).coefficients) <
        1e-9);
}

TEST_CASE("a score that tells nothing has the AUC of a coin, one class has none") {
  const Examples examples{1, {1, 2, 3, 4}, {0, 1, 0, 1}};
  CHECK(*auc(examples, {7, 7, 7, 7}) == 0.5);
  CHECK(*auc(examples, {1, 2, 3, 4}) == 0.75);
  const Examples of_one{1, {1, 2}, {1, 1}};
  CHECK_FALSE(auc(of_one, {1, 2}).has_value());
  CHECK_FALSE(log_loss(Examples{}, {}).has_value());
}

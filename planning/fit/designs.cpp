#include "planning/fit/designs.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>

#include "planning/fit/line.hpp"

namespace rehearse::planning {
namespace {

constexpr double kLeastSlope = 1e-6;

Point with(Point point, std::size_t axis, int step) {
  point[axis] = step;
  return point;
}

class Designer {
 public:
  Designer(Survey& survey, const DesignRule& rule)
      : survey_(survey), space_(survey.space()), rule_(rule), at_(space_.dearest()) {}

  void down_the_diagonal() {
    survey_.begin("all settings together");
    int longest = 0;
    for (const Axis& axis : space_.axes) longest = std::max(longest, axis.last());
    const auto point = [&](int step) {
      Point steps;
      for (const Axis& axis : space_.axes) {
        steps.push_back(static_cast<int>(
            std::lround(static_cast<double>(step) * axis.last() / std::max(1, longest))));
      }
      return steps;
    };
    const Bracket found = narrow({-1, longest}, [&](int step) { return scored(point(step)); });
    at_ = point(found.holds);
  }

  void each_alone() {
    survey_.begin("each setting alone");
    std::vector<std::size_t> order(space_.axes.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    // Those first whose way down saves most.
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return at_stake(a) > at_stake(b); });
    for (const std::size_t axis : order) at_ = lowered(at_, axis, 1);
  }

  void trade() {
    for (int stride = rule_.first_stride; stride >= 1; stride /= 2) {
      survey_.begin("trades of " + std::to_string(stride) + " steps");
      int trades = 0;
      while (trades < rule_.most_trades && one_trade(stride)) ++trades;
      if (trades > 0) each_alone();
    }
  }

  std::vector<Point> designs() const {
    std::vector<std::pair<double, Point>> holding;
    for (const auto& [point, look] : survey_.looks()) {
      if (look.score <= 0) holding.emplace_back(space_.cost(point), point);
    }
    std::stable_sort(holding.begin(), holding.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    const double cheapest = holding.front().first;
    const double dear = cheapest + rule_.near_cost * std::abs(cheapest);
    std::vector<Point> designs;
    for (const auto& [cost, point] : holding) {
      if (cost > dear || designs.size() == rule_.most_designs) break;
      const bool is_new = std::all_of(designs.begin(), designs.end(),
                                      [&](const Point& other) { return differs(point, other); });
      if (is_new) designs.push_back(point);
    }
    return designs;
  }

 private:
  /// One setting up and another down, by steps that the slopes allow.
  struct Trade {
    std::size_t up = 0;
    std::size_t down = 0;
    int rise = 0;
    int fall = 0;
    double saving = 0;
  };

  Scored scored(const Point& point) {
    const Look& look = survey_.look(point);
    return {look.score, look.noise};
  }

  double at_stake(std::size_t axis) const {
    return space_.cost(at_) - space_.cost(with(at_, axis, 0));
  }

  Point lowered(const Point& from, std::size_t axis, int stride) {
    const Bracket found =
        descend(from[axis], stride, [&](int step) { return scored(with(from, axis, step)); });
    return with(from, axis, found.holds);
  }

  // A stride of so many steps of the resolution in the axis' own steps; coarse axes take one.
  int stride_on(std::size_t axis, int stride) const {
    const double fine = space_.axes[axis].fineness(at_[axis], space_.resolution);
    return std::max(1, static_cast<int>(std::lround(stride * fine)));
  }

  // Rise of each constraint's score when a setting is lowered by a step: [axis][constraint].
  std::vector<std::vector<double>> slopes(int stride) {
    std::vector<Point> others;
    for (std::size_t k = 0; k < at_.size(); ++k) {
      const int own = stride_on(k, stride);
      const int other =
          at_[k] > 0 ? std::max(0, at_[k] - own) : std::min(space_.axes[k].last(), at_[k] + own);
      others.push_back(with(at_, k, other));
    }
    survey_.look_at(others);
    const Look& here = survey_.look(at_);
    std::vector<std::vector<double>> slopes;
    for (std::size_t k = 0; k < at_.size(); ++k) {
      const Look& there = survey_.look(others[k]);
      std::vector<double> of_axis;
      for (std::size_t c = 0; c < here.scores.size(); ++c) {
        const double rise = (there.scores[c] - here.scores[c]) / (at_[k] - others[k][k]);
        of_axis.push_back(std::max(rise, kLeastSlope));
      }
      slopes.push_back(std::move(of_axis));
    }
    return slopes;
  }

  // The trade that raises `up` by the stride; where that does not pay for a step of `down`, the one
  // that lowers `down` by a step.
  Trade sized(Trade trade, int stride, const std::vector<std::vector<double>>& slope) {
    const std::vector<double>& scores = survey_.look(at_).scores;
    trade.rise = stride_on(trade.up, stride);
    double fall = at_[trade.down];
    for (std::size_t c = 0; c < scores.size(); ++c) {
      fall = std::min(fall, (slope[trade.up][c] * trade.rise - scores[c]) / slope[trade.down][c]);
    }
    trade.fall = static_cast<int>(fall);
    if (trade.fall < 1) {
      double rise = 1;
      for (std::size_t c = 0; c < scores.size(); ++c) {
        rise = std::max(rise, (slope[trade.down][c] + scores[c]) / slope[trade.up][c]);
      }
      trade.fall = 1;
      const double most = space_.axes[trade.up].last() - at_[trade.up];
      trade.rise = static_cast<int>(std::ceil(std::min(rise, most + 1)));
    }
    return trade;
  }

  Point traded(const Trade& trade) const {
    return with(with(at_, trade.up, at_[trade.up] + trade.rise), trade.down,
                at_[trade.down] - trade.fall);
  }

  std::vector<Trade> promising(int stride) {
    const std::vector<std::vector<double>> slope = slopes(stride);
    std::vector<Trade> trades;
    for (std::size_t up = 0; up < at_.size(); ++up) {
      for (std::size_t down = 0; down < at_.size(); ++down) {
        if (down == up || at_[down] == 0) continue;
        Trade trade = sized({up, down, 0, 0, 0}, stride, slope);
        if (at_[up] + trade.rise > space_.axes[up].last()) continue;
        trade.saving = space_.cost(at_) - space_.cost(traded(trade));
        if (trade.saving > least_saving()) trades.push_back(trade);
      }
    }
    std::stable_sort(trades.begin(), trades.end(),
                     [](const Trade& a, const Trade& b) { return a.saving > b.saving; });
    return trades;
  }

  // Makes a trade as well as it goes: the slopes may promise too much or too little.
  std::optional<Point> made(const Trade& trade) {
    const Point raised = with(at_, trade.up, at_[trade.up] + trade.rise);
    if (scored(raised).score > 0) return std::nullopt;
    if (trade.fall > 1) return lowered(raised, trade.down, trade.fall);
    const int more = std::min(space_.axes[trade.up].last(), at_[trade.up] + 2 * trade.rise);
    const Point start = with(with(at_, trade.up, more), trade.down, at_[trade.down] - trade.fall);
    if (scored(start).score > 0) return std::nullopt;
    return lowered(start, trade.up, std::max(1, trade.rise / 2));
  }

  bool one_trade(int stride) {
    std::vector<Trade> trades = promising(stride);
    if (trades.size() > at_.size()) trades.resize(at_.size());
    for (const Trade& trade : trades) {
      const std::optional<Point> point = made(trade);
      if (point && space_.cost(*point) < space_.cost(at_) - least_saving()) {
        at_ = *point;
        return true;
      }
    }
    return false;
  }

  // Smaller savings are within what the resolution leaves open.
  double least_saving() const { return space_.resolution / 4 * std::abs(space_.cost(at_)); }

  bool differs(const Point& a, const Point& b) const {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (std::abs(a[i] - b[i]) >= rule_.other_mix) return true;
    }
    return false;
  }

  Survey& survey_;
  const Space& space_;
  DesignRule rule_;
  Point at_;
};

}  // namespace

std::vector<Point> find_designs(Survey& survey, const DesignRule& rule) {
  assert(survey.looks().at(survey.space().dearest()).score <= 0);
  Designer designer(survey, rule);
  if (survey.space().axes.size() == 1) {
    survey.begin("bisection");
    const Bracket found = narrow({-1, survey.space().axes[0].last()}, [&](int step) {
      const Look& look = survey.look({step});
      return Scored{look.score, look.noise};
    });
    return {{found.holds}};
  }
  designer.down_the_diagonal();
  designer.each_alone();
  designer.trade();
  return designer.designs();
}

}  // namespace rehearse::planning

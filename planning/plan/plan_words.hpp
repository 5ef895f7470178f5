// Words that the texts, files and pictures of planning share.
#pragma once

#include <string>

#include "planning/plan/plan.hpp"

namespace rehearse::planning {

/// A metric's value with its unit, three or four digits: "4.2 min", "99.1%", "0.52/s".
std::string metric_text(measure::Unit unit, double value);

/// "12.3%", of a share.
std::string percent(double share, int digits = 1);

/// "/a=1/s, /b=3": the values of a point in the order of the axes.
std::string settings_text(const Space& space, const Point& point);

/// What the recommendation is guaranteed to be, in a sentence or two.
std::string guarantee_text(const Plan& plan);

/// What the comparison of dearer and cheaper points showed.
std::string monotone_text(const Plan& plan);

/// Where nothing in the ranges keeps the promises: what limits.
std::string limit_text(const Plan& plan);

}  // namespace rehearse::planning

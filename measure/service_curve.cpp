#include "measure/service_curve.hpp"

#include <cassert>

namespace rehearse::measure {
namespace {

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

double below(double part, double whole) { return whole == 0 ? 0 : 1 - part / whole; }

/// Of a count over `length`, what falls between two times after its begin.
std::uint64_t portion(std::uint64_t count, Duration from, Duration until, Duration length) {
  const auto up_to = [&](Duration time) {
    return static_cast<std::uint64_t>(static_cast<Int128>(count) * time.ns / length.ns);
  };
  return up_to(until) - up_to(from);
}

}  // namespace

ServiceSums& ServiceSums::operator+=(const ServiceSums& other) {
  counts += other.counts;
  off_production += other.off_production;
  expected_clicks += other.expected_clicks;
  bound_clicks += other.bound_clicks;
  bound_clicks_unexplored += other.bound_clicks_unexplored;
  return *this;
}

double ServiceSums::engagement() const { return share(counts.clicks, counts.requests); }
double ServiceSums::bound() const {
  return counts.requests == 0 ? 0 : bound_clicks / static_cast<double>(counts.requests);
}
double ServiceSums::error_share() const { return share(counts.errors, counts.requests); }
double ServiceSums::slow_share() const { return share(counts.slow, counts.requests); }
double ServiceSums::off_production_share() const { return share(off_production, counts.requests); }
double ServiceSums::lost() const { return below(expected_clicks, bound_clicks); }
double ServiceSums::explored() const { return below(bound_clicks, bound_clicks_unexplored); }

ServiceCurve::ServiceCurve(const Checkpoints& checkpoints)
    : checkpoints_(&checkpoints), sums_(checkpoints.times().size() - 1) {}

void ServiceCurve::add(const lifecycle::Served& served) {
  assert(served.from <= served.until);
  const Duration length = served.until - served.from;
  checkpoints_->cut(served.from, served.until, [&](std::size_t place, Time begin, Time end) {
    const Duration from = begin - served.from, until = end - served.from;
    const double part = static_cast<double>((until - from).ns) / static_cast<double>(length.ns);
    ServiceSums& sums = sums_[place];
    for (const lifecycle::ServedArm& arm : served.arms) {
      const auto cut = [&](std::uint64_t count) { return portion(count, from, until, length); };
      const std::uint64_t requests = cut(arm.counts.requests);
      sums.counts +=
          {requests, cut(arm.counts.errors), cut(arm.counts.slow), cut(arm.counts.clicks)};
      if (arm.role != lifecycle::Role::production) sums.off_production += requests;
      sums.expected_clicks += part * arm.expected_clicks;
    }
    sums.bound_clicks += part * served.bound_clicks;
    sums.bound_clicks_unexplored += part * served.bound_clicks_unexplored;
  });
}

ServiceSums ServiceCurve::between(std::size_t first, std::size_t last) const {
  ServiceSums total;
  for (std::size_t i = first; i < last; ++i) total += sums_[i];
  return total;
}

}  // namespace rehearse::measure

#include "experiments/until.hpp"

#include "base/text/utf8.hpp"
#include "measure/metrics.hpp"

namespace rehearse::experiments {

Until parse_until(std::string_view text, const measure::Subjects& subjects) {
  const Where where{"--until", {}, 0, 0};
  const auto refuse = [&where](std::string_view found, const std::string& allowed) {
    throw InputError(where, "found \"" + printable(found) + "\"; " + allowed + " is allowed");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    refuse(text, "METRIC:WIDTH, for example entity.age.p99:5%,");
  }
  Until until;
  until.metric = text.substr(0, colon);
  until.wanted = text.substr(colon + 1);
  const measure::MetricInfo& info = measure::known_metric(until.metric, subjects, where);
  until.precision.relative = until.wanted.ends_with('%');
  if (until.precision.relative) {
    const std::string_view share =
        std::string_view(until.wanted).substr(0, until.wanted.size() - 1);
    until.precision.width = measure::parse_amount(share, measure::Unit::share, where) / 100;
  } else {
    until.precision.width = measure::parse_amount(until.wanted, info.unit, where);
  }
  if (until.precision.width <= 0) refuse(until.wanted, "a width above 0");
  return until;
}

}  // namespace rehearse::experiments

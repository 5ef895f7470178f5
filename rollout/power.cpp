#include "rollout/power.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/binomial_distribution.hpp>
#include <boost/random/poisson_distribution.hpp>
#include <cassert>
#include <cmath>

#include "base/error.hpp"
#include "rollout/canary_judge.hpp"
#include "stats/moments.hpp"
#include "stats/random.hpp"

namespace rehearse::rollout {
namespace {

using Values = std::vector<double>;

/// A metric's data and how a different traffic changes them.
struct Source {
  const MetricConfig* metric = nullptr;
  const Values* values = nullptr;
  double mean = 0;
  bool counts = false;
  bool regressed = true;
};

bool is_count(double value) { return value >= 0 && value == std::floor(value) && value < 1e9; }

Source make_source(const MetricConfig& metric, const Values& values, bool regressed) {
  Source source{&metric, &values, 0, true, regressed};
  stats::Moments moments;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    moments.add(value);
    source.counts = source.counts && is_count(value);
  }
  source.mean = moments.mean();
  return source;
}

double scale_count(double count, double factor, stats::Stream& stream) {
  const auto whole = static_cast<std::int64_t>(count);
  if (whole == 0 || factor <= 0) return 0;
  if (factor < 1) {
    boost::random::binomial_distribution<std::int64_t> thinned(whole, factor);
    return static_cast<double>(thinned(stream));
  }
  if (factor == 1) return count;
  boost::random::poisson_distribution<std::int64_t> more(count * (factor - 1));
  return count + static_cast<double>(more(stream));
}

std::vector<std::size_t> draw_rows(std::size_t rows, std::size_t points, std::size_t block,
                                   stats::Stream& stream) {
  std::vector<std::size_t> drawn;
  while (drawn.size() < points) {
    const std::size_t start = stream.below(rows);
    for (std::size_t i = 0; i < block && drawn.size() < points; ++i) {
      drawn.push_back((start + i) % rows);
    }
  }
  return drawn;
}

Values draw_series(const Source& source, const std::vector<std::size_t>& rows, double traffic,
                   double change, stats::Stream& stream) {
  Values values;
  values.reserve(rows.size());
  for (const std::size_t row : rows) {
    const double value = (*source.values)[row];
    if (!std::isfinite(value)) {
      values.push_back(value);
    } else if (source.counts) {
      values.push_back(scale_count(value, traffic * change, stream));
    } else {
      values.push_back((source.mean + (value - source.mean) / std::sqrt(traffic)) * change);
    }
  }
  return values;
}

/// Factor by which a regressed metric changes for the worse.
double worsened(const Source& source, double regression) {
  if (!source.regressed) return 1;
  return source.metric->direction == Direction::decrease ? 1 - regression : 1 + regression;
}

std::vector<Source> make_sources(const CanaryConfig& config,
                                 const std::map<std::string, Values>& baseline,
                                 const std::vector<std::string>& regressed) {
  std::vector<std::string> names;
  std::vector<Source> sources;
  for (const MetricConfig& metric : config.metrics) {
    names.push_back(metric.name);
    const auto found = baseline.find(metric.name);
    if (found == baseline.end() || found->second.empty()) continue;
    const bool worse = regressed.empty() || std::find(regressed.begin(), regressed.end(),
                                                      metric.name) != regressed.end();
    sources.push_back(make_source(metric, found->second, worse));
  }
  for (const std::string& name : regressed) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const auto near = config::nearest(name, names);
    throw InputError(fmt::format("no metric \"{}\" to regress{}", name,
                                 near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
  }
  const bool any = std::any_of(sources.begin(), sources.end(), [](const Source& source) {
    return std::any_of(source.values->begin(), source.values->end(),
                       [](double value) { return std::isfinite(value); });
  });
  if (!any) throw InputError("no metric has baseline data to simulate from");
  return sources;
}

Values first(const Values& values, std::size_t count) {
  return {values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count)};
}

/// The verdict on all points, unless one on fewer has failed.
CanaryVerdict look(const CanaryConfig& config, const std::map<std::string, Series>& series,
                   std::size_t points, std::size_t every) {
  for (std::size_t held = every; every > 0 && held < points; held += every) {
    std::map<std::string, Series> so_far;
    for (const auto& [name, one] : series) {
      so_far[name].baseline = first(one.baseline, held);
      so_far[name].canary = first(one.canary, held);
    }
    if (judge(config, so_far).scores.verdict == CanaryVerdict::fail) return CanaryVerdict::fail;
  }
  return judge(config, series).scores.verdict;
}

CanaryVerdict run_trial(const CanaryConfig& config, const std::vector<Source>& sources,
                        const PowerRow& row, const PowerSettings& settings, std::size_t block,
                        stats::Stream& stream) {
  const std::size_t length = sources.front().values->size();
  const auto of_baseline = draw_rows(length, row.points, block, stream);
  const auto of_canary = draw_rows(length, row.points, block, stream);
  std::map<std::string, Series> series;
  for (const Source& source : sources) {
    Series& one = series[source.metric->name];
    one.baseline = draw_series(source, of_baseline, row.traffic, 1, stream);
    one.canary =
        draw_series(source, of_canary, row.traffic, worsened(source, row.regression), stream);
  }
  return look(config, series, row.points, settings.look);
}

}  // namespace

std::vector<PowerRow> simulate_power(const CanaryConfig& config,
                                     const std::map<std::string, Values>& baseline,
                                     const PowerSettings& settings,
                                     const std::function<void(double)>& progress) {
  const std::vector<Source> sources = make_sources(config, baseline, settings.regressed);
  const std::size_t length = sources.front().values->size();
  for (const Source& source : sources) assert(source.values->size() == length);
  const std::size_t block =
      settings.block > 0
          ? settings.block
          : static_cast<std::size_t>(std::ceil(std::cbrt(static_cast<double>(length))));
  std::vector<PowerRow> rows;
  for (const std::size_t points : settings.points) {
    for (const double traffic : settings.traffic) {
      for (const double regression : settings.regressions) {
        rows.push_back({points, traffic, regression, 0, 0, 0, 0});
      }
    }
  }
  double done = 0;
  for (PowerRow& row : rows) {
    // A stream per row and trial: asking for another row leaves the others' numbers as they are.
    const std::string name = fmt::format("power/{}/{}/{}", row.points, row.traffic, row.regression);
    for (int trial = 0; trial < settings.trials; ++trial) {
      stats::Stream stream(settings.seed, static_cast<std::uint64_t>(trial), name);
      const CanaryVerdict verdict = run_trial(config, sources, row, settings, block, stream);
      ++(verdict == CanaryVerdict::pass           ? row.passed
         : verdict == CanaryVerdict::marginal     ? row.marginal
         : verdict == CanaryVerdict::inconclusive ? row.inconclusive
                                                  : row.failed);
    }
    done += 1;
    if (progress) progress(done / static_cast<double>(rows.size()));
  }
  return rows;
}

}  // namespace rehearse::rollout

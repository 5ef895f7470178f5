#include "drift/detectors.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "base/config.hpp"
#include "base/error.hpp"
#include "drift/adwin.hpp"
#include "drift/cumulative_detectors.hpp"
#include "drift/detector_parameters.hpp"
#include "drift/error_detectors.hpp"
#include "drift/kswin.hpp"

namespace rehearse::drift {
namespace {

constexpr double kAny = std::numeric_limits<double>::max();
constexpr double kTiny = std::numeric_limits<double>::min();

Direction read_mode(ParameterReader& reader) {
  const std::string mode = reader.choice("mode", "both", {"up", "down", "both"});
  return mode == "up" ? Direction::up : mode == "down" ? Direction::down : Direction::both;
}

std::unique_ptr<Detector> make_adwin(ParameterReader& reader) {
  AdwinParameters p;
  p.delta = reader.number("delta", p.delta, kTiny, 1);
  p.clock = reader.integer("clock", p.clock, 1);
  p.max_buckets = reader.integer("max_buckets", p.max_buckets, 2);
  p.min_window_length = reader.integer("min_window_length", p.min_window_length, 1);
  p.grace_period = reader.integer("grace_period", p.grace_period, 1);
  return std::make_unique<Adwin>(p);
}

std::unique_ptr<Detector> make_page_hinkley(ParameterReader& reader) {
  PageHinkleyParameters p;
  p.min_instances = reader.integer("min_instances", p.min_instances, 1);
  p.delta = reader.number("delta", p.delta, 0, kAny);
  p.threshold = reader.number("threshold", p.threshold, 0, kAny);
  p.alpha = reader.number("alpha", p.alpha, 0, 1);
  p.mode = read_mode(reader);
  return std::make_unique<PageHinkley>(p);
}

std::unique_ptr<Detector> make_cusum(ParameterReader& reader) {
  CusumParameters p;
  p.min_instances = reader.integer("min_instances", p.min_instances, 2);
  p.slack = reader.number("slack", p.slack, 0, kAny);
  p.threshold = reader.number("threshold", p.threshold, 0, kAny);
  p.mode = read_mode(reader);
  return std::make_unique<Cusum>(p);
}

std::unique_ptr<Detector> make_ddm(ParameterReader& reader) {
  DdmParameters p;
  p.warm_start = reader.integer("warm_start", p.warm_start, 0);
  p.warning_threshold = reader.number("warning_threshold", p.warning_threshold, 0, kAny);
  p.drift_threshold = reader.number("drift_threshold", p.drift_threshold, 0, kAny);
  return std::make_unique<Ddm>(p);
}

std::unique_ptr<Detector> make_eddm(ParameterReader& reader) {
  EddmParameters p;
  p.warm_start = reader.integer("warm_start", p.warm_start, 0);
  p.alpha = reader.number("alpha", p.alpha, 0, 1);
  p.beta = reader.number("beta", p.beta, 0, 1);
  return std::make_unique<Eddm>(p);
}

std::unique_ptr<Detector> make_hddm_a(ParameterReader& reader) {
  HddmParameters p;
  p.drift_confidence = reader.number("drift_confidence", p.drift_confidence, kTiny, 1);
  p.warning_confidence = reader.number("warning_confidence", p.warning_confidence, kTiny, 1);
  p.two_sided_test = reader.boolean("two_sided_test", p.two_sided_test);
  return std::make_unique<HddmA>(p);
}

std::unique_ptr<Detector> make_kswin(ParameterReader& reader) {
  KswinParameters p;
  p.alpha = reader.number("alpha", p.alpha, 0, 1);
  p.window_size = reader.integer("window_size", p.window_size, 2);
  p.stat_size = reader.integer("stat_size", p.stat_size, 1);
  p.seed = reader.integer("seed", p.seed, 0);
  if (p.window_size < 2 * p.stat_size) {
    throw InputError(fmt::format(
        "detector kswin: window_size = {} is too small to draw stat_size = {} values from what is "
        "older than the newest {}; at least {} is due",
        p.window_size, p.stat_size, p.stat_size, 2 * p.stat_size));
  }
  return std::make_unique<Kswin>(p);
}

using Maker = std::unique_ptr<Detector> (*)(ParameterReader&);

const std::map<std::string, Maker>& makers() {
  static const std::map<std::string, Maker> all = {
      {"adwin", make_adwin}, {"page-hinkley", make_page_hinkley},
      {"cusum", make_cusum}, {"ddm", make_ddm},
      {"eddm", make_eddm},   {"hddm-a", make_hddm_a},
      {"kswin", make_kswin}};
  return all;
}

}  // namespace

bool Detector::update(double value) {
  if (drift_) {
    drift_ = warning_ = false;
    reset();
  }
  step(value);
  return drift_;
}

std::unique_ptr<Detector> make_detector(const std::string& name,
                                        const DetectorParameters& parameters) {
  const auto found = makers().find(name);
  if (found == makers().end()) {
    const auto near = config::nearest(name, detector_names());
    throw InputError(fmt::format("no detector \"{}\"; there are {}{}", name,
                                 fmt::join(detector_names(), ", "),
                                 near ? fmt::format(" (did you mean {}?)", *near) : ""));
  }
  ParameterReader reader(name, parameters);
  std::unique_ptr<Detector> detector = found->second(reader);
  reader.done();
  return detector;
}

const std::vector<std::string>& detector_names() {
  static const std::vector<std::string> names = {"adwin", "page-hinkley", "cusum", "ddm",
                                                 "eddm",  "hddm-a",       "kswin"};
  return names;
}

bool takes(const std::string& name, double value) {
  if (name == "ddm" || name == "eddm") return value == 0 || value == 1;
  return name != "hddm-a" || (value >= 0 && value <= 1);
}

Signals scan(Detector& detector, const std::vector<double>& values) {
  Signals signals;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (detector.update(values[i])) signals.drifts.push_back(i);
    if (detector.warning()) signals.warnings.push_back(i);
  }
  return signals;
}

}  // namespace rehearse::drift

// Detectors that watch a stream of numbers and say when it has changed.
//
// Their rules are those of the River library (Montiel et al. 2021), whose names and parameters they
// keep, so that indices can be compared one for one. A detector that has signalled drift is reset
// completely at the start of the next update, which then takes its value as the first one; two
// drifts are at least a warm-up apart.
//
//   adwin         Bifet and Gavalda 2007: window of exponential buckets, cut where means differ
//   page-hinkley  Page 1954: cumulative distance from the running mean against its extreme
//   cusum         two-sided tabular CUSUM on a frozen mean and deviation
//   ddm           Gama et al. 2004: error rate against its best; input 0/1, 1 is an error
//   eddm          Baena-Garcia et al. 2006: distance between errors; input 0/1
//   hddm-a        Frias-Blanco et al. 2015: Hoeffding bound on averages; input in [0, 1]
//   kswin         Raab et al. 2020: Kolmogorov-Smirnov test of the newest values against a draw
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace rehearse::drift {

class Detector {
 public:
  virtual ~Detector() = default;

  /// Feeds the next value; true when it signals drift.
  bool update(double value);

  bool drift() const { return drift_; }
  /// A level below drift that ddm, eddm and hddm-a also have.
  bool warning() const { return warning_; }

 protected:
  virtual void reset() = 0;
  virtual void step(double value) = 0;

  bool drift_ = false;
  bool warning_ = false;
};

/// Parameters as text by name, for example {"delta", "0.002"}; those absent have River's default.
using DetectorParameters = std::map<std::string, std::string>;

/// Throws InputError for an unknown name, parameter or value, naming the nearest known.
std::unique_ptr<Detector> make_detector(const std::string& name,
                                        const DetectorParameters& parameters = {});

const std::vector<std::string>& detector_names();

/// Whether a detector of this name is made for a value: ddm and eddm take 0 and 1, hddm-a what lies
/// between. It does not check what it is fed.
bool takes(const std::string& name, double value);

/// 0-based indices at which a detector signals over a whole series.
struct Signals {
  std::vector<std::size_t> drifts;
  std::vector<std::size_t> warnings;
};

Signals scan(Detector& detector, const std::vector<double>& values);

}  // namespace rehearse::drift

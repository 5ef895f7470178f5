// The service as exploration holds it: what it depends on from here, and background work begun when
// the driver says.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/fingerprint.hpp"
#include "mds/service/service.hpp"

namespace rehearse::mds {

/// What a driver knows about what is to come, for ServiceProbe::fingerprint.
class Outlook {
 public:
  virtual ~Outlook() = default;
  /// A number for the answer that `path` of the source had at `at`: two moments at which a source
  /// would have given the same answer are the same to whoever only asks what was read then.
  virtual std::uint64_t moment(SourceIndex source, std::string_view path, Time at) const = 0;

  bool limits_bind = true;  ///< concurrency, batches or the queue may make work wait
  bool gives_up = true;     ///< calls may fail so often that a job is given up
};

/// Parts of a service's fingerprint, for who wants to know what a step can look at.
struct JobPrint {
  SourceIndex source;
  std::string path;  ///< of a listing: the list's
  bool listing = false;
  Fingerprint print;
};
struct ServiceParts {
  Fingerprint whole;  ///< what they and the rest sum up to: ServiceProbe::fingerprint
  std::vector<JobPrint> jobs;
  Fingerprint enrichment;         ///< what is unasked and failed, and whether a pass is under way
  std::set<std::string> unasked;  ///< stubs that a pass will ask for
  bool asks = false;              ///< the next pass will ask for something
  bool passing = false;
  std::size_t outstanding = 0;  ///< answers that the pass waits for
};

/// Looks into a service and changes nothing.
class ServiceProbe {
 public:
  /// REQUIRES: `service` outlives the probe.
  explicit ServiceProbe(const Service& service) : service_(service) {}

  /// True when an enrichment tick would do anything.
  bool enrichment_has_work() const;
  /// True when an enrichment tick would change anything: something is marked, a stub has not been
  /// asked for, or one is to be asked for again. REQUIRES: EnrichmentConfig::every is not set.
  bool enrichment_due() const;
  /// True when rows wait for an index that follows the facts and is there.
  bool indexing_has_work() const;
  /// True while a round of reconciliation has ids left to list, queue or fetch.
  bool reconciling() const;
  /// Of all that the future depends on, the store's part included (probe.cpp says what that is and
  /// why).
  Fingerprint fingerprint(const Outlook& outlook) const;
  ServiceParts fingerprint_parts(const Outlook& outlook) const;

 private:
  const Service& service_;
};

/// Begins background work of a service now, whatever its settings say.
class ServiceStepper {
 public:
  /// REQUIRES: `service` outlives the stepper.
  explicit ServiceStepper(Service& service) : service_(service) {}

  void enrich(Time now);     ///< an enrichment tick
  void index(Time now);      ///< all rows that wait for an index that is there
  void reconcile(Time now);  ///< a round of reconciliation, without spreading it over a period

 private:
  Service& service_;
};

}  // namespace rehearse::mds

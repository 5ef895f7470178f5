// What can be seen from where a system stands: the parts of its fingerprint, by the document that
// they belong to. Whoever asks what a step looks at or leaves alone asks here.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "explore/system/system.hpp"

namespace rehearse::explore {

struct Vantage {
  explicit Vantage(const System& system);

  const Branch& branch;
  mds::ServiceParts parts;
  Fingerprint whole;                 ///< System::fingerprint
  std::vector<Fingerprint> jobs;     ///< by document
  std::vector<Fingerprint> waiting;  ///< delivered and not acknowledged, by document
  std::map<std::pair<std::size_t, std::string>, Fingerprint> lists;  ///< by source and path
  Fingerprint all_jobs;
  Fingerprint store;
};

}  // namespace rehearse::explore

// Keeps what fills the graph before time 0, for those who want it in one piece: it hears the
// transactions until the run starts, and the recorder and the trace from then on.
#pragma once

#include <vector>

#include "models/host/happening.hpp"

namespace rehearse::experiments {

struct Filling {
  void on(const mds::TxReport& report, Time) { reports.push_back(report); }

  std::vector<mds::TxReport> reports;
};

}  // namespace rehearse::experiments

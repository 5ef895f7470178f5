// The results of a run for a reader at a terminal, 80 columns wide: the expectations first, each
// with pass or FAIL, then how a lifecycle went where there is one, then the key figures by subject
// with their units, then what did not converge and why.
#pragma once

#include <cstddef>
#include <string>

#include "reports/summary.hpp"

namespace rehearse::reports {

struct TextOptions {
  bool colour = false;           ///< for terminals only
  std::size_t divergences = 10;  ///< list at most as many of each kind
};

std::string text_summary(const RunResult& result, const TextOptions& options);

}  // namespace rehearse::reports

// junit.xml: each expectation as a test case, for continuous integration. It holds no times and no
// machine names, so two runs of a scenario give the same bytes.
#pragma once

#include <string>

#include "reports/summary.hpp"

namespace rehearse::reports {

std::string junit_xml(const RunResult& result);

}  // namespace rehearse::reports

#include "reports/junit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/number_text.hpp"
#include "base/text/xml.hpp"

namespace rehearse::reports {

std::string junit_xml(const RunResult& result) {
  const auto failures =
      std::count_if(result.expectations.begin(), result.expectations.end(),
                    [](const measure::ExpectationResult& e) { return !e.passed; });
  const std::string scenario = xml_text(result.scenario);
  std::string xml = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites tests=\"{0}\" failures=\"{1}\" errors=\"0\">\n"
      "  <testsuite name=\"{2}\" tests=\"{0}\" failures=\"{1}\" errors=\"0\" skipped=\"0\">\n",
      result.expectations.size(), failures, scenario);
  for (const measure::ExpectationResult& e : result.expectations) {
    const std::string bound = bound_text(e.expectation);
    xml += fmt::format("    <testcase classname=\"{}\" name=\"{}\"", scenario,
                       xml_text(e.expectation.metric + " " + bound));
    if (e.passed) {
      xml += "/>\n";
      continue;
    }
    xml += fmt::format(">\n      <failure message=\"{}\">seed {}</failure>\n    </testcase>\n",
                       xml_text(fmt::format("{} is {}, expected {}", e.expectation.metric,
                                            number_text(e.value), bound)),
                       result.seed);
  }
  return xml + "  </testsuite>\n</testsuites>\n";
}

}  // namespace rehearse::reports

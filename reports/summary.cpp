#include "reports/summary.hpp"

#include <fmt/format.h>

#include "base/text/number_text.hpp"

namespace rehearse::reports {

std::string summary_json(const RunResult& result) {
  std::vector<std::string> metrics;
  for (const auto& [name, value] : result.metrics) {
    metrics.push_back(json_string(name) + ": " + number_text(value));
  }
  std::vector<std::string> expectations;
  for (const measure::ExpectationResult& e : result.expectations) {
    expectations.push_back(result_json(e));
  }
  const auto lines = [](const std::vector<std::string>& items, const char* open,
                        const char* close) {
    if (items.empty()) return std::string(open) + close;
    return fmt::format("{}\n    {}\n  {}", open, fmt::join(items, ",\n    "), close);
  };
  return fmt::format(
      "{{\n  \"scenario\": {},\n  \"seed\": {},\n  \"version\": {},\n"
      "  \"metrics\": {},\n  \"expectations\": {},\n  \"divergences\": {},\n"
      "  \"digest\": \"{:016x}\"\n}}\n",
      json_string(result.scenario), result.seed, json_string(result.version),
      lines(metrics, "{", "}"), lines(expectations, "[", "]"), divergences_json(result.audit),
      result.digest);
}

}  // namespace rehearse::reports

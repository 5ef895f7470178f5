#include "reports/summary.hpp"

#include <fmt/format.h>

#include "base/text/json_writer.hpp"

namespace rehearse::reports {

using Layout = JsonWriter::Layout;

std::string summary_json(const RunResult& result) {
  JsonWriter json;
  json.object(Layout::lines).member("scenario", result.scenario).member("seed", result.seed);
  json.member("version", result.version);
  json.key("metrics").object(Layout::lines);
  for (const auto& [name, value] : result.metrics) json.member(name, value);
  json.end().key("expectations").array(Layout::lines);
  for (const measure::ExpectationResult& e : result.expectations) write(json, e);
  json.end().key("divergences").json(divergences_json(result.audit));
  return json.member("digest", fmt::format("{:016x}", result.digest)).end().take();
}

}  // namespace rehearse::reports

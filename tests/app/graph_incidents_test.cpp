// The incidents of the graph: each fails its expectations as written, `explain` and the divergences
// name its cause, and its fixed twin passes.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "base/text/clock_text.hpp"
#include "command_line.hpp"
#include "fixtures.hpp"
#include "incident_library.hpp"

using nlohmann::json;
using rehearse::test::expectations_of;
using rehearse::test::kFixed;
using rehearse::test::read_file;
using rehearse::test::run_rehearse;
using rehearse::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

/// How an incident shows in `explain`.
struct Incident {
  std::string name;
  /// What to explain: arguments; empty: the first divergence of the summary; "changed": what a
  /// source changed last, two minutes before `at`.
  std::vector<std::string> subject;
  std::string at;        ///< empty: the end
  std::string cause;     ///< the words before the colon
  std::string sentence;  ///< a regular expression found in the last sentence
  /// A copy that was fresh until it was overwritten or removed, and has been stale since.
  std::string lost = {};
};

/// What a source changed last before a time in seconds.
std::string changed_before(const fs::path& out, double seconds) {
  std::ifstream trace(out / "trace.jsonl");
  std::string uri;
  for (std::string line; std::getline(trace, line);) {
    const json record = json::parse(line);
    if (record.value("at", 0.0) > seconds * 1e9) break;
    if (record.value("kind", "") == "change") uri = record.at("uri");
  }
  return uri;
}

/// The first divergence that an explanation can be asked for, as arguments.
std::vector<std::string> subject_of(const json& divergence) {
  if (divergence.contains("edge")) {
    const json& edge = divergence.at("edge");
    if (edge.is_object()) return {edge.at("from"), edge.at("relation"), edge.at("to")};
  }
  if (divergence.contains("question")) return {divergence.at("question").at("entity")};
  return {divergence.at(divergence.contains("index") ? "index" : "entity")};
}

void check_explanation(const Incident& incident, const fs::path& out) {
  const json divergences = json::parse(read_file(out / "summary.json")).at("divergences");
  std::vector<std::string> subject = incident.subject;
  json divergence;
  if (subject.empty()) {
    REQUIRE_FALSE(divergences.empty());
    divergence = divergences.front();
    subject = subject_of(divergence);
  } else if (subject.front() == "changed") {
    subject = {changed_before(out, std::stod(incident.at) - 120)};
  }
  std::vector<std::string> arguments = {"explain", out.string()};
  arguments.insert(arguments.end(), subject.begin(), subject.end());
  arguments.insert(arguments.end(), {"--format", "json"});
  if (!incident.at.empty()) arguments.insert(arguments.end(), {"--at", incident.at + "s"});
  const auto finished = run_rehearse(arguments);
  INFO(finished.err);
  REQUIRE(finished.status == 0);
  const json told = json::parse(finished.out);
  const std::string sentence = told.at("sentence");
  INFO(told.at("cause").get<std::string>() << "\n" << sentence);
  CHECK_THAT(told.at("cause").get<std::string>(), Catch::StartsWith(incident.cause + ": "));
  CHECK(std::regex_search(sentence, std::regex(incident.sentence)));
  if (!divergence.is_null()) CHECK(told.at("cause") == divergence.at("cause"));
  if (incident.at.empty() && divergence.is_null()) {  // also among the divergences
    CHECK(std::any_of(divergences.begin(), divergences.end(),
                      [&](const json& listed) { return listed.at("cause") == told.at("cause"); }));
  }
}

json explained_at(const fs::path& out, const std::string& uri, std::int64_t nanoseconds) {
  const std::string at = rehearse::clock_text({nanoseconds});
  const auto finished =
      run_rehearse({"explain", out.string(), uri, "--at", at, "--format", "json"});
  INFO(finished.err);
  REQUIRE(finished.status == 0);
  return json::parse(finished.out);
}

/// The moment that the divergence and the sentence give is the one at which the copy ceased to be
/// fresh.
void check_begin(const fs::path& out, const std::string& uri) {
  INFO(uri);
  const json divergences = json::parse(read_file(out / "summary.json")).at("divergences");
  const auto found =
      std::find_if(divergences.begin(), divergences.end(),
                   [&uri](const json& listed) { return listed.value("entity", "") == uri; });
  REQUIRE(found != divergences.end());
  const auto since = std::llround(found->at("since").get<double>() * 1e9);
  const json before = explained_at(out, uri, since - 1);
  CHECK(before.at("state") == "fresh");
  const json then = explained_at(out, uri, since);
  CHECK(then.at("state") == "stale");
  CHECK(then.at("since") == found->at("since"));
  const std::int64_t whole = since - since % 1'000'000;  // sentences give milliseconds
  CHECK_THAT(then.at("sentence").get<std::string>(),
             Catch::StartsWith("stale since " + rehearse::clock_text({whole}) + ": "));
}

void check_incident(const Incident& incident) {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  const json written = expectations_of(incident.name, 1, {"--out", out.string(), "--trace"});
  const json fixed = expectations_of(incident.name + kFixed, 0);
  REQUIRE(written.size() == fixed.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    CHECK(written[i].at("metric") == fixed[i].at("metric"));
    CHECK(written[i].at("bound") == fixed[i].at("bound"));
  }
  check_explanation(incident, out);
  if (!incident.lost.empty()) check_begin(out, incident.lost);
}

}  // namespace

// One test per incident: its name, and how `explain` tells it.
#define INCIDENT(id, title, ...)                                                              \
  static const bool listed_##id = rehearse::test::explained_incidents().insert(title).second; \
  TEST_CASE("the incident " title " fails as written, is explained, and passes when fixed") { \
    REQUIRE(listed_##id);                                                                     \
    check_incident({title, __VA_ARGS__});                                                     \
  }

INCIDENT(cache, "negative-cache-poisoning", {}, "", "query cache",
         "\"downstream\", asked at .*, missed aip://feature/feature-store/watch-time: the cache "
         "served the answer of 00:01:00")
INCIDENT(edge, "deleted-edge-served-from-cache", {"aip://dataset/datasets/plays"}, "1500",
         "query cache",
         "held aip://feature/feature-store/watch-time, no longer true: the cache served the answer "
         "of 00:21:30")
INCIDENT(lag, "index-lags-behind-facts", {"aip://model/registry/ranking-v5"}, "660", "index lag",
         "the search index is not since 00:10:00.*: the index row for version 2 waits")
INCIDENT(lost, "lost-last-event", {}, "", "lost event",
         "event \\d+ for version \\d+ was dropped; no later event or reconciliation touched it")
INCIDENT(race, "concurrent-hydrations", {}, "", "raced response",
         "call \\d+, sent at .* and answered last, overwrote version \\d+ with the older version",
         "aip://dataset/datasets/dataset-000033")
INCIDENT(listing, "partial-listing-mass-deletion", {}, "", "unlisted",
         "reconciliation removed it at 00:06:40: the listing of its source did not hold it, as its "
         "page \\(call 227 at 00:02:32\\) was answered without items",
         "aip://user/identity/user-015200")
INCIDENT(pages, "unstable-pagination", {}, "", "gave up",
         "no event announced version 1, and the fetch that came without one failed for good: "
         "status 429")
INCIDENT(tombstones, "tombstones-ignored", {}, "", "silent source", "no event announced version 2")
INCIDENT(reindex, "reindex-adds-never-removes", {"aip://model/registry/retired"}, "",
         "lost index row",
         "the index row for the deletion was lost at 01:10:01[.0-9]* while the index was away, and "
         "nothing "
         "has written it since")
INCIDENT(storm, "retry-storm", {"changed"}, "1500", "retrying",
         "attempt \\d+ after event \\d+ for version \\d+ failed at 00:2[45]:.*: no answer")
INCIDENT(replay, "index-outage-and-replay", {"aip://dataset/datasets/orders"}, "10800",
         "lost index row",
         "the index row for version 2 was lost at 01:30:01[.0-9]* while the index was away")
INCIDENT(basis, "derived-edge-outlives-its-basis", {}, "", "outdated",
         "version \\d+ of aip://.*, which ended the edge, reached the graph at .*, but enrichment "
         "\\(transaction \\d+ at .*\\) did not retract the edge: it retracts nothing")
INCIDENT(reads, "enrichment-read-amplification", {"changed"}, "1800", "in flight",
         "the call after event \\d+ for version \\d+ had no answer at 00:30:00")
// The delay of a minute lets single announcements overtake each other, too; this one came twice.
INCIDENT(duplicate, "duplicate-delivery", {"aip://dataset/datasets/dataset-000022"}, "",
         "outdated payload",
         "event \\d+, delivered again at .*, carried version \\d+, which overwrote version \\d+",
         "aip://dataset/datasets/dataset-000008")
INCIDENT(writer, "last-writer-wins-or-union", {}, "", "outdated payload",
         "event \\d+, delivered late at .*, carried version \\d+, which overwrote version \\d+",
         "aip://model/registry/model-instance-000002")
INCIDENT(first, "missing-first-event", {}, "", "dead letter",
         "was refused: payload refers to the unknown entity \"?aip://pipeline-run/")
INCIDENT(bursts, "producer-bursts-of-loss", {}, "", "lost event", "was dropped")
INCIDENT(backlog, "fresh-event-behind-backlog", {"aip://model/registry/urgent"}, "18300", "waiting",
         "event \\d+ for version 1 still waited for its call at 05:05:00, behind \\d{3,} calls")
INCIDENT(batch, "reordered-batch", {}, "", "outdated payload",
         "event \\d+, delivered late at .*, carried version \\d+, which overwrote version \\d+")

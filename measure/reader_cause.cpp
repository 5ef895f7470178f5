#include "measure/reader_cause.hpp"

#include <fmt/format.h>

#include <cassert>

namespace rehearse::measure {
namespace {

std::string shown_state(const Freshness& freshness, std::uint32_t document) {
  return freshness.live(document) ? fmt::format("version {}", freshness.copy_version(document))
                                  : "the deletion";
}

/// "missed X" or "held X, which is no longer true", and how many more.
std::string wrong_part(const world::Verdict& verdict) {
  const bool missed = !verdict.missed.empty();
  const std::vector<std::string>& uris = missed ? verdict.missed : verdict.outdated;
  std::string text = (missed ? "missed " : "held ") + uris.front();
  if (uris.size() > 1) text += fmt::format(" and {} more", uris.size() - 1);
  if (!missed) text += ", no longer true";
  return text;
}

}  // namespace

Cause find_index_cause(const Recorder& recorder, std::uint32_t document) {
  const IndexLog::Row& row = recorder.index().rows().at(document);
  const std::string state = shown_state(recorder.freshness(), document);
  if (row.lost) {
    const bool crash = recorder.service().restarted_at() == row.lost_at;
    return {"lost index row",
            fmt::format("the index row for {} was lost at {} {}, and nothing has written it since",
                        state, cause_clock(row.lost_at),
                        crash ? "with the service's memory" : "while the index was away")};
  }
  if (const auto away = recorder.service().index_away_since()) {
    return {"index away", fmt::format("the index row for {} waits since {}: the index is away "
                                      "since {}",
                                      state, cause_clock(row.since), cause_clock(*away))};
  }
  return {"index lag", fmt::format("the index row for {} waits since {}: the index follows the "
                                   "facts with a lag",
                                   state, cause_clock(row.since))};
}

Cause find_answer_cause(const Recorder& recorder, const AnswerLog::Answer& answer) {
  const auto& [question, verdict, cached, occasion] = answer.asked;
  assert(verdict.wrong());
  const std::string said = fmt::format("\"{}\", asked at {}, {}", question.ask,
                                       cause_clock(answer.at), wrong_part(verdict));
  if (cached) {
    return {"query cache",
            fmt::format("{}: the cache served the answer of {}", said, cause_clock(*cached))};
  }
  const auto document = recorder.document(question.entity);
  if (question.ask == "find" && document && recorder.index().rows().contains(*document)) {
    const Cause index = find_index_cause(recorder, *document);
    return {index.kind, said + ": " + index.reason};
  }
  for (const std::vector<std::string>* uris : {&verdict.missed, &verdict.outdated}) {
    for (const std::string& uri : *uris) {
      const auto other = recorder.document(uri);
      if (!other || recorder.freshness().fresh(*other)) continue;
      const Cause stale = find_cause(recorder, *other, cause_clock(answer.at));
      return {"stale entity",
              fmt::format("{}: {} differed from the truth: {}", said, uri, stale.reason)};
    }
  }
  return {"graph behind", said + ": that was what the graph held"};
}

}  // namespace rehearse::measure

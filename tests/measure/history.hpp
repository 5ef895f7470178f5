// Short words for the histories that the tests of reports tell to a recorder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "mds/contract/event.hpp"
#include "mds/contract/notice.hpp"
#include "mds/store/store.hpp"
#include "measure/recorder.hpp"
#include "world/world.hpp"

namespace rehearse::test {

constexpr Time at(std::int64_t seconds) { return Time{} + Duration::seconds(seconds); }

/// The document existed before the run; its fact hash is `facts`.
inline world::Truth truth(const std::string& uri, std::int64_t version, std::uint64_t facts) {
  return {uri, "Dataset", true, version, Time{}, facts};
}

/// A number of its own for each URI of these tests, whose last letters differ.
inline world::Slot slot_of(const std::string& uri) {
  return static_cast<unsigned char>(uri.back());
}

/// A creation or an update; with facts 0 a deletion.
inline world::Change change(std::uint64_t number, std::int64_t seconds, const std::string& uri,
                            std::int64_t version, std::uint64_t facts) {
  world::Change c;
  c.number = number;
  c.at = at(seconds);
  c.op = facts == 0 ? world::Op::remove : world::Op::update;
  c.entity = slot_of(uri);
  c.uri = uri;
  c.type = "Dataset";
  c.version = version;
  c.facts = facts;
  return c;
}

inline void tell(measure::Recorder& recorder, const world::Change& change,
                 const world::EdgeDelta& edges = {}) {
  recorder.on(models::Changed{change, edges}, change.at);
}

struct Copy {
  std::string uri;
  std::int64_t version = 0;
  std::uint64_t facts = 0;
};

/// A transaction after which the graph has these documents; with facts 0 it has dropped one.
inline mds::TxReport copies(const std::vector<Copy>& documents) {
  mds::TxReport report;
  for (const Copy& d : documents) {
    report.documents.push_back({d.uri, "Dataset", d.facts != 0, d.version, d.facts});
  }
  return report;
}

inline mds::Notice notice(mds::Notice::Kind kind, std::uint64_t event, const std::string& uri,
                          const std::string& detail = "") {
  mds::Notice n;
  n.kind = kind;
  n.event = {event};
  n.uri = uri;
  n.detail = detail;
  return n;
}

inline mds::SourceRequest call(std::uint64_t id, const std::string& uri) {
  mds::SourceRequest request;
  request.id = {id};
  request.uri = uri;
  return request;
}

}  // namespace rehearse::test

// The story of a version of a model: why it was trained, what it passed, what ended it.
//
// It is told by the records of a lifecycle in a trace: those that concern the version, those of the
// pointer that came to it or left it, and whatever led to any of them, back to the origins. One
// sentence says the same in short.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lifecycle/lineage.hpp"
#include "measure/instance_name.hpp"
#include "reports/explain_story.hpp"

namespace rehearse::reports {

class VersionStory {
 public:
  /// Of the instance of that URI; of nothing where it is none.
  explicit VersionStory(std::string_view uri) : name_(measure::instance_named(uri)) {}

  void on(const lifecycle::Record& record, Time now);

  /// Something has concerned the version.
  bool begun() const { return !mine_.empty(); }
  /// Each ends with the number of its record and that of the one that led to it.
  std::vector<StoryLine> lines() const;
  /// REQUIRES: begun().
  std::string sentence() const;

 private:
  using Record = lifecycle::Record;

  bool concerns(const Record& record) const;
  const Record& origin_of(const Record& record) const;
  std::string begin() const;
  std::string passed() const;
  std::string served() const;
  std::string end_of_serving(const Record& pointer) const;
  std::string end_before_serving() const;

  std::optional<measure::InstanceName> name_;
  std::map<lifecycle::RecordId, Record> records_;  // all, for what led to what
  std::vector<const Record*> mine_;
};

}  // namespace rehearse::reports

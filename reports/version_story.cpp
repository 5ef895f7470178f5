#include "reports/version_story.hpp"

#include <fmt/format.h>

#include <cassert>
#include <set>

#include "measure/cause.hpp"

namespace rehearse::reports {
namespace {

using lifecycle::Record;
using lifecycle::RecordId;
using lifecycle::What;

std::string clock(Time time) { return measure::cause_clock(time); }

std::string version_name(std::int64_t version) { return "v" + std::to_string(version); }

std::string moment(const Record& record) {
  return record.detail.empty() ? "at " + clock(record.at)
                               : fmt::format("at {} ({})", clock(record.at), record.detail);
}

/// What can be at the beginning of everything.
std::string origin_text(const Record& origin) {
  switch (origin.what) {
    case What::alert:
      return "after an alert " + moment(origin);
    case What::schedule:
      return "on schedule " + moment(origin);
    case What::person:
      return "because of a person " + moment(origin);
    case What::fault:
      return "after a fault " + moment(origin);
    default:
      return fmt::format("after a record \"{}\" {}", to_string(origin.what), moment(origin));
  }
}

/// Empty of what others tell as well.
std::string text_of(const Record& record) {
  switch (record.what) {
    case What::signal:
      return record.detail + " is sent";
    case What::pointer:
      return fmt::format("production goes from {} to {}{}", record.from, record.to,
                         record.detail.empty() ? "" : ": " + record.detail);
    case What::step:
      if (record.to == "canary-deploy") return "it is launched as a canary";
      if (record.to == "kayenta-analysis") return "the first router sends it traffic";
      return {};
    default:
      return record.detail;
  }
}

}  // namespace

bool VersionStory::concerns(const Record& record) const {
  if (!name_ || record.model != name_->model) return false;
  if (record.what != What::pointer) return record.version == name_->version;
  const std::string name = version_name(name_->version);
  return record.from == name || record.to == name;
}

void VersionStory::on(const Record& record, Time) {
  const Record& kept = records_.insert_or_assign(record.id, record).first->second;
  if (concerns(kept)) mine_.push_back(&kept);
}

// Back to where no cause is given, or the trace does not tell of it.
const Record& VersionStory::origin_of(const Record& record) const {
  const Record* origin = &record;
  while (true) {
    const auto cause = records_.find(origin->cause);
    if (cause == records_.end() || !(cause->first < origin->id)) return *origin;
    origin = &cause->second;
  }
}

std::vector<StoryLine> VersionStory::lines() const {
  std::set<RecordId> told;
  for (const Record* record : mine_) {
    auto next = records_.find(record->id);
    while (next != records_.end() && told.insert(next->first).second) {
      next = records_.find(next->second.cause);
    }
  }
  std::vector<StoryLine> lines;
  for (const RecordId id : told) {
    const Record& record = records_.at(id);
    std::string text = text_of(record);
    if (text.empty()) continue;
    if (record.version != 0 && record.version != name_->version && record.what != What::pointer) {
      text += ", of " + version_name(record.version);
    }
    text += record.cause ? fmt::format(" ({}, from {})", id.number, record.cause.number)
                         : fmt::format(" ({})", id.number);
    lines.push_back({record.at, to_string(record.what), std::move(text)});
  }
  return lines;
}

std::string VersionStory::begin() const {
  const Record& first = *mine_.front();
  const std::string version = fmt::format("Version {} of {}", name_->version, name_->model);
  if (first.what == What::start) return version + " was trained before the start";
  return fmt::format("{} was trained {}", version, origin_text(origin_of(first)));
}

std::string VersionStory::passed() const {
  std::string text;
  const Record* verdict = nullptr;
  for (const Record* record : mine_) {
    if (record->what == What::gate && record->detail == "passed") {
      text += "; its gates passed it at " + clock(record->at);
    } else if (record->what == What::verdict &&
               record->detail.find("shadow") != std::string::npos) {
      text += fmt::format("; at {} it {}", clock(record->at), record->detail);
    } else if (record->what == What::verdict) {
      verdict = record;
      text += fmt::format("; its canary ended {}", moment(*record));
    } else if (record->what == What::person && verdict != nullptr && record->cause == verdict->id) {
      text += fmt::format("; a person {} at {}", record->detail, clock(record->at));
    }
  }
  return text;
}

std::string VersionStory::end_of_serving(const Record& pointer) const {
  if (pointer.detail.empty()) return fmt::format("when {} was promoted", pointer.to);
  const Record& origin = origin_of(pointer);
  return fmt::format("when {} rolled it back, {}", pointer.detail, origin_text(origin));
}

std::string VersionStory::served() const {
  const std::string name = version_name(name_->version);
  std::string text;
  std::optional<Time> since;
  if (mine_.front()->what == What::start) since = mine_.front()->at;
  for (const Record* record : mine_) {
    if (record->what != What::pointer) continue;
    if (record->to == name) {
      since = record->at;
    } else if (since) {
      text += fmt::format("{} from {} to {}, {}", text.empty() ? "it served" : "; again",
                          clock(*since), clock(record->at), end_of_serving(*record));
      since.reset();
    }
  }
  if (since) {
    text += fmt::format("{} since {}", text.empty() ? "it has served" : "; again", clock(*since));
  }
  return text;
}

/// What became of a version last that never served.
std::string VersionStory::end_before_serving() const {
  for (auto one = mine_.rbegin(); one != mine_.rend(); ++one) {
    const Record& record = **one;
    const std::string when = clock(record.at);
    switch (record.what) {
      case What::run:
        return record.detail.starts_with("waits")
                   ? "it waits for a slot since " + when
                   : fmt::format("its training {} at {}", record.detail, when);
      case What::gate:
        return "its gates rejected it " + moment(record);
      case What::version:
        return record.detail == "registered" ? "it waits for its canary since " + when
                                             : fmt::format("it was {} at {}", record.detail, when);
      case What::step:
        if (record.to == "canary-deploy" || record.to == "kayenta-analysis") {
          return "its canary is under way since " + when;
        }
        break;
      case What::verdict:
        return "nothing has followed yet";
      case What::rollback:
        return fmt::format("it was taken back: {} at {}", record.detail, when);
      default:
        break;
    }
  }
  return "it has not served";
}

std::string VersionStory::sentence() const {
  assert(begun());
  const std::string spells = served();
  return begin() + passed() + "; " + (spells.empty() ? end_before_serving() : spells) + ".";
}

}  // namespace rehearse::reports

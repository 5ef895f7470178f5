#include "measure/trace_reader.hpp"

#include <new>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/config.hpp"
#include "base/error.hpp"
#include "base/text/utf8.hpp"

namespace rehearse::measure {

using nlohmann::json;

TraceReader::TraceReader(const std::filesystem::path& path)
    : name_(path.string()), file_(path, std::ios::binary), record_(std::make_unique<json>()) {
  if (!file_) {
    fail(std::filesystem::exists(path.parent_path())
             ? "there is no trace; `rehearse run SCENARIO --out DIR --trace` writes one"
             : "cannot be read: there is no such folder");
  }
  try {
    read_header();
    read_start();
  } catch (...) {
    refuse_record();
  }
}

TraceReader::~TraceReader() = default;

void TraceReader::fail(const std::string& message) const {
  throw InputError({name_, {}, line_, line_ == 0 ? std::size_t{0} : 1}, message);
}

// Says what is wrong with the line at hand. REQUIRES: an exception is being handled.
void TraceReader::refuse_record() const {
  const std::string head = "is no trace record: ";
  try {
    throw;
  } catch (const InputError&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const trace::BadRecord& error) {
    fail(head + error.what());
  } catch (const json::parse_error& error) {
    throw InputError({name_, {}, line_, error.byte}, head + "it is not JSON from here on");
  } catch (const std::exception&) {
    fail(head + "it does not follow from the records before it");
  }
}

void TraceReader::refuse_kind(std::vector<std::string_view> known) const {
  const auto near = config::nearest(kind_, {known.begin(), known.end()});
  fail("has an unknown record \"" + printable(kind_) + "\"" +
       (near ? "; did you mean " + *near + "?" : ""));
}

bool TraceReader::read_line() {
  std::string line;
  if (!std::getline(file_, line)) return false;
  ++line_;
  *record_ = json::parse(line);
  return true;
}

trace::ValueIn TraceReader::members(Time now) const { return {*record_, header_.run.sources, now}; }

void TraceReader::read_header() {
  if (!read_line()) fail("is empty");
  const trace::ValueIn line = members(Time{});
  if (!line.has("format") || line.member("format").text() != kTraceFormat) {
    fail("is no trace of Rehearse");
  }
  std::int64_t version = 0;
  line.read("version", trace::PlainForm{}, version);
  if (version != kTraceVersion) {
    fail("has format version " + std::to_string(version) + "; this program reads version " +
         std::to_string(kTraceVersion));
  }
  line.members(header_);
  const Window& window = header_.run.window;
  if (window.until <= window.begin || window.end < window.until) {
    fail("has a warm-up, duration and end that are not in this order");
  }
}

void TraceReader::read_record() {
  kind_ = members(now_).member("kind").text();
  ++records_;
}

void TraceReader::read_start() {
  while (true) {
    if (!read_line()) fail("ends before time 0");
    read_record();
    if (kind_ == "start") return;
    take_state();
  }
}

void TraceReader::take_state() {
  const trace::ValueIn record = members(Time{});
  if (kind_ == "truth") {
    world::Truth truth;
    record.members(truth);
    truth.exists = true;
    if (versions_.contains(truth.uri)) {
      throw trace::BadRecord("a second truth of one document");
    }
    check_version(truth.uri, truth.version);
    start_.truth.push_back(std::move(truth));
  } else if (kind_ == "edge") {
    record.members(start_.routes.emplace_back());
    start_.edges.push_back(start_.routes.back().edge);
  } else if (kind_ == trace::kTrace<mds::TxReport>.kind) {
    record.members(start_.bootstrap.emplace_back());
  } else {
    fail("has a record \"" + printable(kind_) + "\" before \"start\"");
  }
}

void TraceReader::check_version(const std::string& uri, std::int64_t version) {
  const auto [place, fresh] = versions_.emplace(uri, version);
  if (!fresh && version != place->second + 1) {
    fail(printable(uri, 200) + " has version " + std::to_string(version) + " after version " +
         std::to_string(place->second));
  }
  place->second = version;
}

// Entities are numbered in the order of their first change: a recorder asks for no more.
void TraceReader::accept(models::Changed& changed) {
  world::Change& change = changed.change;
  check_version(change.uri, change.version);
  const auto next = static_cast<world::Slot>(entities_.size());
  change.entity = entities_.emplace(change.uri, next).first->second;
}

// True when there is a record to tell now.
bool TraceReader::take_record(Time until) {
  if (!pending_ && !ended_) {
    if (!read_line()) fail("ends without an \"end\": it was cut off");
    read_record();
    const trace::ValueIn record = members(now_);
    if (kind_ == "end") {
      ended_ = true;
      if (record.member("records").natural() != records_ - 1) {
        fail("ends after another number of records than were written");
      }
      return false;
    }
    Time at;
    record.read("at", trace::PlainForm{}, at);
    if (at < now_ || header_.run.window.end < at) fail("has a time that is out of order");
    now_ = at;
    pending_ = true;
  }
  if (ended_ || until < now_) return false;
  pending_ = false;
  return true;
}

}  // namespace rehearse::measure

#include "measure/trace_reader.hpp"

#include <charconv>
#include <new>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/error.hpp"
#include "base/text/utf8.hpp"
#include "sim/distribution.hpp"

namespace rehearse::measure {
namespace {

using nlohmann::json;

std::uint64_t number_or_0(const json& record, const char* key) {
  return record.value(key, std::uint64_t{0});
}

std::string text_of(const json& record, const char* key) {
  return record.at(key).get<std::string>();
}

// What a record says that no trace would.
struct BadRecord : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Nanoseconds; the difference of any two fits into 64 bits.
std::int64_t nanoseconds_of(const json& record, const char* key, std::int64_t least) {
  constexpr std::int64_t kFar = 2 * sim::Distribution::kLongest.ns;
  const auto ns = record.at(key).get<std::int64_t>();
  if (ns < least || ns > kFar) throw BadRecord("\"" + std::string(key) + "\" is out of range");
  return ns;
}

Time time_of(const json& record, const char* key) { return {nanoseconds_of(record, key, 0)}; }

Duration duration_of(const json& record, const char* key) {
  return {nanoseconds_of(record, key, 0)};
}

std::uint64_t facts_of(const json& record) {
  const std::string text = text_of(record, "facts");
  constexpr int kHexadecimal = 16;
  std::uint64_t facts = 0;
  const auto [end, failed] =
      std::from_chars(text.data(), text.data() + text.size(), facts, kHexadecimal);
  if (failed != std::errc{} || end != text.data() + text.size()) {
    throw BadRecord("\"facts\" is no hash");
  }
  return facts;
}

template <class Enum>
Enum word_of(const json& record, const char* key) {
  const std::string word = text_of(record, key);
  const auto value = from_trace_word<Enum>(word);
  if (!value) throw BadRecord("unknown " + std::string(key) + " \"" + printable(word) + "\"");
  return *value;
}

std::vector<world::Edge> edges_of(const json& record, const char* key) {
  std::vector<world::Edge> edges;
  if (!record.contains(key)) return edges;
  for (const json& edge : record.at(key)) {
    edges.push_back({text_of(edge, "from"), text_of(edge, "relation"), text_of(edge, "to")});
  }
  return edges;
}

std::vector<std::string> texts_of(const json& record, const char* key) {
  return record.value(key, std::vector<std::string>{});
}

world::Route route_of(const json& edge) {
  return {{text_of(edge, "from"), text_of(edge, "relation"), text_of(edge, "to")},
          texts_of(edge, "path")};
}

std::vector<world::Route> routes_of(const json& record) {
  std::vector<world::Route> routes;
  if (!record.contains("routes")) return routes;
  for (const json& edge : record.at("routes")) routes.push_back(route_of(edge));
  return routes;
}

mds::TxReport transaction_of(const json& record, Time at) {
  mds::TxReport report;
  report.tx = record.at("tx").get<std::uint64_t>();
  report.at = at;
  report.cause = {word_of<mds::CauseKind>(record, "cause"),
                  {number_or_0(record, "event")},
                  {number_or_0(record, "request")}};
  report.datoms = record.at("datoms").get<std::size_t>();
  for (const json& d : record.at("documents")) {
    report.documents.push_back({text_of(d, "uri"), text_of(d, "type"), d.at("live").get<bool>(),
                                d.at("version").get<std::int64_t>(), facts_of(d),
                                d.value("index_waits", false)});
  }
  report.indexed = texts_of(record, "indexed");
  report.index_lost = texts_of(record, "index_lost");
  if (record.contains("edges")) {
    for (const json& e : record.at("edges")) {
      report.edges.push_back({text_of(e, "from"), text_of(e, "relation"), text_of(e, "to"),
                              e.at("added").get<bool>()});
    }
  }
  return report;
}

std::size_t source_of(const json& record, const TraceHeader& header) {
  const std::vector<MeasuredSource>& sources = header.run.sources;
  const std::string name = record.value("source", std::string());
  std::size_t index = 0;
  while (index < sources.size() && sources[index].name != name) ++index;
  return index;
}

}  // namespace

struct TraceReader::Record {
  json value;
  std::string kind;
};

TraceReader::TraceReader(const std::filesystem::path& path)
    : name_(path.string()), file_(path, std::ios::binary), record_(std::make_unique<Record>()) {
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
  } catch (const BadRecord& error) {
    fail(head + error.what());
  } catch (const json::parse_error& error) {
    throw InputError({name_, {}, line_, error.byte}, head + "it is not JSON from here on");
  } catch (const json::exception&) {
    fail(head + "a key is missing, or its value is of the wrong kind");
  } catch (const std::exception&) {
    fail(head + "it does not follow from the records before it");
  }
}

bool TraceReader::read_line() {
  std::string line;
  if (!std::getline(file_, line)) return false;
  ++line_;
  record_->value = json::parse(line);
  record_->kind = record_->value.value("kind", std::string());
  return true;
}

void TraceReader::read_header() {
  if (!read_line()) fail("is empty");
  const json& value = record_->value;
  if (value.value("format", std::string()) != kTraceFormat) fail("is no trace of Rehearse");
  const auto version = value.at("version").get<std::int64_t>();
  if (version != kTraceVersion) {
    fail("has format version " + std::to_string(version) + "; this program reads version " +
         std::to_string(kTraceVersion));
  }
  header_.scenario = text_of(value, "scenario");
  header_.seed = value.at("seed").get<std::uint64_t>();
  header_.replication = value.at("replication").get<std::uint64_t>();
  header_.program = text_of(value, "program");
  header_.run.window = {time_of(value, "warmup"), time_of(value, "duration"),
                        time_of(value, "end")};
  const Window& window = header_.run.window;
  if (window.begin < Time{} || window.until <= window.begin || window.end < window.until) {
    fail("has a warm-up, duration and end that are not in this order");
  }
  for (const json& source : value.at("sources")) {
    header_.run.sources.push_back(
        {text_of(source, "name"), source.at("servers").get<std::int64_t>()});
  }
  for (const json& relation : value.at("relations")) {
    mds::Rule rule;
    rule.name = text_of(relation, "name");
    rule.inverse = text_of(relation, "inverse");
    header_.run.rules.push_back(std::move(rule));
  }
  header_.run.retraction = value.value("retraction", true);
  header_.run.shared_budget = value.value("shared_budget", false);
}

void TraceReader::read_start() {
  while (true) {
    if (!read_line()) fail("ends before time 0");
    ++records_;
    if (record_->kind == "start") return;
    take_state();
  }
}

void TraceReader::take_state() {
  const json& value = record_->value;
  if (record_->kind == "truth") {
    world::Truth truth;
    truth.uri = text_of(value, "uri");
    truth.type = text_of(value, "type");
    truth.exists = true;
    truth.version = value.at("version").get<std::int64_t>();
    truth.changed_at = {nanoseconds_of(value, "changed_at", -sim::Distribution::kLongest.ns / 2)};
    if (truth.changed_at > Time{}) throw BadRecord("\"changed_at\" is after the start");
    truth.facts = facts_of(value);
    if (versions_.contains(truth.uri)) throw BadRecord("a second truth of one document");
    check_version(truth.uri, truth.version);
    start_.truth.push_back(std::move(truth));
  } else if (record_->kind == "edge") {
    start_.routes.push_back(route_of(value));
    start_.edges.push_back(start_.routes.back().edge);
  } else if (record_->kind == "transaction") {
    start_.bootstrap.push_back(transaction_of(value, Time{}));
  } else {
    fail("has a record \"" + printable(record_->kind) + "\" before \"start\"");
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

bool TraceReader::next(const models::Happenings& told, Time until) {
  try {
    if (!pending_ && !ended_) take_record();
    if (ended_ || until < now_) return false;
    pending_ = false;
    tell(told);
  } catch (...) {
    refuse_record();
  }
  return true;
}

void TraceReader::take_record() {
  if (!read_line()) fail("ends without an \"end\": it was cut off");
  const json& value = record_->value;
  if (record_->kind == "end") {
    ended_ = true;
    if (value.at("records").get<std::uint64_t>() != records_) {
      fail("ends after another number of records than were written");
    }
    return;
  }
  ++records_;
  const Time at = time_of(value, "at");
  if (at < now_ || header_.run.window.end < at) fail("has a time that is out of order");
  now_ = at;
  pending_ = true;
  if (record_->kind == "change") {
    check_version(text_of(value, "uri"), value.at("version").get<std::int64_t>());
  }
}

void TraceReader::tell(const models::Happenings& told) {
  const json& value = record_->value;
  const std::string& kind = record_->kind;
  if (kind == "change") {
    tell_change(told);
  } else if (kind == "publish") {
    told.tell(
        models::Published{{value.at("event").get<std::uint64_t>()}, number_or_0(value, "change")},
        now_);
  } else if (kind == "fate") {
    told.tell(models::EventFate{{value.at("event").get<std::uint64_t>()},
                                word_of<models::Fate>(value, "fate")},
              now_);
  } else if (kind == "request") {
    tell_request(told);
  } else if (kind == "service") {
    tell_service(told);
  } else if (kind == "response") {
    tell_response(told);
  } else if (kind == "notice") {
    tell_notice(told);
  } else if (kind == "transaction") {
    told.tell(transaction_of(value, now_), now_);
  } else if (kind == "condition") {
    told.tell(models::ConditionChanged{word_of<models::Condition>(value, "condition")}, now_);
  } else if (kind == "question") {
    tell_question(told);
  } else if (kind == "ack") {
    told.tell(models::Acknowledged{{value.at("event").get<std::uint64_t>()}}, now_);
  } else {
    fail("has an unknown record \"" + printable(kind) + "\"");
  }
}

void TraceReader::tell_change(const models::Happenings& told) {
  const json& value = record_->value;
  world::Change change;
  change.number = value.at("change").get<std::uint64_t>();
  change.at = now_;
  change.source = source_of(value, header_);
  change.op = word_of<world::Op>(value, "op");
  change.uri = text_of(value, "uri");
  // Numbered in the order of their first change: a recorder asks for no more.
  const auto next = static_cast<world::Slot>(entities_.size());
  change.entity = entities_.emplace(change.uri, next).first->second;
  change.type = text_of(value, "type");
  change.version = value.at("version").get<std::int64_t>();
  change.facts = facts_of(value);
  told.tell(models::Changed{change,
                            {edges_of(value, "begun"), edges_of(value, "ended"), routes_of(value)}},
            now_);
}

void TraceReader::tell_request(const models::Happenings& told) {
  const json& value = record_->value;
  mds::SourceRequest request;
  request.id = {value.at("request").get<std::uint64_t>()};
  request.source = {static_cast<std::uint16_t>(source_of(value, header_))};
  request.work = word_of<mds::WorkClass>(value, "class");
  request.path = value.value("path", std::string());
  request.uri = value.value("uri", std::string());
  request.attempt = value.at("attempt").get<int>();
  told.tell(request, now_);
}

void TraceReader::tell_service(const models::Happenings& told) {
  const json& value = record_->value;
  const mds::RequestId request{value.at("request").get<std::uint64_t>()};
  const std::vector<std::string> lost = texts_of(value, "lost");
  told.tell(models::CallServed{request, source_of(value, header_), duration_of(value, "waited"),
                               duration_of(value, "takes"), lost},
            now_);
}

void TraceReader::tell_response(const models::Happenings& told) {
  const json& value = record_->value;
  mds::Response response;
  response.outcome = word_of<mds::Response::Outcome>(value, "outcome");
  response.status = value.value("status", 0);
  if (value.contains("retry_after")) {
    response.retry_after = duration_of(value, "retry_after");
  }
  told.tell(models::CallEnded{{value.at("request").get<std::uint64_t>()},
                              response,
                              value.value("version", std::int64_t{0})},
            now_);
}

void TraceReader::tell_notice(const models::Happenings& told) {
  const json& value = record_->value;
  mds::Notice notice;
  notice.kind = word_of<mds::Notice::Kind>(value, "notice");
  notice.source = {static_cast<std::uint16_t>(source_of(value, header_))};
  notice.event = {number_or_0(value, "event")};
  notice.request = {number_or_0(value, "request")};
  notice.uri = value.value("uri", std::string());
  if (value.contains("waited")) notice.waited = duration_of(value, "waited");
  notice.detail = value.value("detail", std::string());
  told.tell(notice, now_);
}

void TraceReader::tell_question(const models::Happenings& told) {
  const json& value = record_->value;
  models::AskedQuestion question;
  question.ask = text_of(value, "ask");
  question.entity = text_of(value, "uri");
  question.missed = texts_of(value, "missed");
  question.outdated = texts_of(value, "outdated");
  if (value.contains("cached")) question.cached = time_of(value, "cached");
  told.tell(question, now_);
}

}  // namespace rehearse::measure

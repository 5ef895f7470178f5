#include "measure/trace_writer.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/error.hpp"
#include "base/text/number_text.hpp"

namespace rehearse::measure {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 20;

bool plain(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

void add(fmt::memory_buffer& buffer, std::string_view text) {
  buffer.append(text.data(), text.data() + text.size());
}

template <class Integer>
void add_number(fmt::memory_buffer& buffer, Integer value) {
  const fmt::format_int digits(value);
  buffer.append(digits.data(), digits.data() + digits.size());
}

}  // namespace

TraceWriter::TraceWriter(const std::filesystem::path& path, TraceHeader header)
    : path_(path), header_(std::move(header)), file_(path, std::ios::binary | std::ios::trunc) {
  if (!file_) throw InputError({path_.filename().string(), {}, 0, 0}, "cannot be written");
  write_header();
}

void TraceWriter::write_header() {
  const RecorderConfig& run = header_.run;
  add(buffer_, "{\"format\":");
  quoted(kTraceFormat);
  number("version", kTraceVersion);
  text("scenario", header_.scenario);
  number("seed", header_.seed);
  number("replication", header_.replication);
  text("program", header_.program);
  number("warmup", run.window.begin.ns);
  number("duration", run.window.until.ns);
  number("end", run.window.end.ns);
  add(buffer_, ",\"sources\":[");
  for (std::size_t i = 0; i < run.sources.size(); ++i) {
    if (i > 0) buffer_.push_back(',');
    add(buffer_, "{\"name\":");
    quoted(run.sources[i].name);
    number("servers", run.sources[i].servers);
    buffer_.push_back('}');
  }
  add(buffer_, "],\"relations\":[");
  for (std::size_t i = 0; i < run.rules.size(); ++i) {
    if (i > 0) buffer_.push_back(',');
    add(buffer_, "{\"name\":");
    quoted(run.rules[i].name);
    text("inverse", run.rules[i].inverse);
    buffer_.push_back('}');
  }
  buffer_.push_back(']');
  if (!run.retraction) add(buffer_, ",\"retraction\":false");
  if (run.shared_budget) add(buffer_, ",\"shared_budget\":true");
  add(buffer_, "}\n");
}

// ---- the parts of a record ----

void TraceWriter::open_record(std::string_view kind) {
  add(buffer_, "{\"kind\":");
  quoted(kind);
}

void TraceWriter::open_record(std::string_view kind, Time now) {
  add(buffer_, "{\"at\":");
  add_number(buffer_, now.ns);
  text("kind", kind);
}

void TraceWriter::number(std::string_view key, std::int64_t value) {
  add(buffer_, ",\"");
  add(buffer_, key);
  add(buffer_, "\":");
  add_number(buffer_, value);
}

void TraceWriter::number(std::string_view key, std::uint64_t value) {
  add(buffer_, ",\"");
  add(buffer_, key);
  add(buffer_, "\":");
  add_number(buffer_, value);
}

// As text: not every reader of JSON keeps 64 bits.
void TraceWriter::facts(std::uint64_t value) {
  fmt::format_to(std::back_inserter(buffer_), ",\"facts\":\"{:016x}\"", value);
}

void TraceWriter::text(std::string_view key, std::string_view value) {
  add(buffer_, ",\"");
  add(buffer_, key);
  add(buffer_, "\":");
  quoted(value);
}

void TraceWriter::quoted(std::string_view value) {
  if (!std::all_of(value.begin(), value.end(), plain)) {
    add(buffer_, json_string(value));
    return;
  }
  buffer_.push_back('"');
  add(buffer_, value);
  buffer_.push_back('"');
}

void TraceWriter::source(std::size_t index) {
  if (index < header_.run.sources.size()) text("source", header_.run.sources[index].name);
}

void TraceWriter::edges(std::string_view key, const std::vector<world::Edge>& list) {
  if (list.empty()) return;
  add(buffer_, ",\"");
  add(buffer_, key);
  add(buffer_, "\":[");
  for (std::size_t i = 0; i < list.size(); ++i) {
    add(buffer_, i > 0 ? ",{\"from\":" : "{\"from\":");
    quoted(list[i].from);
    text("relation", list[i].relation);
    text("to", list[i].to);
    buffer_.push_back('}');
  }
  buffer_.push_back(']');
}

void TraceWriter::texts(std::string_view key, const std::vector<std::string>& list) {
  if (list.empty()) return;
  add(buffer_, ",\"");
  add(buffer_, key);
  add(buffer_, "\":[");
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) buffer_.push_back(',');
    quoted(list[i]);
  }
  buffer_.push_back(']');
}

void TraceWriter::close_record() {
  add(buffer_, "}\n");
  ++records_;
  if (buffer_.size() >= kBuffer) flush();
}

void TraceWriter::flush() {
  file_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  buffer_.clear();
}

// ---- records ----

void TraceWriter::start(const std::vector<world::Truth>& truth,
                        const std::vector<mds::TxReport>& bootstrap,
                        const std::vector<world::Route>& edges) {
  for (const world::Truth& t : truth) {
    if (!t.exists) continue;
    open_record("truth");
    text("uri", t.uri);
    text("type", t.type);
    number("version", t.version);
    number("changed_at", t.changed_at.ns);
    facts(t.facts);
    close_record();
  }
  for (const world::Route& route : edges) {
    open_record("edge");
    text("from", route.edge.from);
    text("relation", route.edge.relation);
    text("to", route.edge.to);
    texts("path", route.documents);
    close_record();
  }
  for (const mds::TxReport& report : bootstrap) {
    open_record("transaction");
    members(report);
    close_record();
  }
  open_record("start");
  close_record();
}

void TraceWriter::on(const models::Changed& changed, Time now) {
  const auto& [change, delta] = changed;
  open_record("change", now);
  number("change", change.number);
  source(change.source);
  text("op", trace_word(change.op));
  text("uri", change.uri);
  text("type", change.type);
  number("version", change.version);
  facts(change.facts);
  edges("begun", delta.begun);
  edges("ended", delta.ended);
  routes(delta.routes);
  close_record();
}

void TraceWriter::routes(const std::vector<world::Route>& list) {
  if (list.empty()) return;
  add(buffer_, ",\"routes\":[");
  for (std::size_t i = 0; i < list.size(); ++i) {
    add(buffer_, i > 0 ? ",{\"from\":" : "{\"from\":");
    quoted(list[i].edge.from);
    text("relation", list[i].edge.relation);
    text("to", list[i].edge.to);
    texts("path", list[i].documents);
    buffer_.push_back('}');
  }
  buffer_.push_back(']');
}

void TraceWriter::on(const models::Published& published, Time now) {
  open_record("publish", now);
  number("event", published.event.value);
  if (published.change != 0) number("change", published.change);
  close_record();
}

void TraceWriter::on(const models::EventFate& fate, Time now) {
  open_record("fate", now);
  number("event", fate.event.value);
  text("fate", trace_word(fate.fate));
  close_record();
}

void TraceWriter::on(const mds::SourceRequest& request, Time now) {
  open_record("request", now);
  number("request", request.id.value);
  source(request.source.value);
  text("class", trace_word(request.work));
  if (request.uri.empty()) {
    text("path", request.path);
  } else {
    text("uri", request.uri);
  }
  number("attempt", std::int64_t{request.attempt});
  close_record();
}

void TraceWriter::on(const models::CallServed& served, Time now) {
  open_record("service", now);
  number("request", served.request.value);
  source(served.source);
  number("waited", served.waited.ns);
  number("takes", served.takes.ns);
  texts("lost", served.lost);
  close_record();
}

void TraceWriter::on(const models::CallEnded& ended, Time now) {
  const mds::Response& response = ended.response;
  open_record("response", now);
  number("request", ended.request.value);
  text("outcome", trace_word(response.outcome));
  if (response.outcome == mds::Response::Outcome::answered) {
    number("status", std::int64_t{response.status});
    number("version", ended.version);
    if (response.retry_after) number("retry_after", response.retry_after->ns);
  }
  close_record();
}

void TraceWriter::on(const mds::Notice& notice, Time now) {
  open_record("notice", now);
  text("notice", trace_word(notice.kind));
  source(notice.source.value);
  if (notice.event.value != 0) number("event", notice.event.value);
  if (notice.request.value != 0) number("request", notice.request.value);
  if (!notice.uri.empty()) text("uri", notice.uri);
  if (notice.waited != Duration{} || notice.kind == mds::Notice::Kind::first_call) {
    number("waited", notice.waited.ns);
  }
  if (!notice.detail.empty()) text("detail", notice.detail);
  close_record();
}

void TraceWriter::on(const mds::TxReport& report, Time now) {
  open_record("transaction", now);
  members(report);
  close_record();
}

void TraceWriter::members(const mds::TxReport& report) {
  number("tx", report.tx);
  text("cause", trace_word(report.cause.kind));
  if (report.cause.event.value != 0) number("event", report.cause.event.value);
  if (report.cause.request.value != 0) number("request", report.cause.request.value);
  number("datoms", std::uint64_t{report.datoms});
  add(buffer_, ",\"documents\":[");
  for (std::size_t i = 0; i < report.documents.size(); ++i) {
    const mds::DocumentChange& document = report.documents[i];
    add(buffer_, i > 0 ? ",{\"uri\":" : "{\"uri\":");
    quoted(document.uri);
    text("type", document.type);
    add(buffer_, document.live ? ",\"live\":true" : ",\"live\":false");
    number("version", document.version);
    facts(document.facts);
    add(buffer_, document.index_waits ? ",\"index_waits\":true}" : "}");
  }
  buffer_.push_back(']');
  if (report.cause.kind == mds::CauseKind::index) {
    texts("indexed", report.indexed);
    texts("index_lost", report.index_lost);
  }
  if (report.edges.empty()) return;
  add(buffer_, ",\"edges\":[");
  for (std::size_t i = 0; i < report.edges.size(); ++i) {
    const mds::EdgeChange& edge = report.edges[i];
    add(buffer_, i > 0 ? ",{\"from\":" : "{\"from\":");
    quoted(edge.from);
    text("relation", edge.relation);
    text("to", edge.to);
    add(buffer_, edge.added ? ",\"added\":true}" : ",\"added\":false}");
  }
  buffer_.push_back(']');
}

void TraceWriter::on(const models::Acknowledged& acknowledged, Time now) {
  open_record("ack", now);
  number("event", acknowledged.event.value);
  close_record();
}

void TraceWriter::on(const models::ConditionChanged& changed, Time now) {
  open_record("condition", now);
  text("condition", trace_word(changed.condition));
  close_record();
}

void TraceWriter::on(const models::AskedQuestion& question, Time now) {
  open_record("question", now);
  text("ask", question.ask);
  text("uri", question.entity);
  texts("missed", question.missed);
  texts("outdated", question.outdated);
  if (question.cached) number("cached", question.cached->ns);
  close_record();
}

void TraceWriter::finish() {
  open_record("end");
  number("records", records_);
  close_record();
  flush();
  file_.close();
  if (!file_) {
    throw InputError({path_.filename().string(), {}, 0, 0}, "cannot be written (no space left?)");
  }
}

}  // namespace rehearse::measure

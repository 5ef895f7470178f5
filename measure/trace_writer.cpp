#include "measure/trace_writer.hpp"

#include <utility>

#include "base/error.hpp"

namespace rehearse::measure {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 20;

}  // namespace

TraceWriter::TraceWriter(const std::filesystem::path& path, TraceHeader header)
    : path_(path), header_(std::move(header)), file_(path, std::ios::binary | std::ios::trunc) {
  if (!file_) throw InputError({path_.filename().string(), {}, 0, 0}, "cannot be written");
  trace::ObjectOut line = new_record();
  line("format", kTraceFormat);
  line("version", kTraceVersion);
  line.members(header_);
  end_line(line);
}

void TraceWriter::start(const std::vector<world::Truth>& truth,
                        const std::vector<mds::TxReport>& bootstrap,
                        const std::vector<world::Route>& edges) {
  for (const world::Truth& t : truth) {
    if (t.exists) write_state("truth", t);
  }
  for (const world::Route& route : edges) write_state("edge", route);
  for (const mds::TxReport& report : bootstrap) {
    write_state(trace::kTrace<mds::TxReport>.kind, report);
  }
  trace::ObjectOut record = new_record();
  record("kind", std::string_view("start"));
  end_record(record);
}

void TraceWriter::end_line(trace::ObjectOut& line) {
  line.end();
  buffer_.push_back('\n');
  if (buffer_.size() >= kBuffer) flush();
}

void TraceWriter::end_record(trace::ObjectOut& record) {
  ++records_;
  end_line(record);
}

void TraceWriter::flush() {
  file_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  buffer_.clear();
}

void TraceWriter::finish() {
  trace::ObjectOut record = new_record();
  record("kind", std::string_view("end"));
  record("records", records_);
  end_record(record);
  flush();
  file_.close();
  if (!file_) {
    throw InputError({path_.filename().string(), {}, 0, 0}, "cannot be written (no space left?)");
  }
}

}  // namespace rehearse::measure

#include "world/trace.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "contents.hpp"
#include "world/trace_time.hpp"

using namespace rehearse;
using namespace rehearse::world;
using namespace rehearse::test;
using Catch::Contains;

namespace {

/// A folder with a CSV file and scenarios that read it.
struct Folder {
  TemporaryFolder folder;

  explicit Folder(const std::string& csv) { write_file(folder.path() / "t.csv", csv); }

  std::string scenario() const { return (folder.path() / "s.json").string(); }
  Trace read(const std::string& settings, const std::string& source = "pipeline-orchestrator") {
    const config::Node node = config::parse(R"({"csv": "t.csv", )" + settings + "}", scenario());
    return read_trace(node, *shipped_shape(source));
  }
  std::string error(const std::string& settings) {
    return error_of([&] { read(settings); });
  }
};

const char* const kJobs =
    "name,qos,phase,tries,start,scheduled\n"
    "job-b,LS,Running,2,20.5,21\n"
    "job-a,BE,Failed,,10,\n"
    "job-c,LS,Failed,1,,30\n"
    "job-d,LS,Failed,1,10,10\n";

const char* const kRun = R"("type": "PipelineRun", "id": "name", "time": {"column": "start"})";

std::string text_field(const Operation& operation, const std::string& name) {
  const auto found = operation.fields.find(name);
  return found == operation.fields.end() ? "" : std::get<std::string>(found->second);
}

}  // namespace

TEST_CASE("each row feeds an operation and what follows it, in the order of time") {
  Folder files(kJobs);
  const Trace trace = files.read(std::string(kRun) + R"(, "fields": {"state": "phase",
    "attempt": "tries"}, "refs": {"pipeline": "qos"},
    "then": [{"time": {"column": "scheduled"}, "fields": {"state": {"value": "scheduled"}}}])");
  REQUIRE(trace.rows == 4);
  REQUIRE(trace.skipped == 2);
  REQUIRE(trace.operations.size() == 5);
  REQUIRE(trace.operations[0].operation.op == Op::create);
  REQUIRE(trace.operations[0].at == Time{20'500'000'000});
  REQUIRE(trace.operations[0].operation.fields.at("attempt") == FieldValue(std::int64_t{2}));
  REQUIRE(trace.operations[0].operation.refs.at("pipeline") == std::vector<std::string>{"LS"});
  REQUIRE(trace.operations[1].operation.op == Op::update);
  REQUIRE(text_field(trace.operations[1].operation, "state") == "scheduled");
  REQUIRE(trace.operations[2].operation.fields.count("attempt") == 0);

  const auto operations = parse_timeline(
      R"({"pipeline-orchestrator": {"trace": {"csv": "t.csv", )" + std::string(kRun) +
          R"(, "then": [{"op": "delete", "time": {"column": "scheduled"}}]}}})",
      files.scenario());
  std::vector<std::string> story;
  for (const auto& timed : operations) {
    story.push_back((timed.operation.op == Op::create ? "+" : "-") + timed.operation.id);
  }
  REQUIRE(story == std::vector<std::string>{"+job-a", "+job-d", "-job-d", "+job-b", "-job-b"});
}

TEST_CASE("a trace takes the rows that its conditions let through") {
  Folder files(kJobs);
  const auto rows = [&](const std::string& where) {
    return files.read(std::string(kRun) + R"(, "where": )" + where).rows;
  };
  REQUIRE(rows(R"({"qos": "LS"})") == 3);
  REQUIRE(rows(R"({"qos": "LS", "phase": "Failed"})") == 2);
  REQUIRE(rows(R"({"phase": ["Failed", "Running"]})") == 4);
}

TEST_CASE("one row may feed traces of several sources") {
  Folder files(kJobs);
  const Trace trace = files.read(
      R"("type": "ModelInstance", "id": {"template": "of-{name}-{qos}"},
         "time": {"column": "start"}, "where": {"phase": "Running"},
         "refs": {"pipeline_run": "name", "features": {"column": "name", "separator": "-"}})",
      "model-registry");
  REQUIRE(trace.operations.size() == 1);
  const Operation& operation = trace.operations[0].operation;
  REQUIRE(operation.id == "of-job-b-LS");
  REQUIRE(operation.refs.at("pipeline_run") == std::vector<std::string>{"job-b"});
  REQUIRE(operation.refs.at("features") == std::vector<std::string>{"job", "b"});
}

TEST_CASE("dates count from the earliest of the file, numbers from zero, both by the speed") {
  Folder files(
      "id,day,n\na,2024-02-29 00:00:10,5\nb,2024-02-28 23:59:00.25,7\nc,2024-03-01 00:00:00,9\n");
  const std::string dated =
      R"("type": "Pipeline", "id": "id", "time": {"column": "day", "format": "%Y-%m-%d %H:%M:%S")";
  Trace trace = files.read(dated + "}, \"where\": {\"id\": [\"a\", \"c\"]}");
  REQUIRE(trace.operations[0].at == Time{69'750'000'000});
  REQUIRE(trace.operations[1].at == Time{86'459'750'000'000});
  trace = files.read(dated + R"(, "origin": "2024-02-28 23:00:00"}, "speedup": 10)");
  REQUIRE(trace.operations[1].at == Time{354'025'000'000});
  trace = files.read(
      R"("type": "Pipeline", "id": "id", "time": {"column": "n", "unit": "m", "origin": 5})");
  REQUIRE(trace.operations[0].at == Time{0});
  REQUIRE(trace.operations[2].at == Time{240'000'000'000});
}

TEST_CASE("a row without an id is skipped and counted") {
  Folder files(kJobs);
  const Trace trace =
      files.read(R"("type": "PipelineRun", "id": "tries", "time": {"column": "name"})"
                 R"(, "where": {"name": "nobody"})");
  REQUIRE(trace.skipped == 0);
  const Trace tries =
      files.read(R"("type": "PipelineRun", "id": "tries", "time": {"column": "start"})");
  REQUIRE(tries.rows == 4);
  REQUIRE(tries.skipped == 2);  // job-a has no tries, job-c no start
  REQUIRE(tries.operations.size() == 2);
}

TEST_CASE("upsert creates what does not exist and updates what does") {
  Folder files("id,at\nx,3\ny,2\nx,1\nd1,2\n");
  const auto operations = parse_timeline(
      R"({"datasets": {"entities": [{"type": "Dataset", "id": "d1"}], "trace": [{"csv": "t.csv",
      "op": "upsert", "type": "Dataset", "id": "id", "time": {"column": "at"}}]}})",
      files.scenario());
  std::vector<std::pair<std::string, Op>> story;
  for (const auto& timed : operations) {
    story.emplace_back(timed.operation.id, timed.operation.op);
  }
  REQUIRE(story ==
          std::vector<std::pair<std::string, Op>>{
              {"x", Op::create}, {"y", Op::create}, {"d1", Op::update}, {"x", Op::update}});
}

TEST_CASE("a trace that cannot be read says which setting or line is wrong") {
  Folder files(kJobs);
  const std::string run = kRun;
  REQUIRE_THAT(files.error(R"("type": "PipelineRun", "id": "nam", "time": {"column": "start"})"),
               Contains("/id") && Contains("did you mean name?"));
  REQUIRE_THAT(files.error(R"("type": "PipelineRun", "id": "name", "time": {"column": "begin"})"),
               Contains("/time/column") && Contains("no column begin"));
  REQUIRE_THAT(files.error(R"("type": "PipelineRun", "id": "name", "time": {"column": "qos"})"),
               Contains("t.csv:2") && Contains("a number is needed"));
  REQUIRE_THAT(files.error(R"("type": "PipelineRun", "id": "name",
                 "time": {"column": "start", "format": "%Y-%m-%d"})"),
               Contains("t.csv:2") && Contains("%Y-%m-%d"));
  REQUIRE_THAT(files.error(run + R"(, "fields": {"attempt": "phase"})"),
               Contains("t.csv:2") && Contains("an integer is needed"));
  REQUIRE_THAT(files.error(run + R"(, "fields": {"stat": "phase"})"),
               Contains("did you mean state?"));
  REQUIRE_THAT(files.error(run + R"(, "where": {"quos": "LS"})"), Contains("did you mean qos?"));
  REQUIRE_THAT(files.error(run + R"(, "speedup": 0)"), Contains("/speedup"));
  REQUIRE_THAT(files.error(run + R"(, "speed": 2)"),
               Contains("did you mean \"speedup\"") || Contains("speedup"));
  REQUIRE_THAT(files.error(R"("type": "PipelineRun", "id": {"template": "x-{nme}"},
                 "time": {"column": "start"})"),
               Contains("/id/template") && Contains("did you mean name?"));
  REQUIRE_THAT(error_of([&] {
                 parse_timeline(R"({"pipeline-orchestrator": {"trace": {"csv": "t.csv",
                   "type": "PipelineRun", "id": "qos", "time": {"column": "start"}}}})",
                                files.scenario());
               }),
               Contains("t.csv:2") && Contains("exists already") && Contains("upsert"));
  REQUIRE_THAT(error_of([&] {
                 parse_timeline(R"({"datasets": {"trace": {"csv": "gone.csv"}}})",
                                files.scenario());
               }),
               Contains("gone.csv"));
}

TEST_CASE("times are read exactly") {
  REQUIRE(parse_number_of("0.1", 1'000'000'000) == 100'000'000);
  REQUIRE(parse_number_of("12902960.000000001", 1'000'000'000) == 12'902'960'000'000'001);
  REQUIRE(parse_number_of("1.5e3", 1'000) == 1'500'000);
  REQUIRE(parse_number_of("-2", 1'000) == -2'000);
  REQUIRE(parse_number_of(".5", 10) == 5);
  REQUIRE_FALSE(parse_number_of("", 1));
  REQUIRE_FALSE(parse_number_of(".", 1));
  REQUIRE_FALSE(parse_number_of("1s", 1));
  REQUIRE_FALSE(parse_number_of("nan", 1));
  REQUIRE_FALSE(parse_number_of("99999999999", 1'000'000'000));
  REQUIRE(parse_date("1970-01-02", "%Y-%m-%d") == 86'400'000'000'000);
  REQUIRE_FALSE(parse_date("2023-02-29", "%Y-%m-%d"));
  REQUIRE_FALSE(parse_date("2023-02-28 x", "%Y-%m-%d"));
  REQUIRE(parse_number_of("1700000000123456789", 1) == 1'700'000'000'123'456'789);
}

TEST_CASE("dates are read in the zone and to the nanosecond that they give") {
  constexpr std::int64_t kHour = 3'600'000'000'000;
  for (const char* text : {"1970-01-01T09:00:00+09:00", "1970-01-01T00:00:00Z", "1970-01-01",
                           "1969-12-31 19:00:00-05", "1970-01-01t00:00z", "1970-01-01T00:00"}) {
    INFO(text);
    REQUIRE(parse_date(text, "iso8601") == 0);
  }
  REQUIRE(parse_date("1970-01-01T00:00:00.000000001+01:00", "iso8601") == 1 - kHour);
  REQUIRE(parse_date("1970-01-01 01:00:00,25", "%Y-%m-%d %H:%M:%S") == kHour + 250'000'000);
  REQUIRE(parse_date("01:00:00.5 1 Jan 1970", "%T %d %b %Y") == kHour + 500'000'000);
  REQUIRE(parse_date("1970-01-01 00:00:00.000", "%Y-%m-%d %H:%M:%S.000") == 0);
  REQUIRE(parse_date("29 Feb 00:00:00", "%d %b %H:%M:%S"));
  for (const char* text : {"1970-01-01T00:00:00+9900", "1970-01-01T00:00:00 UTC", "1970-01-01T",
                           "1970-1-1x", "", "1970-02-30"}) {
    INFO(text);
    REQUIRE_FALSE(parse_date(text, "iso8601"));
  }
}

TEST_CASE("a format that cannot tell a time is refused where it stands") {
  Folder files(kJobs);
  const auto error = [&](const std::string& format) {
    return files.error(R"("type": "PipelineRun", "id": "name", "time": {"column": "start",
      "format": ")" + format +
                       "\"}");
  };
  REQUIRE_THAT(error("%Y-%m-%d %Z"), Contains("/time/format") && Contains("%Z") && Contains("%z"));
  REQUIRE_THAT(error("%s"), Contains("\"unit\": \"s\""));
  REQUIRE_THAT(error("%H:%M:%S.%f"), Contains("%f") && Contains("%S"));
  REQUIRE_THAT(error("iso8602"), Contains("iso8601"));
}

TEST_CASE("a cell that cannot be read is named by line and column") {
  Folder files("name,note,at\r\na,\"two\nlines, and a \"\"quote\"\"\",5\r\nb,\u00fc,x\r\n");
  const std::string run = R"("type": "PipelineRun", "id": "name")";
  REQUIRE_THAT(files.error(run + R"(, "time": {"column": "at"})"),
               Contains("t.csv:4:5: at is x; a number is needed"));
  REQUIRE_THAT(
      files.error(run + R"(, "time": {"column": "at", "origin": 6}, "where": {"name": "a"})"),
      Contains("t.csv:3:25: at lies before the start") && Contains("\"origin\""));
  Folder dated("name,at\na,1700000000000\nb,2024-01-01T00:00:00Z\n");
  REQUIRE_THAT(dated.error(run + R"(, "time": {"column": "at"})"),
               Contains("t.csv:2:3") && Contains("\"unit\" is one of"));
  REQUIRE_THAT(dated.error(run + R"(, "time": {"column": "at", "unit": "ms"})"),
               Contains("t.csv:3:3") && Contains("\"format\": \"iso8601\""));
}

TEST_CASE("a cluster's trace of 8 152 jobs becomes runs and the models of the succeeded ones") {
  const auto path = real_data_path("openb_pod_list_default.csv");
  const std::string csv = R"("csv": ")" + path.string() + R"(", )";
  const std::string text = R"({
    "pipeline-orchestrator": {"trace": {)" +
                           csv + R"(
      "type": "PipelineRun", "id": "name", "time": {"column": "creation_time", "unit": "s"},
      "then": [{"time": {"column": "scheduled_time"}, "fields": {"state": {"value": "running"}}},
               {"time": {"column": "deletion_time"}, "fields": {"state": "pod_phase"}}]}},
    "model-registry": {"trace": {)" +
                           csv + R"(
      "type": "ModelInstance", "id": "name", "where": {"pod_phase": "Succeeded"},
      "time": {"column": "deletion_time"}, "refs": {"pipeline_run": "name"}}}})";
  const auto contents = parse_contents(text);
  REQUIRE(contents[0].traces[0].rows == 8152);
  REQUIRE(contents[0].traces[0].skipped == 897);  // never scheduled
  REQUIRE(contents[1].traces[0].rows == 192);
  const auto operations = timeline(shipped_shapes(), contents);
  REQUIRE(operations.size() == 8152 * 3 - 897 + 192);
  World world = shipped_world();
  std::size_t done = 0;
  for (const auto& timed : operations) done += world.apply(timed.operation, timed.at) ? 1 : 0;
  REQUIRE(done == operations.size());
  REQUIRE(world.count("PipelineRun") == 8152);
  REQUIRE(world.count("ModelInstance") == 192);
}

TEST_CASE("a log of requests with dates becomes models that are created once and then change") {
  const auto path = real_data_path("lora_request_trace.csv");
  const auto contents = parse_contents(R"({"model-registry": {"trace": {"csv": ")" + path.string() +
                                       R"(", "op": "upsert",
      "type": "Model", "id": "checkpoint_model_version_id",
      "time": {"column": "gmt_create", "format": "%Y-%m-%d %H:%M:%S"}}}})");
  REQUIRE(contents[0].traces[0].rows == 26823);
  REQUIRE(contents[0].traces[0].skipped == 25);  // no model named
  const auto operations = timeline(shipped_shapes(), contents);
  REQUIRE(operations.size() == 26823 - 25);
  REQUIRE(operations.front().at == Time{0});
  // The first row of each model creates it, every further one is an update.
  std::set<std::string> models;
  for (const auto& timed : operations) {
    const bool first = models.insert(timed.operation.id).second;
    REQUIRE(timed.operation.op == (first ? Op::create : Op::update));
  }
  REQUIRE(models.size() > 1);
}

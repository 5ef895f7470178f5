// Traces that no run has written: what they say is refused with its line, and never believed.
#include <catch2/catch.hpp>

#include "command_line.hpp"
#include "fixtures.hpp"

namespace rehearse::test {
namespace {

const std::string kHeader =
    R"({"format":"rehearse-trace","version":1,"scenario":"s","seed":1,"replication":1,)"
    R"("program":"1","warmup":0,"duration":9,"end":9,"sources":[],"relations":[]})";

/// What `rehearse explain` says of a trace with these records, from the place on.
std::string refusal(const std::string& records) {
  const TemporaryFolder folder;
  write_file(folder.path() / "trace.jsonl", kHeader + "\n" + records + "\n");
  const Finished finished = run_rehearse({"explain", folder.path().string(), "a"});
  INFO(finished.err);
  REQUIRE(finished.status == 2);
  return finished.err.substr(finished.err.find("trace.jsonl"));
}

std::string truth(const std::string& version, const std::string& changed_at) {
  return R"({"kind":"truth","uri":"a","type":"b","version":)" + version + R"(,"changed_at":)" +
         changed_at + R"(,"facts":"1"})";
}

}  // namespace

TEST_CASE("a trace in which something changed after the start is refused") {
  CHECK(refusal(truth("1", "5")) ==
        "trace.jsonl:2:1: is no trace record: \"changed_at\" is after the start\n");
}

TEST_CASE("a trace with times that cannot be subtracted is refused") {
  CHECK(refusal(truth("1", "-9223372036854775808")) ==
        "trace.jsonl:2:1: is no trace record: \"changed_at\" is out of range\n");
  CHECK(refusal(R"({"kind":"start"})"
                "\n"
                R"({"kind":"service","at":1,"request":1,"waited":-1,"takes":1})") ==
        "trace.jsonl:3:1: is no trace record: \"waited\" is out of range\n");
}

TEST_CASE("a trace that tells the truth of a document twice is refused") {
  CHECK(refusal(truth("1", "0") + "\n" + truth("2", "0")) ==
        "trace.jsonl:3:1: is no trace record: a second truth of one document\n");
}

TEST_CASE("a trace with a change to a version before the one that was copied is refused") {
  const std::string copied =
      R"({"kind":"transaction","at":1,"tx":1,"cause":"event","datoms":1,"documents":[{"uri":"a",)"
      R"("type":"b","live":true,"version":7,"facts":"1"}]})";
  const std::string changed =
      R"({"kind":"change","at":2,"change":1,"op":"update","uri":"a","type":"b","version":1,)"
      R"("facts":"1"})";
  CHECK(refusal(R"({"kind":"start"})"
                "\n" +
                copied + "\n" + changed) ==
        "trace.jsonl:4:1: is no trace record: it does not follow from the records before it\n");
}

}  // namespace rehearse::test

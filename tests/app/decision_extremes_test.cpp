// Values at the ends of what a double holds, and files that say nothing: neither passes, whatever
// the configuration asks for.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "command_line.hpp"
#include "fixtures.hpp"

using namespace rehearse;
using namespace rehearse::test;
using Catch::Contains;
using nlohmann::json;

namespace {

class Files {
 public:
  void write(const std::string& name, const std::string& text) {
    write_file(folder_.path() / name, text);
  }
  Finished run(const std::vector<std::string>& arguments) const {
    return run_rehearse(arguments, folder_.path());
  }
  Finished judge(const std::vector<std::string>& more = {}) const {
    return run(with(
        {"judge", "c.json", "--baseline", "b.csv", "--canary", "k.csv", "--format", "json"}, more));
  }
  json metric(const std::vector<std::string>& more = {}) const {
    return json::parse(judge(more).out)["metrics"][0];
  }

 private:
  TemporaryFolder folder_;
};

/// One metric, "errors", critical; `members` of its analysis.
std::string config(const std::string& members, const std::string& judge = "{}") {
  return R"({"name": "c", "judge": {"judgeConfigurations": )" + judge +
         R"(}, "metrics": [{"name": "errors", "groups": ["g"], "analysisConfigurations": {"canary": {"critical": true, )" +
         members + R"(}}}], "classifier": {"groupWeights": {"g": 100}}})";
}

/// A column that repeats the values.
std::string column(const std::vector<std::string>& values, int rows,
                   const std::string& name = "errors") {
  std::string text = name + "\n";
  for (int i = 0; i < rows; ++i) text += values[static_cast<std::size_t>(i) % values.size()] + "\n";
  return text;
}

}  // namespace

TEST_CASE("drift of one value against one is no crash and no certainty") {
  Files files;
  files.write("a.csv", "x\n1\n");
  for (const std::string other : {"1", "2", "inf", "-inf", "1e308"}) {
    CAPTURE(other);
    files.write("b.csv", "x\n" + other + "\n");
    for (const std::string method : {"all", "cvm"}) {
      const Finished finished =
          files.run({"drift", "a.csv", "b.csv", "--method", method, "--format", "json"});
      REQUIRE(finished.status == 0);
      REQUIRE_THAT(finished.out, !Contains("nan"));
    }
  }
}

// Small files to be judged and compared, made for one test.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "fixtures.hpp"

namespace rehearse::test {

/// A folder of files, in which the program runs.
class DecisionFiles {
 public:
  void write(const std::string& name, const std::string& text) {
    write_file(folder_.path() / name, text);
  }
  Finished run(const std::vector<std::string>& arguments) const {
    return run_rehearse(arguments, folder_.path());
  }
  /// The canary k.csv against b.csv, by c.json.
  Finished judge(const std::vector<std::string>& more = {}) const {
    return run(with(
        {"judge", "c.json", "--baseline", "b.csv", "--canary", "k.csv", "--format", "json"}, more));
  }
  nlohmann::json metric(const std::vector<std::string>& more = {}) const {
    return nlohmann::json::parse(judge(more).out)["metrics"][0];
  }
  /// Of the column x.
  nlohmann::json drift(const std::string& reference, const std::string& current,
                       const std::vector<std::string>& more = {}) const {
    const Finished finished = run(with({"drift", reference, current, "--format", "json"}, more));
    return nlohmann::json::parse(finished.out)["columns"]["x"];
  }

 private:
  TemporaryFolder folder_;
};

/// One metric, "errors", critical; `members` of its analysis.
inline std::string one_metric(const std::string& members, const std::string& judge = "{}") {
  return R"({"name": "c", "judge": {"judgeConfigurations": )" + judge +
         R"(}, "metrics": [{"name": "errors", "groups": ["g"], "analysisConfigurations": {"canary": {"critical": true, )" +
         members + R"(}}}], "classifier": {"groupWeights": {"g": 100}}})";
}

/// A column that repeats the values.
inline std::string column(const std::vector<std::string>& values, int rows,
                          const std::string& name = "errors") {
  std::string text = name + "\n";
  for (int i = 0; i < rows; ++i) text += values[static_cast<std::size_t>(i) % values.size()] + "\n";
  return text;
}

}  // namespace rehearse::test

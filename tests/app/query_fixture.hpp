// The graph that a run of a scenario leaves behind, asked as a user asks it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "fixtures.hpp"

namespace rehearse::test {

using nlohmann::json;
using Words = std::vector<std::string>;

inline const std::string kInstance = "aip://model/registry/ranking-model-v5-20XX0101";
inline const std::string kTest = "aip://ab-test/experimentation/12345";
inline const std::string kAlice = "aip://user/identity/alice";

class Ran {
 public:
  explicit Ran(const std::string& scenario = "scenarios/ranking-worked-example.json");

  std::string graph() const { return (folder_.path() / "o/graph.db").string(); }
  Finished query(const Words& words) const;

  // Of a question that is answered.
  std::string text(const Words& words) const;
  json document(Words words) const;
  json answer(const Words& words) const { return document(words).at("answer"); }

 private:
  TemporaryFolder folder_;
};

/// The value of a key in every row.
Words values(const json& rows, const std::string& key = "uri");

/// Ended with status 2, nothing on stdout and one line that holds `part`.
void check_refused(const Finished& finished, const std::string& part);

}  // namespace rehearse::test

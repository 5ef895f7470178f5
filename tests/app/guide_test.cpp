// Every command of docs/lifecycle.md is run, in its order, and shows what the page says it shows.
#include <catch2/catch.hpp>
#include <filesystem>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "fixtures.hpp"

using rehearse::test::read_file;
using rehearse::test::run_rehearse;
using rehearse::test::source_path;
using rehearse::test::TemporaryFolder;

namespace {

struct Block {
  std::string language;
  std::string text;
};

/// What stands between fences.
std::vector<Block> blocks_of(const std::string& page) {
  std::vector<Block> blocks;
  std::istringstream lines(page);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("```", 0) == 0) {
      inside = !inside;
      if (inside) blocks.push_back({line.substr(3), ""});
    } else if (inside) {
      blocks.back().text += line + "\n";
    }
  }
  return blocks;
}

/// The words of a command line, as a shell takes single quotes; a comment ends it.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  static const std::regex kWord(R"(#.*|(?:'[^']*'|[^\s'])+)");
  for (std::sregex_iterator one(line.begin(), line.end(), kWord), end; one != end; ++one) {
    const std::string word = one->str();
    if (word[0] == '#') break;
    words.push_back(std::regex_replace(word, std::regex("'"), ""));
  }
  return words;
}

int status_of(const std::string& line) {
  std::smatch match;
  return std::regex_search(line, match, std::regex("# status (\\d)")) ? std::stoi(match[1]) : 0;
}

}  // namespace

TEST_CASE("the guide to lifecycles says what its commands do") {
  const TemporaryFolder folder;
  std::string shown;
  int commands = 0, outputs = 0;
  for (const Block& block : blocks_of(read_file(source_path("docs/lifecycle.md")))) {
    if (block.language.empty()) {
      INFO(block.text);
      CHECK(shown.find(block.text) != std::string::npos);
      ++outputs;
    }
    if (block.language != "sh") continue;
    std::istringstream lines(block.text);
    for (std::string line; std::getline(lines, line); ++commands) {
      INFO(line);
      std::vector<std::string> words = words_of(line);
      REQUIRE(words.front() == "./rehearse");
      words.erase(words.begin());
      for (std::string& word : words) {
        if (word == "out") word = (folder.path() / "out").string();
      }
      const auto finished = run_rehearse(words);
      INFO(finished.out << finished.err);
      CHECK(finished.status == status_of(line));
      shown = finished.out;
    }
  }
  CHECK(commands >= 8);
  CHECK(outputs >= 2);
}

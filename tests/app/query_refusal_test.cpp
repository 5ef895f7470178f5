// `rehearse query` where it cannot answer: bad questions, and files that are not what they should
// be.
#include <SQLiteCpp/Database.h>

#include <catch2/catch.hpp>

#include "query_fixture.hpp"

using namespace rehearse::test;

TEST_CASE("a graph is checked, and one whose log was changed is not consistent") {
  const Ran ran;
  CHECK(ran.text({"check"}) == "consistent\n");
  CHECK(ran.answer({"check"}) == json::array());
  check_refused(ran.query({"unused", "--as-of", ""}), "--as-of");
  check_refused(ran.query({"check", "--as-of", "1m"}), "check looks at the whole file");
  {
    SQLite::Database graph(ran.graph(), SQLite::OPEN_READWRITE);
    graph.exec("DELETE FROM back");
  }
  const Finished finished = ran.query({"check"});
  CHECK(finished.status == 1);
  CHECK_THAT(finished.out, Catch::Contains("is known in one direction only"));
  {
    SQLite::Database graph(ran.graph(), SQLite::OPEN_READWRITE);
    graph.exec("UPDATE entity SET edges = x'ff' WHERE edges IS NOT NULL");
  }
  CHECK(ran.query({"check"}).status == 1);
  check_refused(ran.query({"neighbours", kInstance}), "the graph store is damaged");
  {
    SQLite::Database graph(ran.graph(), SQLite::OPEN_READWRITE);
    graph.exec("DELETE FROM symbol WHERE id = 1");
  }
  CHECK(ran.query({"check"}).status == 1);
  {
    SQLite::Database graph(ran.graph(), SQLite::OPEN_READWRITE);
    graph.exec("DROP TABLE tx");
  }
  check_refused(ran.query({"check"}), "is not a whole graph store: the table tx is missing");
}

TEST_CASE("what the graph does not know is answered with what is nearest to it") {
  const Ran ran;
  check_refused(ran.query({"entity", "aip://model/registry/ranking-model-v5-20XX010"}),
                "did you mean " + kInstance + "?");
  check_refused(ran.query({"ab-tests", "aip://models/registry/ranking-model-v5-20XX0101"}),
                "did you mean " + kInstance + "?");
  check_refused(ran.query({"entity", "alice"}), "did you mean " + kAlice + "?");
  check_refused(ran.query({"owners", "aip://x/y/zzz"}), "the graph knows no aip://x/y/zzz");
  check_refused(ran.query({"entity", "aip://x/y/zzz"}), "the graph knows no aip://x/y/zzz");
  check_refused(ran.query({"entity", "\xff\n"}), "the graph knows no \\xff\\n");
  check_refused(ran.query({"ab-test", kInstance}), "did you mean ab-tests?");
  check_refused(ran.query({"path", kAlice}), "path takes URI URI; found 1 argument");
  check_refused(ran.query({"unused", kAlice}), "unused takes no argument");
  check_refused(ran.query({"unused", "--as-of", "yesterday"}), "--as-of");
  check_refused(ran.query({"unused", "--as-of", "25:99:00"}), "00:06:00");
  check_refused(ran.query({"search", "type:"}), "has no value");
}

TEST_CASE("a URI is taken for another one only where each part of it is near") {
  const Ran ran;
  const auto finished = ran.query({"entity", "aip://model/registry/forecasting-model"});
  check_refused(finished, "the graph knows no aip://model/registry/forecasting-model");
  CHECK_THAT(finished.err, !Catch::Contains("did you mean"));
  const auto other = ran.query({"entity", "aip://dataset/datasets/ranking"});
  CHECK_THAT(other.err, !Catch::Contains("did you mean"));
  check_refused(ran.query({"entity", "aip://team/identity/alice"}), "did you mean " + kAlice + "?");
}

TEST_CASE("options that a question has no use for are refused with those that have") {
  const Ran ran;
  check_refused(ran.query({"unused", "--limit", "3"}),
                "--limit: unused has no use for it; it goes with search and people");
  check_refused(ran.query({"search", "ranking", "--depth", "2"}),
                "--depth: search has no use for it; it goes with upstream and downstream");
  check_refused(ran.query({"impact", kInstance, "--unverified-for", "1h"}),
                "--unverified-for: impact has no use for it; it goes with quality");
  check_refused(ran.query({"people", "alice", "type:User"}), "people takes words alone");
}

TEST_CASE("a type that the graph does not know is refused with the nearest") {
  const Ran ran;
  check_refused(ran.query({"search", "type:ModelInstnce"}), "did you mean ModelInstance?");
  check_refused(ran.query({"owners", "ranking", "type:Spaceship"}),
                "type:Spaceship: the graph has no such type; it knows ABTest, ");
  CHECK(ran.answer({"search", "type:modelinstance"}).size() == 1);
}

TEST_CASE("a moment after the graph's last change is answered with a note on when that was") {
  const Ran ran;
  const auto late = ran.query({"unused", "--as-of", "30d"});
  CHECK(late.status == 0);
  CHECK_THAT(late.err, Catch::Contains("--as-of: 30d 00:00:00 is after the last change of the "
                                       "graph, at 00:"));
  CHECK(ran.query({"unused", "--as-of", "3m"}).err.empty());
}

TEST_CASE("a question about an entity of another type says which question fits it") {
  const Ran ran("tests/app/lineage.json");
  const std::string instance = "aip://model/registry/ranker-1";
  const std::string feature = "aip://feature/feature-store/age";
  check_refused(ran.query({"models", instance}), "models asks about an A/B test; " + instance +
                                                     " is of type ModelInstance: ab-tests answers");
  check_refused(ran.query({"models", "aip://dataset/datasets/plays"}), "impact answers");
  check_refused(ran.query({"ab-tests", feature}), "is of type Feature: downstream answers");
  check_refused(ran.query({"active-ab-tests", feature}), "is of type Feature: downstream answers");
  check_refused(ran.query({"consumers", instance}),
                "consumers asks about a feature; " + instance + " is of type ModelInstance");
  check_refused(ran.query({"model", feature}), "model asks about a model or a model instance");
  check_refused(ran.query({"shared-features", feature, instance}), "neighbours answers which");
  check_refused(ran.query({"model", "aip://team/identity/ranking"}), "search owner:NAME");
  check_refused(ran.query({"models", instance, "--as-of", "1s"}), "is of type ModelInstance");
  const Ran example;
  check_refused(example.query({"ab-tests", kTest}), "models answers which model instances");
  check_refused(example.query({"shared-features", kTest}), "models answers which model instances");
}

TEST_CASE("owners are told of those only whom the graph knows, one URI at a time") {
  const Ran ran;
  const std::string typo = "aip://model/registry/ranking-model-v5-20XX010";
  check_refused(ran.query({"owners", typo}), "did you mean " + kInstance + "?");
  check_refused(ran.query({"owners", "aip://nosuch"}), "the graph knows no aip://nosuch");
  check_refused(ran.query({"owners", kInstance, kTest}), "takes words or one URI");
}

TEST_CASE("text without words, empty URIs and counts below one are refused in a few words") {
  const Ran ran;
  for (const char* text : {"", "\"", "*", "  "}) {
    for (const char* question : {"search", "owners", "people"}) {
      check_refused(ran.query({question, text}), "holds no word to search for");
    }
  }
  CHECK(values(ran.answer({"search", "*", "type:ModelInstance"})) == Words{kInstance});
  check_refused(ran.query({"entity", ""}), "entity: the URI is empty");
  check_refused(ran.query({"entity", "*"}), "the graph knows no *");
  for (const char* option : {"--limit", "--depth"}) {
    for (const char* value : {"0", "-1", "many", "1.5", "99999999999999999999"}) {
      const Finished finished = ran.query({"unused", option, value});
      check_refused(finished,
                    std::string(option) + ": \"" + value + "\" is not a whole number from 1 up");
      CHECK(finished.err.size() < 120);
    }
  }
}

TEST_CASE("a search for very many words is answered or refused at once") {
  const Ran ran;
  std::string same, different;
  for (int i = 0; i < 10'000; ++i) {
    same += "ranking ";
    different += "word" + std::to_string(i) + " ";
  }
  CHECK(ran.answer({"search", same}) == ran.answer({"search", "ranking"}));
  for (const char* question : {"search", "owners", "people"}) {
    check_refused(ran.query({question, different}), "holds 10000 different words; 64 are allowed");
  }
  check_refused(ran.query({"entity", different}), "the graph knows no word0");
}

TEST_CASE("a file that holds no graph is refused and left as it is") {
  const TemporaryFolder folder;
  const std::string text = (folder.path() / "notes.txt").string();
  write_file(text, "These are notes, and they are long enough to be read as a header of a file.");
  check_refused(run_rehearse({"query", text, "unused"}), "is not a graph store");
  write_file(folder.path() / "empty.db", "");
  check_refused(run_rehearse({"query", (folder.path() / "empty.db").string(), "unused"}),
                "not a graph store");
  check_refused(run_rehearse({"query", (folder.path() / "none.db").string(), "unused"}),
                "none.db: cannot be read: No such file or directory");
  check_refused(run_rehearse({"query", (folder.path() / "emty.db").string(), "unused"}),
                "did you mean " + (folder.path() / "empty.db").string() + "?");
  check_refused(run_rehearse({"query", folder.path().string(), "unused"}),
                "is a folder, and no graph.db is in it");
  write_file(folder.path() / "graph.db", "");
  check_refused(run_rehearse({"query", folder.path().string(), "unused"}),
                "is a folder; its graph is " + (folder.path() / "graph.db").string());
  CHECK_THAT(rehearse::test::read_file(text), Catch::StartsWith("These are notes"));
}

TEST_CASE("asking leaves the graph's file as it is") {
  const Ran ran;
  const std::string before = rehearse::test::read_file(ran.graph());
  ran.text({"history", kInstance});
  ran.text({"search", "ranking"});
  ran.text({"check"});
  CHECK(rehearse::test::read_file(ran.graph()) == before);
}

#include <catch2/catch.hpp>

#include "base/config.hpp"
#include "base/nearest_uri.hpp"

using namespace rehearse;
using config::Node;
using config::Object;

namespace {

Node parsed(const std::string& text) { return config::parse(text, "s.json"); }

template <typename Read>
std::string message_of(Read read, const std::string& text) {
  const Node node = parsed(text);
  try {
    read(node);
  } catch (const InputError& error) {
    return error.message();
  }
  return "accepted";
}

std::string duration_error(const std::string& text) {
  return message_of([](const Node& node) { config::to_duration(node); }, text);
}

std::string rate_error(const std::string& text) {
  return message_of([](const Node& node) { config::to_rate(node); }, text);
}

}  // namespace

TEST_CASE("durations are exact in every unit") {
  const auto ns = [](const std::string& text) { return config::to_duration(parsed(text)).ns; };
  CHECK(ns("\"7ns\"") == 7);
  CHECK(ns("\"0.5us\"") == 500);
  CHECK(ns("\"250ms\"") == 250'000'000);
  CHECK(ns("\"0.3s\"") == 300'000'000);
  CHECK(ns("\"1.000000001s\"") == 1'000'000'001);
  CHECK(ns("\"90m\"") == Duration::hours(1).ns + Duration::minutes(30).ns);
  CHECK(ns("\"1.5h\"") == Duration::minutes(90).ns);
  CHECK(ns("\"36500d\"") == Duration::days(36500).ns);
  CHECK(ns("\"0s\"") == 0);
  CHECK(ns("\"0.10000000000000000000000000000s\"") == 100'000'000);
}

TEST_CASE("what is no duration is refused with the reason") {
  CHECK(duration_error("\"5\"").find("found \"5\" without a unit; the units") == 0);
  CHECK(duration_error("5").find("found 5; a duration is a text such as") == 0);
  CHECK(duration_error("\"5 s\"").find("the units of a duration are") != std::string::npos);
  CHECK(duration_error("\"5min\"").find("the units of a duration are") != std::string::npos);
  CHECK(duration_error("\"-5s\"") == "found \"-5s\"; a duration is not negative");
  CHECK(duration_error("\"1.2.3s\"").find("a duration is a text") != std::string::npos);
  CHECK(duration_error("\"5.s\"").find("a duration is a text") != std::string::npos);
  CHECK(duration_error("\".s\"").find("a duration is a text") != std::string::npos);
  CHECK(duration_error("\"\"").find("a duration is a text") != std::string::npos);
  CHECK(duration_error("\"1e3s\"") != "accepted");
  CHECK(duration_error("\"40000d\"").find("at most 36500d") != std::string::npos);
  CHECK(duration_error("\"999999999999999999999999999999999999s\"").find("at most") !=
        std::string::npos);
  CHECK(duration_error("\"0.5ns\"").find("whole nanoseconds") != std::string::npos);
  CHECK(duration_error("\"none\"") != "accepted");
}

TEST_CASE("rates keep their count and unit") {
  const Rate rate = config::to_rate(parsed("\"40/h\""));
  CHECK(rate.count == 40);
  CHECK(rate.per == Duration::hours(1));
  CHECK(rate.interval() == Duration::seconds(90));
  CHECK(config::to_rate(parsed("\"0.5/s\"")).interval() == Duration::seconds(2));
  CHECK(config::to_rate(parsed("\"0/s\"")).count == 0);
  CHECK(config::to_rate(parsed("\"3/m\"")).per == Duration::minutes(1));
  CHECK(config::to_rate(parsed("\"10/d\"")).per == Duration::days(1));
}

TEST_CASE("what is no rate is refused with the reason") {
  CHECK(rate_error("20").find("a rate is a text such as") != std::string::npos);
  CHECK(rate_error("\"20\"").find("a rate is a text such as") != std::string::npos);
  CHECK(rate_error("\"20s\"").find("a rate is a text such as") != std::string::npos);
  CHECK(rate_error("\"20/sec\"") == "found \"20/sec\"; the units of a rate are /s, /m, /h and /d");
  CHECK(rate_error("\"-1/s\"") == "found \"-1/s\"; a rate is not negative");
  for (const char* text : {"\"/s\"", "\"inf/s\"", "\"nan/s\"", "\"1e400/s\"", "\"1 /s\"",
                           "\"+1/s\"", "\"1e10/s\"", "\"0.000000001/d\""}) {
    CHECK(rate_error(text) != "accepted");
  }
}

TEST_CASE("none stands for no limit where it is allowed") {
  CHECK(config::to_duration_or_none(parsed("\"none\"")) == std::nullopt);
  CHECK(config::to_rate_or_none(parsed("\"none\"")) == std::nullopt);
  CHECK(config::to_duration_or_none(parsed("\"1s\"")) == Duration::seconds(1));
}

TEST_CASE("numbers out of range say what range is allowed") {
  const auto integer = [](const Node& node) { config::to_integer(node, 1, 10); };
  CHECK(message_of(integer, "0") == "found 0; a whole number from 1 to 10 is allowed");
  CHECK(message_of(integer, "1.5") == "found 1.5; a whole number from 1 to 10 is allowed");
  CHECK(message_of(integer, "\"3\"") == "found \"3\"; a whole number from 1 to 10 is allowed");
  const auto positive = [](const Node& node) {
    config::to_number(node, {.low = 0, .low_exclusive = true});
  };
  CHECK(message_of(positive, "0") == "found 0; a number above 0 is allowed");
  CHECK(message_of(positive, "0.001") == "accepted");
  const auto chance = [](const Node& node) { config::to_probability(node); };
  CHECK(message_of(chance, "1.01") == "found 1.01; a probability from 0 to 1 is allowed");
  CHECK(message_of(chance, "-0.5") != "accepted");
  CHECK(config::to_probability(parsed("1")) == 1);
}

TEST_CASE("an object reports the first key nobody asked for, with the nearest") {
  const Node node = parsed("{\"every\": \"2m\",\n \"bacth\": 5, \"other\": 1}");
  Object object(node);
  CHECK(object.duration("every", {}) == Duration::minutes(2));
  CHECK(object.integer("batch", 1000, 1) == 1000);
  CHECK_THROWS_WITH(
      object.done(),
      "s.json:2:11: /bacth: unknown key \"bacth\"; did you mean \"batch\"?; known: every, batch");
}

TEST_CASE("absent members give the default and required ones an error at the object") {
  const Node node = parsed("{\"nme\": \"x\"}");
  Object object(node);
  CHECK(object.boolean("a", true));
  CHECK(object.string("b", "d") == "d");
  CHECK(object.probability("c", 0.25) == 0.25);
  CHECK(object.strings("list").empty());
  CHECK(object.duration_or_none("e", Duration::seconds(1)) == Duration::seconds(1));
  CHECK_THROWS_WITH(object.require("name"),
                    "s.json:1:1: \"name\" is missing; is \"nme\" meant to be it?");
}

TEST_CASE("a choice names the allowed values and the nearest") {
  const Node node = parsed("{\"kind\": \"quue\", \"other\": 3}");
  Object object(node);
  CHECK_THROWS_WITH(
      object.choice("kind", "queue", {"kafka", "queue"}),
      Catch::EndsWith("found \"quue\"; allowed: kafka, queue; did you mean \"queue\"?"));
  CHECK_THROWS_WITH(object.choice("other", "a", {"a"}), Catch::EndsWith("found 3; allowed: a"));
}

TEST_CASE("arrays of texts refuse other items at their place") {
  const Node node = parsed("{\"list\": [\"a\", 2]}");
  Object object(node);
  CHECK_THROWS_WITH(object.strings("list"), Catch::Contains("/list/1: found 2; a text is allowed"));
}

TEST_CASE("what is no object is refused") {
  const Node node = parsed("[1, 2]");
  CHECK_THROWS_WITH(Object(node), "s.json:1:1: found an array of 2; an object is allowed");
}

TEST_CASE("messages stay in one line whatever the input holds") {
  CHECK(config::shown(parsed("\"a\\nb\\u0001\"")) == "\"a\\nb\\x01\"");
  CHECK(config::shown(parsed("\"" + std::string(500, 'x') + "\"")).size() < 70);
}

TEST_CASE("the nearest word is the one meant, or none") {
  const std::vector<std::string> keys = {"hydration", "enrichment", "rate", "rate_limit", "at"};
  CHECK(config::nearest("hydraton", keys) == "hydration");
  CHECK(config::nearest("hydartion", keys) == "hydration");
  CHECK(config::nearest("rate-limit", keys) == "rate_limit");
  CHECK(config::nearest("Rate", keys) == "rate");
  CHECK(config::nearest("enrich", keys) == std::nullopt);
  CHECK(config::nearest("zzz", keys) == std::nullopt);
  CHECK(config::nearest("", keys) == std::nullopt);
  CHECK(config::nearest(std::string(100'000, 'x'), keys) == std::nullopt);
}

TEST_CASE("a URI is near another one where each of its parts is, whatever they share") {
  const std::vector<std::string> known = {"aip://model/registry/ranking-v5",
                                          "aip://model/registry/watch-time",
                                          "aip://dataset/datasets/plays"};
  const auto near = [&](const std::string& uri) { return config::nearest_uri(uri, known); };
  CHECK(near("aip://model/registry/ranking-5") == known[0]);
  CHECK(near("aip://models/registry/Ranking-v5") == known[0]);
  CHECK(near("aip://model/registry/watch-tiem") == known[1]);
  CHECK(near("aip://dataset/datasets/play") == known[2]);
  CHECK(near("aip://model/registry/ranking") == known[0]);
  CHECK_FALSE(near("aip://model/registry/rank"));
  CHECK_FALSE(near("aip://model/registry/forecast"));
  CHECK_FALSE(near("aip://dataset/datasets/ranking-v5"));
  CHECK_FALSE(near("aip://model/ranking-v5"));
  CHECK_FALSE(near(""));
  CHECK_FALSE(near(std::string(1000, '/')));
}

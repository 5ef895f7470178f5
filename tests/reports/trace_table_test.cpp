// Every kind of happening through the writer and the reader of a trace, and one that no model
// tells: what it takes to add a kind.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <limits>
#include <map>

#include "base/error.hpp"
#include "command_line.hpp"
#include "fixtures.hpp"
#include "measure/trace_reader.hpp"
#include "measure/trace_writer.hpp"
#include "reports/explain_story.hpp"
#include "stats/random.hpp"

// ---- a kind of its own: a struct, words for its enumerators, a line in the table ----

namespace rehearse::test {

enum class Mood : std::uint8_t { calm, cross };

struct Squeak {
  mds::EventId event;
  std::string entity;
  Mood mood = Mood::calm;
  std::optional<Duration> lasted = std::nullopt;
};

using Wider = std::variant<models::Published, Squeak>;

}  // namespace rehearse::test

namespace rehearse::measure {

template <>
inline constexpr std::array kTraceWords<test::Mood> = {"calm", "cross"};

template <>
inline constexpr auto trace::kTrace<test::Squeak> = trace::record(
    "squeak", "mouse", id("event", &test::Squeak::event), uri("uri", &test::Squeak::entity),
    member("mood", &test::Squeak::mood), member("lasted", &test::Squeak::lasted).unless_empty());

}  // namespace rehearse::measure

namespace rehearse::test {
namespace {

using measure::TraceReader;
using measure::TraceWriter;

measure::TraceHeader header() {
  measure::TraceHeader header;
  header.scenario = "s";
  header.run.window = {Time{}, Time{} + Duration::days(1), Time{} + Duration::days(1)};
  header.run.sources = {{"datasets", 1}, {"model \"registry\"", 2}};
  return header;
}

/// Hears everything, in the words of its fields.
struct Diary {
  template <measure::trace::Traced Kind>
  void on(const Kind& what, Time now) {
    reports::FieldsText text;
    measure::trace::kTrace<Kind>.show(what, text);
    lines.push_back(std::to_string(now.ns) + " " + std::string(measure::trace::kind_of(what)) +
                    ": " + text.take());
  }
  std::vector<std::string> lines;
};

/// Makes up values for the fields of the table, as a reader of a trace takes them from a file.
struct Imagined {
  stats::Stream& random;
  Time at;

  Time now() const { return at; }
  bool has(std::string_view) const { return random.chance(0.5); }
  template <class Form, class Value>
  void read(std::string_view, Form, Value& value) const {
    if constexpr (requires { value.value; }) {  // an id, or a source
      value.value = static_cast<decltype(value.value)>(random.below(3));
    } else if constexpr (requires { value.number; }) {
      value.number = static_cast<decltype(value.number)>(random.below(3));
    } else if constexpr (requires { value.ns; }) {
      value.ns = static_cast<std::int64_t>(random.below(Duration::days(365).ns));
    } else if constexpr (requires { value.has_value(); }) {
      read({}, Form{}, value.emplace());
    } else if constexpr (std::is_same_v<Form, measure::trace::FormAs<measure::trace::Source>>) {
      value = random.below(3);
    } else {
      make_up(value);
    }
  }

  void make_up(bool& value) const { value = random.chance(0.5); }
  void make_up(std::string& value) const {
    static constexpr const char* kPieces[] = {"a", "/", "\"", "\\", "\n", "\x01", "\u00e9", "{"};
    value = std::to_string(random.below(1'000'000'000));
    for (auto n = random.below(4); n > 0; --n) value += kPieces[random.below(std::size(kPieces))];
  }
  template <class Value>
  requires std::is_enum_v<Value>
  void make_up(Value& value) const {
    value = static_cast<Value>(random.below(measure::kTraceWords<Value>.size()));
  }
  template <std::integral Value>
  void make_up(Value& value) const {
    using Limits = std::numeric_limits<Value>;
    const Value extremes[] = {Limits::min(), Limits::max(), 0, 1,
                              static_cast<Value>(random.below(1'000'000))};
    value = extremes[random.below(std::size(extremes))];
  }
  template <class Item>
  void make_up(std::vector<Item>& values) const {
    values.resize(random.below(4));
    for (Item& item : values) {
      if constexpr (measure::trace::Described<Item>) {
        measure::trace::kTrace<Item>.read(*this, item);
      } else {
        make_up(item);
      }
    }
  }
};

template <class... Kinds>
std::size_t kinds_told(const std::variant<Kinds...>*) {
  return ((measure::trace::Traced<Kinds> + !measure::trace::kOwnKind<Kinds>.kind.empty()) + ...);
}

template <class Kind>
models::Happening imagine(const Imagined& imagined) {
  Kind what;
  if constexpr (measure::trace::Traced<Kind>) measure::trace::kTrace<Kind>.read(imagined, what);
  return what;
}

template <class... Kinds>
models::Happening any_of(const std::variant<Kinds...>*, const Imagined& imagined) {
  using Maker = models::Happening (*)(const Imagined&);
  static constexpr Maker kMakers[] = {&imagine<Kinds>...};
  return kMakers[imagined.random.below(std::size(kMakers))](imagined);
}

constexpr const models::Happening* kAllKinds = nullptr;

/// Takes down the keys of the table that a reader of a trace looks for.
struct Keys {
  std::vector<std::string>& keys;

  Time now() const { return {}; }
  bool has(std::string_view key) const {
    keys.emplace_back(key);
    return false;
  }
  template <class Form, class Value>
  void read(std::string_view key, Form, Value&) const {
    keys.emplace_back(key);
  }
};

/// The members of a kind that the row for it in docs/trace.md does not have.
template <class Kind>
void find_untold(const std::string& document, std::vector<std::string>& untold) {
  if constexpr (measure::trace::Traced<Kind>) {
    const std::string kind(measure::trace::kTrace<Kind>.kind);
    const std::size_t begin =
        document.find("\n| `" + kind + "` | ", document.find("each with `at`"));
    const std::string row = begin == std::string::npos
                                ? ""
                                : document.substr(begin, document.find('\n', begin + 1) - begin);
    Kind what;
    std::vector<std::string> keys;
    measure::trace::kTrace<Kind>.read(Keys{keys}, what);
    for (const std::string& key : keys) {
      const bool told = row.find(fmt::format("`{}`", key)) != std::string::npos;
      if (!told) untold.push_back(fmt::format("{}.{}", kind, key));
    }
  }
}

template <class... Kinds>
std::vector<std::string> find_all_untold(const std::variant<Kinds...>*,
                                         const std::string& document) {
  std::vector<std::string> untold;
  (find_untold<Kinds>(document, untold), ...);
  return untold;
}

/// What is refused of a trace with this line after its start, from the place on.
std::string refusal(const std::string& line) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "trace.jsonl";
  TraceWriter writer(path, header());
  writer.start({}, {}, {});
  writer.finish();
  std::string text = read_file(path);
  text.insert(text.rfind("{\"kind\":\"end\""), line + "\n");
  write_file(path, text);
  TraceReader reader(path);
  try {
    reader.next(models::Happenings{}, Time::never());
  } catch (const InputError& error) {
    const std::string what = error.what();
    return what.substr(what.find("trace.jsonl") + std::string("trace.jsonl").size());
  }
  return "taken";
}

}  // namespace

TEST_CASE("a kind of happening is a struct and a line in the table, and comes back from a trace") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "trace.jsonl";
  Diary told;
  TraceWriter writer(path, header());
  writer.start({}, {}, {});
  models::Subscribers<Wider> run;
  run.subscribe(writer);
  run.subscribe(told);
  run.tell(models::Published{{7}, 1}, Time{1});
  run.tell(Squeak{{7}, "mouse", Mood::cross, Duration::seconds(3)}, Time{2});
  run.tell(Wider{Squeak{{8}, "cat"}}, Time{3});
  writer.finish();
  CHECK_THAT(read_file(path),
             Catch::Contains("\n{\"at\":2,\"kind\":\"squeak\",\"event\":7,\"uri\":\"mouse\","
                             "\"mood\":\"cross\",\"lasted\":3000000000}\n"
                             "{\"at\":3,\"kind\":\"squeak\",\"event\":8,\"uri\":\"cat\","
                             "\"mood\":\"calm\"}\n"));

  Diary heard;
  const measure::Recorder recorder(header().run);
  reports::Story story({"mouse", std::nullopt}, recorder);
  models::Subscribers<Wider> replay;
  replay.subscribe(heard);
  replay.subscribe(story);
  TraceReader reader(path);
  while (reader.next(replay, Time::never())) {
  }
  CHECK(heard.lines.size() == 3);
  CHECK(heard.lines == told.lines);
  REQUIRE(story.lines().size() == 1);
  CHECK(story.lines()[0].where == "mouse");
  CHECK(story.lines()[0].text == "event 7, uri mouse, mood cross, lasted 3 s");
}

TEST_CASE("what is told of every kind comes back from a trace, whatever it is") {
  const std::uint64_t first = 20261130;
  std::map<std::string, int> kinds;
  for (std::uint64_t seed = first; seed < first + 20; ++seed) {
    INFO("seed " << seed);
    stats::Stream random(seed, 0, "happenings");
    const TemporaryFolder folder;
    TraceWriter writer(folder.path() / "trace.jsonl", header());
    writer.start({}, {}, {});
    Diary told;
    models::Happenings run;
    run.subscribe(writer);
    run.subscribe(told);
    for (std::int64_t i = 0; i < 100; ++i) run.tell(any_of(kAllKinds, {random, Time{i}}), Time{i});
    writer.finish();

    TraceReader reader(folder.path() / "trace.jsonl");
    TraceWriter copier(folder.path() / "copy.jsonl", reader.header());
    copier.start({}, {}, {});
    Diary heard;
    models::Happenings replay;
    replay.subscribe(copier);
    replay.subscribe(heard);
    while (reader.next(replay, Time::never())) {
    }
    copier.finish();
    REQUIRE(heard.lines == told.lines);
    REQUIRE(read_file(folder.path() / "copy.jsonl") == read_file(folder.path() / "trace.jsonl"));
    for (const std::string& line : told.lines) {
      const std::size_t begin = line.find(' ') + 1;
      ++kinds[line.substr(begin, line.find(':') - begin)];
    }
  }
  CHECK(kinds.size() == kinds_told(kAllKinds));
}

TEST_CASE("signals of a lifecycle have a kind of their own, and every record says what led to it") {
  using lifecycle::What;
  const TemporaryFolder folder;
  const auto path = folder.path() / "trace.jsonl";
  TraceWriter writer(path, header());
  writer.start({}, {}, {});
  models::Happenings run;
  run.subscribe(writer);
  run.tell(lifecycle::Record{{1}, {}, Time{5}, "rec", 2, What::alert, {}, {}, "psi"}, Time{5});
  run.tell(lifecycle::Record{{2}, {1}, Time{5}, "rec", 0, What::signal, {}, {}, "drift_detected"},
           Time{5});
  run.tell(lifecycle::Fact{}, Time{5});
  run.tell(lifecycle::Served{}, Time{5});
  run.tell(lifecycle::Record{{3}, {2}, Time{9}, "", 0, What::step, "candidate", "canary-deploy"},
           Time{9});
  writer.finish();
  CHECK_THAT(
      read_file(path),
      Catch::Contains("\n{\"at\":5,\"kind\":\"lifecycle\",\"id\":1,\"model\":\"rec\",\"version\":2,"
                      "\"what\":\"alert\",\"detail\":\"psi\"}\n"
                      "{\"at\":5,\"kind\":\"signal\",\"id\":2,\"cause\":1,\"model\":\"rec\","
                      "\"what\":\"signal\",\"detail\":\"drift_detected\"}\n"
                      "{\"at\":9,\"kind\":\"lifecycle\",\"id\":3,\"cause\":2,\"what\":\"step\","
                      "\"from\":\"candidate\",\"to\":\"canary-deploy\"}\n{\"kind\":\"end\""));

  for (const std::string_view word : measure::kTraceWords<What>) {
    CHECK(word == lifecycle::to_string(*measure::from_trace_word<What>(word)));
  }
  CHECK(refusal(R"({"at":1,"kind":"signal","id":1,"what":"signal"})") == "taken");
  CHECK(refusal(R"({"at":1,"kind":"signal","id":1,"what":"alert"})") ==
        ":3:1: is no trace record: what it tells is of another kind");
}

TEST_CASE("docs/trace.md tells of every kind and its members") {
  const std::string document = read_file(source_path("docs/trace.md"));
  CHECK_THAT(find_all_untold(kAllKinds, document), Catch::Equals(std::vector<std::string>{}));
}

TEST_CASE("a record that the table does not describe is refused with its line and what is wrong") {
  const std::string head = ":3:1: is no trace record: ";
  CHECK(refusal(R"({"at":1,"kind":"ack","event":5})") == "taken");
  CHECK(refusal(R"({"at":1,"kind":"ack","event":5,"newer":[]})") == "taken");
  CHECK(refusal(R"({"at":1,"kind":"publich","event":5})") ==
        ":3:1: has an unknown record \"publich\"; did you mean publish?");
  CHECK(refusal(R"({"at":1,"kind":"squeak"})") == ":3:1: has an unknown record \"squeak\"");
  CHECK(refusal(R"({"at":1,"kind":7})") == head + "\"kind\" is a number, not a text");
  CHECK(refusal(R"({"at":1})") == head + "there is no \"kind\"");
  CHECK(refusal("[]") == head + "is a list, not an object");
  CHECK(refusal(R"({"kind":"ack","event":5})") == head + "there is no \"at\"");
  CHECK(refusal(R"({"at":1,"kind":"ack"})") == head + "there is no \"event\"");
  CHECK(refusal(R"({"at":1,"kind":"ack","event":"5"})") ==
        head + "\"event\" is a text, not a whole number");
  for (const char* number : {"-1", "1.5", "1e300", "18446744073709551616"}) {
    CHECK(refusal(R"({"at":1,"kind":"ack","event":)" + std::string(number) + "}") ==
          head + "\"event\" is no whole number from 0 below 2^64");
  }
  CHECK(refusal(R"({"at":1,"kind":"fate","event":5,"fate":"deliverd"})") ==
        head + "unknown fate \"deliverd\"; did you mean delivered?");
  CHECK(
      refusal(R"({"at":1,"kind":"service","request":1,"source":"dataset","waited":0,"takes":0})") ==
      head + "unknown source \"dataset\"; did you mean datasets?");
  CHECK(refusal(R"({"at":1,"kind":"request","request":1,"class":"event","uri":"a",)"
                R"("attempt":2147483648})") == head + "\"attempt\" is out of range");
  const std::string transaction =
      R"({"at":1,"kind":"transaction","tx":1,"cause":"event","datoms":1,)";
  CHECK(refusal(transaction + R"("documents":{}})") ==
        head + "\"documents\" is an object, not a list");
  CHECK(refusal(transaction + R"("documents":[{"uri":"a","type":"t","live":1}]})") ==
        head + "\"documents/0/live\" is a number, not true or false");
  CHECK(refusal(transaction + R"("documents":[],"edges":[{"from":"a"}]})") ==
        head + "there is no \"edges/0/relation\"");
}

}  // namespace rehearse::test

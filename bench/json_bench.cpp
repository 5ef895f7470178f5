// Reading JSON payloads: our reader beside nlohmann::json, RapidJSON and simdjson.
//
// What is read are answers as the sources give them: model instances one by one (as hydration reads
// them) and listings of a hundred (as reconciliation does). Each reader makes the values of a text
// available and then looks at every one of them: texts by their length, numbers by their value.
// RapidJSON and simdjson are asked for what our reader promises as far as they can: RapidJSON
// checks UTF-8 and reads numbers exactly; simdjson does both anyway, and wants its text copied into
// a buffer with room behind it, since bodies arrive as strings without. The third reader of
// RapidJSON fills our list of values from its events, which is what our own parser could be
// replaced by.
//
// Processor time of rounds that alternate between the readers, medians.
//
//   json_bench [ROUNDS]       default 9
#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/memorystream.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "json_bodies.hpp"
#include "json_lists.hpp"
#include "mds/contract/json.hpp"

namespace rehearse::bench {
namespace {

/// What was seen of a text, so that readers can be held against each other.
struct Seen {
  std::uint64_t values = 0;
  std::uint64_t bytes = 0;   ///< of texts and names
  std::uint64_t number = 0;  ///< sum of whole numbers and truths

  bool operator==(const Seen&) const = default;
};

// --- Ours.

Seen look(const mds::JsonValue& root) {
  Seen seen;
  for (const mds::JsonValue* at = &root; at != root.next(); ++at) {
    ++seen.values;
    seen.bytes += at->text.size();
    if (at->is(mds::JsonKind::integer)) seen.number += static_cast<std::uint64_t>(at->integer);
    if (at->is(mds::JsonKind::boolean)) seen.number += at->truth ? 1 : 0;
  }
  return seen;
}

Seen ours(const std::string& body) { return look(mds::JsonText(body, kDeepestJson).value()); }

// --- nlohmann::json, which keeps members in a map.

void look(const nlohmann::json& value, Seen& seen) {
  ++seen.values;
  if (value.is_string()) seen.bytes += value.get_ref<const std::string&>().size();
  if (value.is_number_integer()) seen.number += value.get<std::uint64_t>();
  if (value.is_boolean()) seen.number += value.get<bool>() ? 1 : 0;
  if (value.is_object()) {
    for (const auto& [name, member] : value.items()) {
      ++seen.values;
      seen.bytes += name.size();
      look(member, seen);
    }
  }
  if (value.is_array()) {
    for (const auto& item : value) look(item, seen);
  }
}

Seen nlohmanns(const std::string& body) {
  Seen seen;
  look(nlohmann::json::parse(body), seen);
  return seen;
}

// --- RapidJSON: its tree, and our list filled from its events.

constexpr unsigned kExact = rapidjson::kParseFullPrecisionFlag |
                            rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag;

void look(const rapidjson::Value& value, Seen& seen) {
  ++seen.values;
  if (value.IsString()) seen.bytes += value.GetStringLength();
  if (value.IsInt64()) seen.number += static_cast<std::uint64_t>(value.GetInt64());
  if (value.IsBool()) seen.number += value.GetBool() ? 1 : 0;
  if (value.IsObject()) {
    for (const auto& member : value.GetObject()) {
      look(member.name, seen);
      look(member.value, seen);
    }
  }
  if (value.IsArray()) {
    for (const auto& item : value.GetArray()) look(item, seen);
  }
}

Seen rapid_tree(const std::string& body) {
  rapidjson::Document document;
  document.Parse<kExact>(body.data(), body.size());
  if (document.HasParseError()) throw std::logic_error("RapidJSON refuses a body");
  Seen seen;
  look(document, seen);
  return seen;
}

Seen rapid_list(const std::string& body) {
  ListFromEvents list(body.size());
  rapidjson::Reader reader;
  rapidjson::MemoryStream stream(body.data(), body.size());
  if (!reader.Parse<kExact>(stream, list)) throw std::logic_error("RapidJSON refuses a body");
  return look(list.value());
}

// --- simdjson: its tape, parsed into buffers that are kept from text to text.

void look(simdjson::dom::element value, Seen& seen) {
  using simdjson::dom::element_type;
  ++seen.values;
  switch (value.type()) {
    case element_type::STRING:
      seen.bytes += std::string_view(value).size();
      break;
    case element_type::INT64:
      seen.number += static_cast<std::uint64_t>(std::int64_t(value));
      break;
    case element_type::UINT64:
      seen.number += std::uint64_t(value);
      break;
    case element_type::BOOL:
      seen.number += bool(value) ? 1 : 0;
      break;
    case element_type::OBJECT:
      for (const auto& [name, member] : simdjson::dom::object(value)) {
        ++seen.values;
        seen.bytes += name.size();
        look(member, seen);
      }
      break;
    case element_type::ARRAY:
      for (const auto item : simdjson::dom::array(value)) look(item, seen);
      break;
    default:
      break;
  }
}

Seen simd_tape(const std::string& body) {
  static simdjson::dom::parser parser;
  Seen seen;
  look(parser.parse(body).value(), seen);  // copies the body into a buffer of its own
  return seen;
}

Seen simd_list(const std::string& body) { return look(ListFromTape(body).value()); }

// --- What each takes for JSON.

struct Text {
  const char* what;
  std::string text;
};

std::vector<Text> doubtful_texts() {
  return {{"a whole number of 21 digits", R"({"a":123456789012345678901})"},
          {"a low surrogate alone", R"({"a":"\udc00"})"},
          {"a high surrogate alone", R"({"a":"\ud800"})"},
          {"a byte order mark first", "\xef\xbb\xbf{}"},
          {"a number beyond doubles", R"({"a":1e400})"},
          {"a text that is not UTF-8", "{\"a\":\"\xc0\xaf\"}"},
          {"a zero byte in a text", std::string("{\"a\":\"\0\"}", 9)}};
}

bool takes_ours(const std::string& text) {
  return mds::JsonText(text, kDeepestJson).flaw() == mds::JsonText::Flaw::none;
}
bool takes_nlohmanns(const std::string& text) { return nlohmann::json::accept(text); }
bool takes_rapid(const std::string& text) {
  rapidjson::Document document;
  return !document.Parse<kExact>(text.data(), text.size()).HasParseError();
}
bool takes_simd(const std::string& text) {
  simdjson::dom::parser parser;
  return parser.parse(text).error() == simdjson::SUCCESS;
}

void print_what_is_taken() {
  fmt::print("taken for JSON by {:>10} {:>10} {:>10} {:>10}\n", "ours", "nlohmann", "RapidJSON",
             "simdjson");
  const auto word = [](bool taken) { return taken ? "yes" : "no"; };
  for (const auto& [what, text] : doubtful_texts()) {
    fmt::print("  {:<28} {:>3} {:>10} {:>10} {:>10}\n", what, word(takes_ours(text)),
               word(takes_nlohmanns(text)), word(takes_rapid(text)), word(takes_simd(text)));
  }
}

// --- The rounds.

struct Reader {
  const char* name;
  Seen (*read)(const std::string&);
};

constexpr Reader kReaders[] = {{"ours", ours},
                               {"nlohmann::json", nlohmanns},
                               {"RapidJSON, tree", rapid_tree},
                               {"RapidJSON, our list", rapid_list},
                               {"simdjson, tape", simd_tape},
                               {"simdjson, our list", simd_list}};
constexpr std::size_t kCount = std::size(kReaders);

Seen read_all(const Reader& reader, const std::vector<std::string>& bodies) {
  Seen all;
  for (const std::string& body : bodies) {
    const Seen seen = reader.read(body);
    all.values += seen.values;
    all.bytes += seen.bytes;
    all.number += seen.number;
  }
  return all;
}

double median(std::vector<double> seconds) {
  std::nth_element(seconds.begin(),
                   seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2),
                   seconds.end());
  return seconds[seconds.size() / 2];
}

void compare(const char* what, const std::vector<std::string>& bodies, int rounds) {
  std::size_t bytes = 0;
  for (const std::string& body : bodies) bytes += body.size();
  fmt::print("{}: {} texts of {} bytes on average\n", what, bodies.size(), bytes / bodies.size());
  const Seen expected = read_all(kReaders[0], bodies);
  std::vector<std::vector<double>> seconds(kCount);
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < kCount; ++i) {
      const std::clock_t start = std::clock();
      const Seen seen = read_all(kReaders[i], bodies);
      seconds[i].push_back(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
      if (seen != expected)
        throw std::logic_error(std::string(kReaders[i].name) + " reads otherwise");
    }
  }
  const double least = median(seconds[0]);
  for (std::size_t i = 0; i < kCount; ++i) {
    const double taken = median(seconds[i]);
    fmt::print("  {:<20} {:7.0f} MB/s, {:5.2f} times ours\n", kReaders[i].name,
               static_cast<double>(bytes) / taken / 1e6, taken / least);
  }
}

int run(int rounds) {
  const JsonBodies bodies = json_bodies(20'000);
  compare("instances", bodies.instances, rounds);
  compare("listings", bodies.listings, rounds);
  print_what_is_taken();
  return 0;
}

}  // namespace
}  // namespace rehearse::bench

int main(int argc, char** argv) {
  try {
    return rehearse::bench::run(argc > 1 ? std::atoi(argv[1]) : 9);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}

#include "app/query_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/query_answer.hpp"
#include "app/query_subject.hpp"
#include "base/config.hpp"
#include "base/error.hpp"
#include "base/nearest_uri.hpp"
#include "base/text/clock_text.hpp"
#include "base/text/utf8.hpp"
#include "mds/graph/words.hpp"

namespace rehearse::app {
namespace {

constexpr std::size_t kLongest = 200;  // bytes of the user's text in a message

std::string lower(std::string text) {
  for (char& c : text) {
    if ('A' <= c && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

std::string id_of(const std::string& uri) { return uri.substr(uri.rfind('/') + 1); }

// What its sources declare, whether such an entity was heard of or not.
std::set<std::string> declared_types(const mds::Graph& graph) {
  std::set<std::string> types;
  for (const mds::RelationDeclaration& relation : graph.view().core().schema.schema().relations) {
    types.insert({relation.type, relation.target});
  }
  for (const char* none : {"", "*"}) types.erase(none);  // references of every type
  return types;
}

void add_stored_types(const mds::Graph& graph, std::set<std::string>& types) {
  for (const std::string& uri : graph.live_documents()) types.insert(graph.entity(uri)->type);
}

bool holds(const std::set<std::string>& types, const std::string& type) {
  return std::any_of(types.begin(), types.end(), [&](const std::string& known) {
    return lower(known) == lower(type);  // as a search compares them
  });
}

// A name or a bare id finds its entity; a URI only one of the same id.
std::optional<std::string> found_by_id(const mds::Graph& graph, const std::string& text) {
  mds::SearchQuery query;
  query.text = id_of(text);
  if (mds::words_of(query.text).empty()) return std::nullopt;
  const auto hits = mds::search(graph, query, 1);
  if (hits.empty()) return std::nullopt;
  const std::string& uri = hits.front().entity.uri;
  if (looks_like_uri(text) && lower(id_of(uri)) != lower(query.text)) return std::nullopt;
  return uri;
}

}  // namespace

void check_fitting(const std::string& question, const std::vector<std::string>& given) {
  static const std::map<std::string, std::vector<std::string>> kFits = {
      {"--limit", {"search", "people"}},
      {"--depth", {"upstream", "downstream"}},
      {"--unverified-for", {"quality"}},
  };
  for (const std::string& option : given) {
    const auto fits = kFits.find(option);
    if (fits == kFits.end()) continue;
    const std::vector<std::string>& names = fits->second;
    if (std::find(names.begin(), names.end(), question) != names.end()) continue;
    throw InputError({option, {}, 0, 0}, fmt::format("{} has no use for it; it goes with {}",
                                                     question, fmt::join(names, " and ")));
  }
  if (question == kCheck && std::find(given.begin(), given.end(), "--as-of") != given.end()) {
    throw InputError("check looks at the whole file; it takes no --as-of");
  }
}

void check_types(const mds::Graph& graph, const mds::SearchQuery& query) {
  if (query.types.empty()) return;
  std::set<std::string> known = declared_types(graph);
  for (const std::string& type : query.types) {
    if (holds(known, type)) continue;
    add_stored_types(graph, known);
    if (holds(known, type)) continue;
    const auto near = config::nearest(type, {known.begin(), known.end()});
    throw InputError(fmt::format("type:{}: the graph has no such type; it knows {}{}",
                                 printable(type, kLongest), fmt::join(known, ", "),
                                 near ? "; did you mean " + *near + "?" : ""));
  }
}

void refuse_unknown(const mds::Graph& graph, const std::string& file, const std::string& uri) {
  auto near = config::nearest_uri(uri, graph.live_documents());
  if (!near) near = found_by_id(graph, uri);
  throw InputError(fmt::format(
      "{}: the graph knows no {}{}", file, printable(uri, kLongest),
      near ? "; did you mean " + *near + "?" : "; rehearse query GRAPH_DB search finds URIs"));
}

std::string after_the_end(const mds::Store& store, Time at) {
  const mds::Graph graph(store);
  const mds::DatomLog& log = graph.view().core().log;
  const std::int64_t last = log.last_tx();
  if (last == 0 || at <= log.time_of(last)) return {};
  return fmt::format(
      "--as-of: {} is after the last change of the graph, at {}; it is shown as it "
      "was left then",
      clock_text(at), clock_text(log.time_of(last)));
}

}  // namespace rehearse::app

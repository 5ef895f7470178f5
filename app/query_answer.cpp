#include "app/query_answer.hpp"

#include <fmt/format.h>

#include <limits>

#include "app/query_checks.hpp"
#include "app/query_subject.hpp"
#include "base/error.hpp"
#include "base/text/utf8.hpp"
#include "mds/graph/quality.hpp"
#include "mds/graph/search.hpp"
#include "mds/graph/words.hpp"
#include "mds/store/consistency.hpp"

namespace rehearse::app {
namespace {

constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

Json seconds(const std::optional<Time>& time) {
  return time ? Json(time->to_seconds()) : Json(nullptr);
}

// An entity led by what the question says about it.
Json led(Json lead, const mds::EntitySummary& entity) {
  lead.update(entity_json(entity));
  return lead;
}

Json list(const std::vector<mds::EntitySummary>& entities) {
  Json rows = Json::array();
  for (const mds::EntitySummary& entity : entities) rows.push_back(entity_json(entity));
  return rows;
}

// The graph's plain answers, each URI with how far it can be relied on.
Json plain(const Asked& asked, const std::string& ask) {
  Json rows = Json::array();
  for (const std::string& uri : asked.graph.answer(ask, asked.arguments.front())) {
    rows.push_back(entity_json(*asked.graph.entity(uri)));
  }
  return rows;
}

std::string all_words(const Asked& asked) {
  std::string text;
  for (const std::string& word : asked.arguments) text += (text.empty() ? "" : " ") + word;
  return text;
}

// Text without a word in it would find everything, which filters alone may well be meant to.
mds::SearchQuery search_query(const Asked& asked) {
  mds::SearchQuery query = mds::parse_query(all_words(asked));
  check_types(asked.graph, query);
  const bool filtered = !query.types.empty() || !query.owners.empty() || !query.tags.empty();
  if (filtered || !mds::words_of(query.text).empty()) return query;
  throw InputError(
      fmt::format("the text \"{}\" holds no word to search for; words are letters and digits, and "
                  "type:, owner: and tag: may stand alone",
                  printable(query.text)));
}

const char* tier_name(mds::MatchTier tier) {
  switch (tier) {
    case mds::MatchTier::exact_name:
      return "name";
    case mds::MatchTier::words:
      return "words";
    case mds::MatchTier::prefixes:
      return "prefix";
    case mds::MatchTier::typing_errors:
      return "similar";
  }
  return "";
}

Json search(const Asked& asked) {
  Json rows = Json::array();
  for (const mds::SearchHit& hit : mds::search(asked.graph, search_query(asked), asked.limit)) {
    rows.push_back(led({{"match", tier_name(hit.tier)}}, hit.entity));
  }
  return rows;
}

Json owner_json(Json lead, const mds::Owner& owner) {
  lead["left"] = owner.left;
  return led(std::move(lead), owner.entity);
}

// Of one entity, or of all that a search finds.
Json owners(const Asked& asked) {
  Json rows = Json::array();
  const std::string text = all_words(asked);
  if (looks_like_uri(text)) {
    for (const mds::Owner& owner : asked.graph.owners(text)) {
      rows.push_back(owner_json({{"owned", 1}}, owner));
    }
    return rows;
  }
  for (const mds::OwnerHit& hit : mds::owners_of(asked.graph, search_query(asked))) {
    rows.push_back(owner_json({{"owned", hit.owned}}, hit.owner));
  }
  return rows;
}

Json people(const Asked& asked) {
  const mds::SearchQuery query = search_query(asked);
  if (!query.types.empty() || !query.owners.empty() || !query.tags.empty()) {
    throw InputError("people takes words alone; search takes type:, owner: and tag:, too");
  }
  return list(mds::find_owners(asked.graph, query.text, asked.limit));
}

const char* direction(bool outgoing) { return outgoing ? "out" : "in"; }

Json neighbours(const Asked& asked) {
  Json rows = Json::array();
  for (const mds::Neighbour& neighbour : asked.graph.neighbours(asked.arguments.front())) {
    rows.push_back(led({{"relation", neighbour.relation},
                        {"direction", direction(neighbour.outgoing)},
                        {"derived", neighbour.derived}},
                       neighbour.entity));
  }
  return rows;
}

Json entity(const Asked& asked) {
  const std::string& uri = asked.arguments.front();
  Json facts = Json::array();
  for (const mds::StoredFact& fact : asked.graph.facts(uri)) {
    if (fact.uri == uri) facts.push_back({{"attribute", fact.attribute}, {"value", fact.text}});
  }
  return {{"facts", facts}, {"relations", neighbours(asked)}};
}

Json lineage(const Asked& asked, mds::Direction direction) {
  Json rows = Json::array();
  for (const mds::LineageEntry& entry :
       asked.graph.lineage(asked.arguments.front(), direction, asked.depth)) {
    rows.push_back(led({{"depth", entry.depth}}, entry.entity));
  }
  return rows;
}

Json impact(const Asked& asked) {
  const mds::Impact found = asked.graph.impact(asked.arguments.front());
  Json owners = Json::array();
  for (const mds::Owner& owner : found.owners) owners.push_back(owner_json(Json::object(), owner));
  return {{"models", list(found.models)}, {"owners", owners}, {"teams", list(found.teams)}};
}

Json shared_features(const Asked& asked) {
  Json rows = Json::array();
  for (const mds::SharedFeatures& found : asked.graph.models_sharing(asked.arguments)) {
    rows.push_back(led({{"shared", found.shared}}, found.model));
  }
  return rows;
}

Json model(const Asked& asked) {
  const mds::ModelPage page = asked.graph.model(asked.arguments.front());
  Json deployments = Json::array();
  for (const mds::Deployment& deployment : page.deployments) {
    deployments.push_back(
        led({{"from", deployment.from.to_seconds()}, {"until", seconds(deployment.until)}},
            *asked.graph.entity(deployment.instance)));
  }
  return {{"current", list(page.current)},
          {"instances", list(page.instances)},
          {"deployments", deployments}};
}

Json path(const Asked& asked) {
  Json rows = Json::array();
  for (const mds::PathStep& step : asked.graph.path(asked.arguments[0], asked.arguments[1])) {
    rows.push_back(
        led({{"relation", step.relation}, {"direction", direction(step.outgoing)}}, step.entity));
  }
  return rows;
}

const char* cause_name(mds::CauseKind kind) {
  switch (kind) {
    case mds::CauseKind::bootstrap:
      return "bootstrap";
    case mds::CauseKind::event:
      return "event";
    case mds::CauseKind::enrichment:
      return "enrichment";
    case mds::CauseKind::reconciliation:
      return "reconciliation";
    case mds::CauseKind::index:
      return "index";
  }
  return "";
}

// The datoms by transaction.
Json history(const Asked& asked) {
  Json rows = Json::array();
  for (const mds::HistoryEntry& entry : asked.graph.history(asked.arguments.front())) {
    if (rows.empty() || rows.back()["transaction"] != entry.tx) {
      Json row = {{"transaction", entry.tx},
                  {"at", entry.at.to_seconds()},
                  {"cause", cause_name(entry.cause.kind)}};
      if (entry.cause.kind == mds::CauseKind::event) row["event"] = entry.cause.event.value;
      row["changes"] = Json::array();
      rows.push_back(std::move(row));
    }
    rows.back()["changes"].push_back({{"op", entry.added ? "assert" : "retract"},
                                      {"attribute", entry.attribute},
                                      {"value", entry.text},
                                      {"derived", entry.derived}});
  }
  return rows;
}

Json fact_json(const mds::StoredFact& fact) {
  return {{"entity", fact.uri}, {"attribute", fact.attribute}, {"value", fact.text}};
}

Json provenance(const Asked& asked) {
  Json rows = Json::array();
  for (const mds::Provenance& found : asked.graph.provenance(asked.arguments.front())) {
    Json facts = Json::array();
    for (const mds::StoredFact& fact : found.facts) facts.push_back(fact_json(fact));
    rows.push_back(led({{"rule", found.edge.relation}}, *asked.graph.entity(found.edge.to)));
    rows.back()["path"] = found.path;
    rows.back()["facts"] = facts;
  }
  return rows;
}

Json quality(const Asked& asked) {
  const mds::QualityReport report = mds::quality(asked.graph, asked.verified_since);
  Json unresolved = Json::array();
  for (const mds::StoredFact& fact : report.unresolved) {
    Json row = fact_json(fact);
    row.erase("entity");
    unresolved.push_back(led(row, *asked.graph.entity(fact.uri)));
  }
  return {{"without_owner", list(report.without_owner)},
          {"owner_left", list(report.owner_left)},
          {"without_description", list(report.without_description)},
          {"unresolved_references", unresolved},
          {"not_verified", list(report.unverified)}};
}

Json check(const Asked& asked) { return mds::check_consistency(asked.store); }

}  // namespace

Json unheard_json(const std::string& uri) {
  return {{"uri", uri},       {"type", nullptr},          {"name", nullptr},
          {"life", kUnheard}, {"last_verified", nullptr}, {"last_enriched", nullptr}};
}

Json entity_json(const mds::EntitySummary& entity) {
  static constexpr const char* kLives[] = {"referenced", "hydrated", "enriched", "deleted"};
  return {{"uri", entity.uri},
          {"type", entity.type},
          {"name", entity.name},
          {"life", kLives[static_cast<std::size_t>(entity.life)]},
          {"last_verified", seconds(entity.last_verified)},
          {"last_enriched", seconds(entity.last_enriched)}};
}

const std::vector<QuestionKind>& questions() {
  const auto up = [](const Asked& a) { return lineage(a, mds::Direction::upstream); };
  const auto down = [](const Asked& a) { return lineage(a, mds::Direction::downstream); };
  const auto tests = [](const Asked& a) { return plain(a, "ab-tests"); };
  const auto active = [](const Asked& a) { return plain(a, "active-ab-tests"); };
  const auto models = [](const Asked& a) { return plain(a, "models"); };
  const auto consumers = [](const Asked& a) { return plain(a, "consumers"); };
  const auto data = [](const Asked& a) {
    return list(a.graph.data_dependencies(a.arguments.front()));
  };
  const auto unused = [](const Asked& a) { return list(a.graph.unused()); };
  static const std::vector<QuestionKind> all = {
      {"search", "TEXT", 1, kAny, false, Layout::table, "what matches, best first", search},
      {"owners", kTextOrUri, 1, kAny, false, Layout::table, "who owns what matches", owners},
      {"people", "TEXT", 1, kAny, false, Layout::table, "users, teams and groups that match",
       people},
      {"entity", "URI", 1, 1, true, Layout::entity, "its facts and relations", entity},
      {"neighbours", "URI", 1, 1, true, Layout::relations, "what it is joined to", neighbours},
      {"upstream", "URI", 1, 1, true, Layout::table, "what it was made from", up},
      {"downstream", "URI", 1, 1, true, Layout::table, "what was made from it", down},
      {"impact", "URI", 1, 1, true, Layout::sections, "models that a change affects, and whose",
       impact},
      {"ab-tests", "URI", 1, 1, true, Layout::table, "A/B tests of a model", tests},
      {"active-ab-tests", "URI", 1, 1, true, Layout::table, "those of them that run", active},
      {"models", "URI", 1, 1, true, Layout::table, "model instances in an A/B test", models},
      {"consumers", "URI", 1, 1, true, Layout::table,
       "models whose current instance uses a feature", consumers},
      {"sources-of", "URI", 1, 1, true, Layout::table, "datasets it depends on", data},
      {"shared-features", "URI...", 1, kAny, true, Layout::table, "models that use these features",
       shared_features},
      {"model", "URI", 1, 1, true, Layout::sections, "current instance, all instances, deployments",
       model},
      {"unused", "", 0, 0, false, Layout::table, "what nothing is made from", unused},
      {"path", "URI URI", 2, 2, true, Layout::relations, "how two entities hang together", path},
      {"provenance", "URI", 1, 1, true, Layout::provenance, "what its derived edges rest on",
       provenance},
      {"history", "URI", 1, 1, true, Layout::history, "every change of it", history},
      {"quality", "", 0, 0, false, Layout::sections, "where the metadata fall short", quality},
      {kCheck, "", 0, 0, false, Layout::problems, "whether the file agrees with itself", check},
  };
  return all;
}

}  // namespace rehearse::app

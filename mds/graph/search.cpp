#include "mds/graph/search.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "base/error.hpp"
#include "base/text/edit_distance.hpp"
#include "mds/graph/owners.hpp"
#include "mds/graph/words.hpp"
#include "mds/store/store_core.hpp"

namespace rehearse::mds {
namespace {

// Whoever looks for a name reads no further.
constexpr std::size_t kNamesakes = 100;

// True when `word` is near enough to be what was wanted, with typing errors.
bool misspelt(std::string_view wanted, std::string_view word) {
  const std::size_t limit = forgiven_errors(wanted.size());
  return edit_distance(wanted, word, limit) <= limit;
}

struct Candidate {
  MatchTier tier;
  double score;  ///< smaller is better
  std::string name;
  std::string uri;
  EntityId id;
  bool operator<(const Candidate& other) const {
    return std::tie(tier, score, name, uri) <
           std::tie(other.tier, other.score, other.name, other.uri);
  }
};

// Every word of `wanted` is a word of `text`.
bool has_words(std::string_view text, const std::vector<std::string>& wanted) {
  const std::vector<std::string> words = words_of(text);
  return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  });
}

class Filter {
 public:
  Filter(const FactView& view, const SearchQuery& query) : view_(view) {
    for (const std::string& type : query.types) types_.insert(lower(type));
    for (const std::string& owner : query.owners) owners_.push_back(words_of(owner));
    tags_ = query.tags;
  }

  /// `gone`: an entity fits although it is no longer there.
  bool fits(const EntityState& state, bool gone) {
    const StoreCore& core = view_.core();
    if (state.row.life != Life::live && !gone) return false;
    if (!types_.empty() && !types_.contains(lower(core.symbols.name(state.row.type)))) return false;
    return std::all_of(tags_.begin(), tags_.end(),
                       [&](const std::string& tag) { return has_tag(state, tag); }) &&
           std::all_of(owners_.begin(), owners_.end(),
                       [&](const auto& words) { return has_owner(state, words, 0); });
  }

 private:
  bool has_tag(const EntityState& state, const std::string& tag) const {
    const Symbol tags = view_.core().symbols.find(kTags);
    return std::any_of(state.facts.begin(), state.facts.end(), [&](const PackedFact& fact) {
      if (fact.attribute != tags || fact.kind != ValueKind::text) return false;
      return fact.body == tag || (tag.find("::") == std::string::npos &&
                                  fact.body.substr(0, fact.body.find("::")) == tag);
    });
  }

  // An owner fits by name or id, or something that the owner belongs to does.
  bool has_owner(const EntityState& state, const std::vector<std::string>& words, int depth) {
    constexpr int kDeepest = 4;  // user, team, organisation, and one to spare
    const StoreCore& core = view_.core();
    const Symbol owners = core.symbols.find(kOwners);
    for (const PackedFact& fact : state.facts) {
      if (fact.kind != ValueKind::reference || fact.attribute == kPart) continue;
      if ((depth == 0) != (fact.attribute == owners)) continue;
      EntityState owner;
      view_.load(target_of(fact), owner);
      if (!core.schema.is_owner_type(owner.row.type)) continue;
      if (has_words(name_of(view_, owner.row.id), words) ||
          has_words(resource_id(core.entities.uri(owner.row.id)), words)) {
        return true;
      }
      if (depth < kDeepest && has_owner(owner, words, depth + 1)) return true;
    }
    return false;
  }

  const FactView& view_;
  std::set<std::string> types_;
  std::vector<std::vector<std::string>> owners_;
  std::vector<std::string> tags_;
};

std::string quoted(const std::string& word) { return "\"" + word + "\""; }

// Words of the index that are a forgivable number of typing errors away, in order.
std::string like(sqlite3* db, const std::string& word) {
  std::string any = quoted(word) + "*";
  if (forgiven_errors(word.size()) == 0) return any;
  Statement terms(db, "SELECT term FROM entity_terms");
  while (terms.step()) {
    const std::string_view term = terms.bytes(0);
    if (misspelt(word, term)) any += " OR " + quoted(std::string(term));
  }
  return any;
}

std::string match_expression(sqlite3* db, const std::vector<std::string>& words, MatchTier tier) {
  std::string expression;
  for (const std::string& word : words) {
    if (!expression.empty()) expression += " AND ";
    if (tier == MatchTier::typing_errors) {
      expression += "(" + like(db, word) + ")";
    } else {
      expression += quoted(word) + (tier == MatchTier::prefixes ? "*" : "");
    }
  }
  return tier == MatchTier::exact_name ? "{name} : (" + expression + ")" : expression;
}

// In the order of their first mention.
std::vector<std::string> distinct(const std::vector<std::string>& words) {
  std::vector<std::string> found;
  std::set<std::string_view> seen;
  for (const std::string& word : words) {
    if (seen.insert(word).second) found.push_back(word);
  }
  return found;
}

class Searcher {
 public:
  Searcher(const FactView& view, const SearchQuery& query)
      : view_(view),
        all_words_(words_of(query.text)),
        words_(distinct(all_words_)),
        filter_(view, query),
        follows_(view.core().backlog != nullptr) {
    // Only a name in the graph can be longer, and is told from others by is_exact().
    if (words_.size() > kMostWords) words_.resize(kMostWords);
  }

  std::vector<Candidate> run(std::size_t limit) {
    if (words_.empty() || !view_.is_current() || !view_.core().index) {
      scan();
    } else {
      for (const MatchTier tier : {MatchTier::exact_name, MatchTier::words, MatchTier::prefixes,
                                   MatchTier::typing_errors}) {
        if (found_.size() < limit) ask_index(tier);
      }
    }
    std::sort(found_.begin(), found_.end());
    if (found_.size() > limit) found_.resize(limit);
    return std::move(found_);
  }

 private:
  void add(MatchTier tier, double score, const std::string& name) {
    const EntityId id = state_.row.id;
    if (!seen_.insert(id).second) return;
    found_.push_back({tier, score, name, view_.core().entities.uri(id), id});
  }

  void ask_index(MatchTier tier) {
    sqlite3* db = view_.core().db;
    // The weights: a hit in the name says most, in the names of related entities least.
    Statement select(db,
                     "SELECT rowid, bm25(entity_index, 10.0, 2.0, 3.0, 2.0, 1.0, 4.0), name "
                     "FROM entity_index WHERE entity_index MATCH ?1");
    const std::string expression = match_expression(db, words_, tier);
    select.bind_text(1, expression);
    while (select.step()) {
      const EntityId id = select.integer(0);
      if (seen_.contains(id)) continue;
      view_.load(id, state_);
      if (!filter_.fits(state_, follows_)) continue;
      const std::string name =
          follows_ ? std::string(select.bytes(2)) : name_of(view_, state_.row.id);
      if (tier == MatchTier::exact_name && !is_exact(name)) continue;
      add(tier, select.real(1), name);
    }
  }

  bool is_exact(const std::string& name) const { return words_of(name) == all_words_; }

  void scan() {
    for (EntityId id = 1; id <= view_.core().entities.size(); ++id) {
      view_.load(id, state_);
      if (!filter_.fits(state_, false)) continue;
      if (const std::optional<MatchTier> tier = tier_of_state()) {
        add(*tier, 0, name_of(view_, state_.row.id));
      }
    }
  }

  // The worst tier among the words; none when a word matches in no way.
  std::optional<MatchTier> tier_of_state() const {
    if (words_.empty()) return MatchTier::words;
    if (is_exact(name_of(view_, state_.row.id))) return MatchTier::exact_name;
    const std::vector<std::string> words = words_of(text_of_state());
    MatchTier worst = MatchTier::words;
    for (const std::string& wanted : words_) {
      std::optional<MatchTier> best;
      for (const std::string& word : words) {
        std::optional<MatchTier> tier;
        if (word == wanted) {
          tier = MatchTier::words;
        } else if (word.starts_with(wanted)) {
          tier = MatchTier::prefixes;
        } else if (misspelt(wanted, word)) {
          tier = MatchTier::typing_errors;
        }
        if (tier && (!best || *tier < *best)) best = tier;
      }
      if (!best) return std::nullopt;
      worst = std::max(worst, *best);
    }
    return worst;
  }

  // The same fields as in the index.
  std::string text_of_state() const {
    const StoreCore& core = view_.core();
    std::string text = name_of(view_, state_.row.id) + " " + core.symbols.name(state_.row.type);
    EntityState other;
    for (const auto* facts : {&state_.facts, &state_.edges}) {
      for (const PackedFact& fact : *facts) {
        if (fact.attribute == kPart) continue;
        if (is_edge(fact)) {
          view_.load(target_of(fact), other);
          text += " " + name_of(view_, other.row.id);
          if (fact.attribute == core.symbols.find(kOwners)) {
            text += " " + resource_id(core.entities.uri(other.row.id));
          }
        } else if (fact.attribute == core.symbols.find(kDescription) ||
                   fact.attribute == core.symbols.find(kTags)) {
          text += " " + mds::text_of(core, fact);
        }
      }
    }
    return text;
  }

  const FactView& view_;
  std::vector<std::string> all_words_;
  std::vector<std::string> words_;  ///< without repetitions
  Filter filter_;
  bool follows_;  ///< the index may be behind the facts
  EntityState state_;
  std::vector<Candidate> found_;
  std::set<EntityId> seen_;
};

}  // namespace

SearchQuery parse_query(std::string_view query) {
  SearchQuery parsed;
  const auto take = [](std::string_view word, std::string_view prefix, std::string& value) {
    if (!word.starts_with(prefix)) return false;
    value = word.substr(prefix.size());
    if (value.empty()) {
      throw InputError("the filter \"" + std::string(prefix) + "\" has no value; for example " +
                       (prefix == "type:"    ? "type:ModelInstance"
                        : prefix == "owner:" ? "owner:alice"
                                             : "tag:team=personalization"));
    }
    return true;
  };
  while (!query.empty()) {
    const std::size_t end = std::min(query.find(' '), query.size());
    const std::string_view word = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    std::string value;
    if (take(word, "type:", value)) {
      parsed.types.push_back(value);
    } else if (take(word, "owner:", value)) {
      parsed.owners.push_back(value);
    } else if (take(word, "tag:", value)) {
      if (const std::size_t at = value.find('='); at != std::string::npos) {
        value.replace(at, 1, "::");
      }
      parsed.tags.push_back(value);
    } else if (!word.empty()) {
      parsed.text += (parsed.text.empty() ? "" : " ") + std::string(word);
    }
  }
  const std::size_t words = distinct(words_of(parsed.text)).size();
  if (words > kMostWords) {
    throw InputError("the text to search for holds " + std::to_string(words) +
                     " different words; " + std::to_string(kMostWords) + " are allowed");
  }
  return parsed;
}

std::vector<SearchHit> search(const Graph& graph, const SearchQuery& query, std::size_t limit) {
  std::vector<SearchHit> hits;
  for (const Candidate& candidate : Searcher(graph.view(), query).run(limit)) {
    hits.push_back({candidate.tier, *graph.entity(candidate.uri)});
    hits.back().entity.name = candidate.name;
  }
  return hits;
}

bool found_by_name(const Graph& graph, const std::string& uri) {
  const FactView& view = graph.view();
  const EntityId id = view.core().entities.find(uri);
  if (id == 0) return false;
  EntityState state;
  view.load(id, state);
  SearchQuery query;
  query.text = name_of(view, id);
  if (view.core().index && view.is_current()) {
    Statement row(view.core().db, "SELECT name FROM entity_index WHERE rowid = ?1");
    if (row.bind(1, id).step()) query.text = row.bytes(0);
  }
  query.types.push_back(view.core().symbols.name(state.row.type));
  const auto found = Searcher(view, query).run(kNamesakes);
  return std::any_of(found.begin(), found.end(),
                     [id](const Candidate& candidate) { return candidate.id == id; });
}

std::vector<OwnerHit> owners_of(const Graph& graph, const SearchQuery& query) {
  const FactView& view = graph.view();
  std::map<EntityId, std::size_t> owned;
  for (const Candidate& found :
       Searcher(view, query).run(std::numeric_limits<std::size_t>::max())) {
    if (found.tier == MatchTier::typing_errors) continue;
    for (const EntityId owner : owner_ids(view, found.id)) ++owned[owner];
  }
  std::vector<OwnerHit> hits;
  for (const auto& [owner, count] : owned) {
    hits.push_back(
        {{*graph.entity(view.core().entities.uri(owner)), has_left(view, owner)}, count});
  }
  std::sort(hits.begin(), hits.end(), [](const OwnerHit& a, const OwnerHit& b) {
    return std::tie(b.owned, a.owner.entity.uri) < std::tie(a.owned, b.owner.entity.uri);
  });
  return hits;
}

std::vector<EntitySummary> find_owners(const Graph& graph, std::string_view text,
                                       std::size_t limit) {
  const FactView& view = graph.view();
  const StoreCore& core = view.core();
  std::vector<EntitySummary> found;
  std::vector<std::string> words = distinct(words_of(text));
  if (words.empty()) return found;
  if (words.size() > kMostWords) words.resize(kMostWords);
  if (!view.is_current() || !core.index) {
    SearchQuery query{std::string(text), {}, {}, {}};
    for (const SearchHit& hit : search(graph, query, std::numeric_limits<std::size_t>::max())) {
      if (found.size() < limit && core.schema.is_owner_type(core.symbols.find(hit.entity.type))) {
        found.push_back(hit.entity);
      }
    }
    return found;
  }
  Statement select(core.db,
                   "SELECT rowid FROM owner_index WHERE owner_index MATCH ?1 "
                   "ORDER BY bm25(owner_index, 10.0, 10.0, 1.0), rowid LIMIT ?2");
  const std::string expression = match_expression(core.db, words, MatchTier::prefixes);
  const auto most = static_cast<std::int64_t>(
      std::min<std::size_t>(limit, std::numeric_limits<std::int32_t>::max()));
  select.bind_text(1, expression).bind(2, most);
  while (select.step()) found.push_back(*graph.entity(core.entities.uri(select.integer(0))));
  return found;
}

}  // namespace rehearse::mds

// Searching: free text with filters, over the graph now (by the index) or at a past moment (by
// reading every entity, since the index knows the present only).
//
//   ranking model type:ModelInstance owner:alice tag:team=personalization
//
// An entity matches when it fits all filters and each word of the text is in one of its fields.
// Answers come in four tiers: the name is exactly the text; whole words match; words begin with the
// searched ones; words are one typing error away (two for words of eight letters and more). Within
// a tier bm25 with field weights decides, then the name, then the URI.
//
// A word that is given twice counts once. A query may hold kMostWords different words: every one of
// them costs a walk over all words of the index when typing errors are looked for.
//
// An index that follows the facts answers as it is: what it does not hold yet is not found, and
// what is gone but still in it is found under the name that it has there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mds/graph/graph.hpp"

namespace rehearse::mds {

inline constexpr std::size_t kMostWords = 64;

struct SearchQuery {
  std::string text;
  std::vector<std::string> types;   ///< any of these
  std::vector<std::string> owners;  ///< an owner, or a team of an owner, fits each
  std::vector<std::string> tags;    ///< "key::value", or a key alone; all of these
};

/// Splits filters from text. Throws InputError for an empty filter or too many words.
SearchQuery parse_query(std::string_view query);

enum class MatchTier : std::uint8_t { exact_name, words, prefixes, typing_errors };

struct SearchHit {
  MatchTier tier = MatchTier::words;
  EntitySummary entity;
};

std::vector<SearchHit> search(const Graph& graph, const SearchQuery& query, std::size_t limit);

/// Whether a search for an entity's name (as the index has it, where it does) finds the entity.
bool found_by_name(const Graph& graph, const std::string& uri);

/// Owners of what a search finds, those who own most first.
struct OwnerHit {
  Owner owner;
  std::size_t owned = 0;  ///< of the found entities
};
std::vector<OwnerHit> owners_of(const Graph& graph, const SearchQuery& query);

/// Users, teams and the like whose name, id or groups match a text.
std::vector<EntitySummary> find_owners(const Graph& graph, std::string_view text,
                                       std::size_t limit);

}  // namespace rehearse::mds

// The truth of an exploration, change by change: since the script is one sequence, what is true
// depends only on how many of its changes have happened (the *position*, 0 to the script's length).
// All of it is worked out once and then only read, by any number of threads.
//
// A document's *state* at a position is a number: 0 when it does not exist, else which of its
// versions, so that a copy is compared with the truth by comparing integers.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "explore/system/setup.hpp"
#include "mds/contract/event.hpp"
#include "world/oracle.hpp"
#include "world/world.hpp"

namespace rehearse::explore {

using DocumentIndex = std::uint32_t;
inline constexpr DocumentIndex kNoDocument = 0xffffffff;
using StateIndex = std::uint32_t;
inline constexpr StateIndex kUnknownState = 0xffffffff;

/// A partition of a bus that keeps its order.
using LaneIndex = std::uint32_t;
inline constexpr LaneIndex kNoLane = 0xffffffff;

/// What a change puts on the bus.
struct Announcement {
  std::size_t number = 0;  ///< of the event, from 1
  std::size_t source = 0;
  DocumentIndex document = kNoDocument;
  LaneIndex lane = kNoLane;  ///< events of one lane arrive in the order of their numbers
  std::string body;
  world::Op op = world::Op::update;
};

class ScriptedTruth {
 public:
  /// REQUIRES: `setup` outlives this. Throws InputError.
  explicit ScriptedTruth(const Setup& setup);

  /// Changes that the script makes (those that would do nothing left out).
  std::size_t length() const { return worlds_.size() - 1; }
  const world::World& world(std::size_t position) const { return worlds_[position]; }

  /// All announcements: of what exists before the script where that is to be announced (on the bus
  /// from the beginning), then of the changes.
  const std::vector<Announcement>& announcements() const { return announcements_; }
  std::size_t announced_at_start() const { return announcements_.size() - length(); }
  LaneIndex lane(std::size_t event) const { return announcements_[event - 1].lane; }
  /// Some bus keeps an order.
  bool has_lanes() const { return lanes_ > 0; }
  /// The announcement of the change that leads from `position` to the next.
  std::size_t change_number(std::size_t position) const {
    return announced_at_start() + position + 1;
  }
  /// The last announcement about a document; 0 when it never changes.
  std::size_t last_announcement(DocumentIndex document) const { return last_[document]; }

  /// Documents in the order of their URIs.
  const std::vector<std::string>& documents() const { return documents_; }
  DocumentIndex document(std::string_view uri) const;
  StateIndex state(DocumentIndex document, std::size_t position) const {
    return states_[document][position];
  }
  /// The state in which a document's facts sum up to this; kUnknownState when it never was.
  StateIndex state_of(DocumentIndex document, std::uint64_t facts) const;
  /// Whether the document was in that state at a position from `from` to `to`.
  bool was(DocumentIndex document, StateIndex state, std::size_t from, std::size_t to) const;
  /// The position at which the document came into the state that it has at `position`.
  std::size_t since(DocumentIndex document, std::size_t position) const {
    return since_[document][position];
  }

  const std::vector<world::Edge>& edges(std::size_t position) const { return edges_[position]; }
  /// Whether the edge held at some position up to `position`.
  bool ever(const world::Edge& edge, std::size_t position) const;

  /// The references that a document in a state holds: (holder, relation, target), parts' too.
  struct Reference {
    std::string from, relation, to;
  };
  const std::vector<Reference>& references(DocumentIndex document, StateIndex state) const {
    return references_[document][state];
  }
  /// Types of the entities (root and parts) of a document in a state.
  const std::map<std::string, std::string>& entities(DocumentIndex document,
                                                     StateIndex state) const {
    return entities_[document][state];
  }

  /// The document that a source serves under a path; kNoDocument for listings and for what never
  /// exists.
  DocumentIndex document_at(std::size_t source, std::string_view path) const;
  std::size_t sources() const { return paths_.size(); }
  const std::map<std::string, DocumentIndex, std::less<>>& paths(std::size_t source) const {
    return paths_[source];
  }
  /// The position since which the source has given the answer to `path` that it gives at
  /// `position`.
  std::size_t answer_since(std::size_t source, std::string_view path, std::size_t position) const;

  /// What a source lists under one path.
  struct List {
    std::string path;
    std::string item_path;                 ///< up to the id
    std::vector<DocumentIndex> documents;  ///< that are ever on it
    std::vector<std::size_t> since;        ///< by position: since when it is as it is
  };
  /// The list whose pages a source serves under a path; nullptr for documents.
  const List* list_at(std::size_t source, std::string_view path) const;

  /// The digest (Store::digest) of a graph that equals the truth at the end.
  std::uint64_t final_digest() const { return final_digest_; }

 private:
  void announce_population(const Setup& setup);
  void run_script(const Setup& setup);
  void number_states();
  void find_lanes();
  void list_documents();
  void describe(DocumentIndex document, StateIndex state, std::size_t position);
  std::uint64_t digest_at_end() const;

  const Setup& setup_;
  std::vector<world::World> worlds_;  // by position
  std::vector<std::vector<world::Edge>> edges_;
  std::vector<Announcement> announcements_;
  std::size_t lanes_ = 0;
  std::vector<std::string> uris_of_changes_;
  std::vector<std::string> documents_;
  std::vector<std::size_t> last_;
  std::vector<std::vector<StateIndex>> states_;    // by document and position
  std::vector<std::vector<std::uint64_t>> facts_;  // by document and state
  std::vector<std::vector<std::vector<Reference>>> references_;
  std::vector<std::vector<std::map<std::string, std::string>>> entities_;
  std::map<world::Edge, std::size_t> first_held_;
  std::vector<std::vector<std::size_t>> since_;                  // by document and position
  std::vector<std::map<std::string, List, std::less<>>> lists_;  // by source and path
  std::vector<std::map<std::string, DocumentIndex, std::less<>>> paths_;  // by source
  std::uint64_t final_digest_ = 0;
};

}  // namespace rehearse::explore

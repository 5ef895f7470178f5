// What a step adds to the fingerprint, remembered, so that a step whose effect is known and whose
// end was seen need not be made.
//
// A fingerprint is a sum over parts (explore/system/branch.hpp), and a step reads and writes few of
// them. So two steps that read the same in the parts that they look at do the same, and add the
// same to the fingerprint, wherever they stand:
//
//     print(s·t) = print(s) + effect(key),    key = (t, the parts that t looks at in s)
//
// When the state that a step leads to is known in this way and was seen before, the search counts
// the step and does not make it. A state that was not seen is entered by making the step. This
// leaves out what a partial-order reduction leaves out (independent steps in their second order:
// Godefroid's sleep sets, 1996), and more, without any danger of leaving out a state: every state
// is still looked up.
//
// What a step looks at, on purpose more than it does:
//   deliver, duplicate   the document's jobs, events waiting for them, and what it was last
//                        changed by; whether a pass of enrichment is under way
//   drop                 its budget
//   change               how far the script is
//   fail, time_out       as deliver, the call, and the budget; the pass of enrichment
//   answer               as deliver, the call, what the answer says; all entities that the document
//                        ever mentions, with the work that waits for them; the pass of enrichment
//   the same of a page   the list's job and what it says; what it lists, in the graph and at work;
//                        the budget
//   enrich               the store; the jobs of all documents when something is to be asked for
// The pass of enrichment, while one is under way: it goes on with every answer. If others are still
// out it can at most ask for what the answer has just mentioned; else it may end, and then looks at
// everything in the service and the store.
// The other steps (rounds, crashes, the clock, answers to one of several calls for the same
// document, which only the order of sending tells apart) are always made, and so is every step
// where one document's work has a say in another's (System::documents_apart). With a search index
// an answer looks at the whole store, as index rows show the names of others.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "explore/search/fingerprint_map.hpp"
#include "explore/system/system.hpp"
#include "explore/system/vantage.hpp"

namespace rehearse::explore {

/// What is remembered, by key; shared by all threads of a search.
using EffectTable = FingerprintMap<Fingerprint>;

class Effects {
 public:
  /// REQUIRES: both outlive this.
  Effects(const System& system, EffectTable& table);

  /// Of each choice that is possible where the system stands; nullopt for those always made.
  std::vector<std::optional<Fingerprint>> keys(const std::vector<Choice>& choices,
                                               const Vantage& here) const;

  std::optional<Fingerprint> effect(const Fingerprint& key) const { return table_.find(key); }
  void learn(const Fingerprint& key, const Fingerprint& effect);

 private:
  std::optional<Fingerprint> key(const Choice& choice, const Vantage& here) const;
  std::optional<Fingerprint> key_of_call(const Choice& choice, const Vantage& here) const;
  std::optional<Fingerprint> key_of_page(const Choice& choice, const OpenCall& call,
                                         const Vantage& here) const;
  void add_document(PartHasher& hash, DocumentIndex document, const Vantage& here) const;
  void add_pass(PartHasher& hash, DocumentIndex document, const Vantage& here) const;
  void add_all_jobs(PartHasher& hash, const Vantage& here) const;

  const System& system_;
  const ScriptedTruth& truth_;
  EffectTable& table_;
  bool apart_;
  bool events_store_;
  bool index_;
  std::vector<std::vector<std::string>> mentioned_;  // entities, by document
  std::vector<std::vector<DocumentIndex>> mentioned_documents_;
  std::vector<Fingerprint> changes_;  // by position: when each document was changed last
};

}  // namespace rehearse::explore

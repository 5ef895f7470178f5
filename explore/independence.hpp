// Which choices do not disturb each other, so that two steps come to the same in either order.
//
// What a step changes is seen in what it adds to the fingerprint, which is a sum over parts
// (system_fingerprint.cpp). Two choices are independent when neither changes a part that the other
// changes or looks at. Then each adds to the fingerprint what it would have added without the
// other: with s·t for the state that choice t leads to from s,
//
//     print(s·u·t) = print(s·u) + print(s·t) - print(s)
//
// and the search knows where t leads from s·u without making the step (Godefroid's sleep sets,
// 1996, leave out the same steps; but here the state that is not entered is looked up, so nothing
// needs to be explored again when it is met with another sleep set, and every step is still
// counted).
//
// What is taken for independent, on purpose less than what is:
//   - only choices about single documents: deliver, duplicate and drop (of the event's document),
//     change, answer and failure (of the call's). Everything else (ticks, rounds, listings,
//     crashes, the clock) looks at all of them, and so does every answer while a pass of enrichment
//     is under way, since it may let the pass go on;
//   - never two about the same document, nor two that spend the same budget;
//   - two answers only when no entity is mentioned by both documents, ever: storing one creates
//   stubs
//     for what it mentions and marks them for enrichment. With a search index not even then where
//     the documents are connected, since index rows show names of others. An answer that removes a
//     document is independent of nothing;
//   - none at all where limits may bind, a breaker counts failures, answers are kept, or rounds
//     look at idle lanes: there one document's call has a say in another's.
// An event that carries state is stored at once, and counts as an answer.
#pragma once

#include <cstdint>
#include <vector>

#include "explore/choice.hpp"
#include "explore/truth.hpp"

namespace rehearse::explore {

class System;

/// What a choice changes or looks at.
struct Footprint {
  bool everything = true;
  std::uint8_t budget = 0;  ///< which it spends; 0: none
  bool stores = false;
  DocumentIndex document = kNoDocument;
};

class Independence {
 public:
  /// REQUIRES: `truth` outlives this.
  Independence(const Setup& setup, const Truth& truth, bool limits_bind);

  /// Of a choice that is enabled where the system stands.
  Footprint footprint(const System& system, const Choice& choice) const;
  bool independent(const Footprint& a, const Footprint& b) const;

 private:
  const Truth& truth_;
  bool simple_;
  bool events_store_;
  std::vector<std::vector<bool>> related_;  // documents that no two answers may be about
};

}  // namespace rehearse::explore

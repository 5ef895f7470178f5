// Documents that are settled: whatever still happens about one of them changes nothing but itself.
//
// The graph holds the document as it will stay, the script has no more changes of it, and what is
// left (an event on the bus, a call that is out) comes to nothing in whatever order and with
// whatever faults. A list is settled too, when all that it names is in the graph or on its way
// there. Such steps neither look at nor change what the steps of anything else look at, so every
// schedule comes to the same as one in which they are made first: the choices about one settled
// document are a persistent set (Godefroid, Partial-Order Methods for the Verification of
// Concurrent Systems, 1996), and the search takes them alone. As no schedule comes back to a state,
// nothing is put off for ever.
//
// That it comes to nothing where the search stands is tried: the choices are made by themselves, in
// every order and with every fault that is left, and each must violate nothing and leave alone
// whatever is not the document's: the graph, the work for other documents, their events, the pass
// of enrichment. The outcome is remembered by what these steps look at.
//
// Why it remains so whatever the others do, and why the others do not notice:
//   - answers about other documents, changes, enrichment: the graph holds the document with all of
//     it that anybody mentions, and a step that makes the graph hold of it what it was not is a
//     violation, after which there is nothing to follow;
//   - budgets: the faults that a schedule spends are the same in whichever order it spends them.
// Not so, and so nothing is settled: while a crash may come (it brings events back), while a round
// may still begin (it looks at which work there is), where something is mentioned that does not
// exist in the end (enrichment keeps asking), where documents are not kept apart
// (System::documents_apart), events wait for those of other documents (on a kafka bus), calls not
// coalesced, or documents refused for what they refer to.
//
// One thing about the service is taken for granted: that an answer which brings nothing new does
// nothing else wherever it comes. A service whose bug shows only when such an answer meets
// something that it does not meet here, such as a pass of enrichment, would be taken for right. So
// worlds that can be searched without this are (explore_all), and the results say which way they
// were.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "explore/search/fingerprint_map.hpp"
#include "explore/system/system.hpp"
#include "explore/system/vantage.hpp"

namespace rehearse::explore {

using SettledTable = FingerprintMap<bool>;

class Settled {
 public:
  /// REQUIRES: both outlive this. The system is moved on and back.
  Settled(System& system, SettledTable& table);

  /// Leaves, of the choices that are possible where the system stands, those about one settled
  /// document; all when there is none. REQUIRES: `here` is of where it stands.
  void reduce(std::vector<Choice>& choices, const Vantage& here);
  /// It has left out something so far.
  bool used() const { return used_; }

 private:
  /// What a choice is about: a document, or a list of a source.
  struct Subject {
    DocumentIndex document = kNoDocument;
    std::size_t source = 0;
    std::string path;  // of a list
    auto operator<=>(const Subject&) const = default;
  };

  std::optional<Subject> subject_of(const Choice& choice) const;
  bool stays(const Subject& subject, const Vantage& here) const;
  bool names_nothing_new(const Subject& list, const Vantage& here) const;
  bool existed(DocumentIndex document, std::size_t from) const;
  bool comes_to_nothing(const Subject& subject, const Vantage& here);
  bool try_all(const Subject& subject, const Vantage& here);
  bool leaves(const Subject& subject, const Fingerprint& others);
  Fingerprint key(const Subject& subject, const Vantage& here) const;
  Fingerprint rest(const Subject& subject, const Vantage& here) const;
  bool idle(const Subject& subject, const Vantage& here) const;

  System& system_;
  const ScriptedTruth& truth_;
  SettledTable& table_;
  bool applies_ = false;
  bool used_ = false;
  bool dangling_;  // something is mentioned that does not exist in the end
};

}  // namespace rehearse::explore

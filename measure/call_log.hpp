// What the calls for each document brought: the version last read, and the last failure; and which
// documents a listing's page should have named and did not.
//
// Cheap enough to be always on; it serves to name the cause of a divergence, not to trace. Only
// documents whose last work failed have an entry of their own.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/prefetch.hpp"
#include "base/time.hpp"
#include "mds/contract/event.hpp"

namespace rehearse::measure {

/// The last answer that described a document.
struct LastRead {
  bool any = false;
  std::int64_t version = 0;  ///< 0 when the source said that there is none
  Time sent;                 ///< when the call was made
  mds::RequestId request;
};

/// The calls for a document that have failed since the last answer that described it.
struct FailedCalls {
  int attempt = 0;  ///< of the last one
  Time at;          ///< when it ended
  std::string why;
};

/// A page of a listing that should have named a document, and came without its items.
struct LostPage {
  mds::RequestId request;
  Time at;  ///< when it was read
};

class CallLog {
 public:
  static constexpr std::uint32_t kNoDocument = 0xffffffff;

  /// A call for the document will soon be made (base/prefetch.hpp).
  void expect(std::uint32_t document) const {
    if (document < documents_.size()) prefetch(&documents_[document]);
  }
  /// A call was made, for a document or for none (a listing).
  void sent(mds::RequestId request, mds::SourceIndex source, std::uint32_t document, int attempt,
            Time now);
  /// A call ended. `failure` is empty when the answer told the document's state. Returns the
  /// source called; nullopt when the call is not known or has ended before.
  std::optional<mds::SourceIndex> ended(mds::RequestId request, const std::string& failure,
                                        std::int64_t version, Time now);
  /// Hydration of the document was given up, for this reason; a later answer mends that.
  void gave_up(std::uint32_t document, const std::string& why);

  /// A listing's page that holds the document came without it.
  void page_lost(mds::RequestId request, std::uint32_t document, Time now);

  /// The last such page, where no call for the document was answered since.
  std::optional<LostPage> lost_page(std::uint32_t document) const;
  LastRead last_read(std::uint32_t document) const;
  /// Calls for the document that have not ended.
  std::size_t in_flight(std::uint32_t document) const;
  std::optional<std::string> failure(std::uint32_t document) const;
  std::optional<FailedCalls> failed_calls(std::uint32_t document) const;

 private:
  struct Document {
    LastRead read;
    std::uint32_t in_flight = 0;  // calls
  };
  struct Call {
    mds::SourceIndex source;
    std::uint32_t document = kNoDocument;
    int attempt = 1;
    Time sent;
  };
  Document& at(std::uint32_t document);

  std::unordered_map<std::uint64_t, Call> calls_;  // by request; looked up only
  std::vector<Document> documents_;
  std::map<std::uint32_t, LostPage> lost_pages_;
  std::map<std::uint32_t, std::string> failures_;          // given up
  std::unordered_map<std::uint32_t, FailedCalls> failed_;  // looked up only
};

}  // namespace rehearse::measure

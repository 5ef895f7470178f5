// What last wrote the graph's copy of each document: the transaction, the answer or event behind
// it, and the version that it found. Names the culprit where a copy went wrong.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "mds/store/store.hpp"

namespace rehearse::measure {

struct LastWrite {
  bool any = false;
  Time at;
  mds::Cause cause;
  std::int64_t before = 0;  ///< version of the copy that it replaced; 0: none
  bool again = false;       ///< of a payload: its event had been delivered before
};

class WriteLog {
 public:
  void wrote(std::uint32_t document, Time at, const mds::Cause& cause, std::int64_t before,
             bool again) {
    if (document >= writes_.size()) writes_.resize(document + 1);
    writes_[document] = {true, at, cause, before, again};
  }
  LastWrite last(std::uint32_t document) const {
    return document < writes_.size() ? writes_[document] : LastWrite{};
  }

 private:
  std::vector<LastWrite> writes_;
};

}  // namespace rehearse::measure

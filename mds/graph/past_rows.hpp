// Rows of entities as a past transaction left them: the fold of each entity's changes up to it.
//
// A fold reads the entity's changes in one walk along the log's key, where they lie together, and
// costs more than reading a current row. An answer asks for the same entities several times (as an
// end of an edge, then for its name), so what was folded is kept: kKept rows at most. The past does
// not change, so what is kept stays right until a rollback undoes that transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "mds/store/entity_row.hpp"

namespace rehearse::mds {

struct StoreCore;

/// `type` and `root` are read from the present: a source does not change the type of an entity, and
/// a part belongs to one document as long as it lives.
struct PastRow {
  EntityRow row;
  std::optional<Time> verified;  ///< of a root
};

class PastRows {
 public:
  /// REQUIRES: `core` outlives this.
  PastRows(const StoreCore& core, std::int64_t until);

  /// Valid until another row is asked for.
  const PastRow& row(EntityId id);
  /// The last whole pass of enrichment.
  std::int64_t pass() const { return pass_; }

 private:
  static constexpr std::size_t kKept = 1U << 16U;

  void fold(EntityId id, PastRow& past);
  void apply(std::int64_t tx, std::string_view change, PastRow& past);

  const StoreCore* core_;
  std::int64_t until_;
  std::int64_t pass_;
  std::unordered_map<EntityId, PastRow> rows_;  // never iterated
  struct Piece {
    std::int64_t tx;
    std::size_t end;  ///< in bytes_
  };
  std::string bytes_;  ///< the changes of the entity at hand, one behind the other
  std::vector<Piece> pieces_;
  FactFold facts_, edges_;
};

}  // namespace rehearse::mds
